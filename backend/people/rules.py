"""Rules on people: pure functions."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.roles import Role

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-\d{7,8}(-\d{1,6})?")
_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")


def phone_is_normal(phone: str) -> None:
    """Raises: phone_invalid unless `phone` is in the one normal form, or empty.

    A mobile is 11 digits (13812345678), a landline has its area code (0371-67890123).
    """
    if phone and not _MOBILE.fullmatch(phone) and not _LANDLINE.fullmatch(phone):
        raise RuleViolation(
            "phone_invalid",
            "电话应是 11 位手机号，或带区号的座机（如 0371-67890123），请核对。",
            field="phone",
        )


def birth_month_is_real(month: str) -> None:
    """Raises: month_invalid unless `month` reads like 1958-03, or is empty."""
    if month and not _MONTH.fullmatch(month):
        raise RuleViolation(
            "month_invalid", "出生年月应写成 1958-03 这样的年和月，请核对。", field="birth_month"
        )


def born_by_now(month: str, today: date) -> None:
    """Raises: born_in_future for a month of birth that has not begun. Months read like 1958-03."""
    if month > f"{today:%Y-%m}":
        raise RuleViolation("born_in_future", "出生年月还没有到，请核对。", field="birth_month")


def role_has_its_place(
    role: str, community: int | None, subdistrict: int | None, estate_community: int | None
) -> None:
    """Raises: role_place_missing unless a role says where it holds, role_place_twice if twice;
    role_of_installation for what holds in no single place.

    The street office holds in a subdistrict; everybody else in a community, or one estate of it.
    """
    if role == Role.INSTALLATION:
        raise RuleViolation(
            "role_of_installation",
            "系统管理员管整个系统，不能在某个社区任命；请由现任系统管理员在“用户”页勾选“超级用户状态”。",
            field="role",
        )
    if (community is None) == (subdistrict is None):
        raise RuleViolation(
            "role_place_missing", "请选择社区或街道（只选一个），说明这个角色在哪里有效。"
        )
    if estate_community is not None and estate_community != community:
        raise RuleViolation(
            "role_place_twice", "所选小区不属于所选社区，请重新选择。", field="estate"
        )


def appointment_holds_until(last: date | None, on: date) -> None:
    """Raises: appointment_over where an appointment ends on that day or has ended before."""
    if last is not None and last <= on:
        raise RuleViolation(
            "appointment_over",
            "这项任命到那天已经结束，不用再办；任期写错了，请直接修改任职结束日期。",
            field="on",
        )


def representative_is_named(name: str) -> None:
    """Raises: representative_nameless: a body acts through somebody with a name."""
    if not name.strip():
        raise RuleViolation(
            "representative_nameless",
            "请填写代表的姓名，或选择对应的居民、账号。",
            field="name",
        )


Term = tuple[str, date, date | None]


def account_is_one_persons(own: Term, others: Iterable[Term]) -> None:
    """Each is (name, first day, last day) of a term in which one account speaks for a body.

    Raises: account_shared where two names use the account at the same time: the history would not
    tell who of the two it was.
    """
    name, first, last = own
    for other, begins, ends in others:
        apart = (last is not None and last < begins) or (ends is not None and ends < first)
        if other != name and not apart:
            raise RuleViolation(
                "account_shared",
                "这个账号同一时期已是另一位代表在用。一个账号只给一个人用，请为这位代表另开账号。",
                field="user",
            )


def phone_is_new(phone: str, others: Iterable[str]) -> None:
    """Raises: phone_twice if the person has this phone already."""
    if phone and phone in others:
        raise RuleViolation(
            "phone_twice", "这位居民已登记了这个电话，不用重复填写。", field="phone"
        )


def day_has_come(day: date | None, today: date, field: str) -> None:
    """Raises: day_missing, day_in_future."""
    if day is None:
        raise RuleViolation("day_missing", "请填写日期。", field=field)
    if day > today:
        raise RuleViolation("day_in_future", "日期还没有到，请核对。", field=field)


def may_move_out(moved_out_on: date | None, died_on: date | None) -> None:
    """Raises: resident_deceased, resident_moved_out."""
    _is_alive(died_on)
    if moved_out_on is not None:
        raise RuleViolation(
            "resident_moved_out", "这位居民已登记迁出；日期写错了的话，请先“迁回”，再重新登记。"
        )


def may_move_in_again(moved_out_on: date | None, died_on: date | None, on: date) -> None:
    """Raises: resident_deceased, resident_present, day_before_leaving."""
    _is_alive(died_on)
    if moved_out_on is None:
        raise RuleViolation("resident_present", "这位居民现在就在住，不用迁回。")
    if on < moved_out_on:
        raise RuleViolation(
            "day_before_leaving", "迁回日期早于迁出日期，请核对。", field="moved_in_on"
        )


def may_die(died_on: date | None) -> None:
    """Raises: resident_deceased."""
    _is_alive(died_on)


def _is_alive(died_on: date | None) -> None:
    if died_on is not None:
        raise RuleViolation(
            "resident_deceased", "这位居民已登记去世，不能再办理；登记有误请“更正去世登记”。"
        )


def may_be_taken_back_to_life(died_on: date | None) -> None:
    """Raises: resident_not_deceased."""
    if died_on is None:
        raise RuleViolation("resident_not_deceased", "这位居民没有登记去世，不用更正。")


def household_has_its_door(room: str) -> None:
    """Raises: household_room_missing."""
    if not room:
        raise RuleViolation("household_room_missing", "住户要写明室号，请填写“室”。", field="room")


def head_is_a_member(head: int | None, members: Iterable[int]) -> None:
    """Raises: head_not_member unless the head of a household, if any, lives in it."""
    if head is not None and head not in members:
        raise RuleViolation(
            "head_not_member",
            "户主应是这一户的成员；请先把这位居民的住址改到这一户。",
            field="head",
        )


def may_merge(keep: int, drop: int, users: Sequence[int | None]) -> None:
    """Raises: merge_same, merge_two_accounts."""
    if keep == drop:
        raise RuleViolation("merge_same", "两条是同一条记录，请选择另一条。")
    if None not in users:
        raise RuleViolation(
            "merge_two_accounts",
            "两条记录都绑定了登录账号，不能合并；请先与本人核实，解除其中一个账号的绑定。",
        )


def merge_is_of_others(own: int | None, users: Sequence[int | None]) -> None:
    """Raises: merge_own_account if a row is that of the account `own`, which asks for the merge."""
    if own is not None and own in users:
        raise RuleViolation(
            "merge_own_account",
            "其中一条绑定的是您自己的账号，不能由您合并；请另一位工作人员核实后办理。",
        )


def account_stays_with_its_person(
    names: tuple[str, str], phones: tuple[Collection[str], Collection[str]]
) -> None:
    """Raises: merge_moves_account unless name and a phone of one's own say that both are one person.

    Whoever has the account of a row is the person of the row: an account goes along with a merge
    only where its owner could have claimed the other row as well.
    """
    if names[0] != names[1] or not set(phones[0]) & set(phones[1]):
        raise RuleViolation(
            "merge_moves_account",
            "被并入的一条绑定了登录账号，而两条的姓名或本人电话对不上，账号不能跟着过去；"
            "请保留绑定了账号的那一条，或先与本人核实、改正姓名和电话，再合并。",
        )


def notice_is_unused(now: tuple[Any, ...], agreed: Iterable[tuple[Any, ...]]) -> None:
    """Raises: notice_in_use if a notice to which people agreed would say something else."""
    if any(text != now for text in agreed):
        raise RuleViolation(
            "notice_in_use",
            "已有居民同意过这一版告知书，内容不能再改；请另发布一个新版本。",
        )


def notice_is_published(published_on: date | None, given_on: date | None) -> None:
    """Raises: notice_not_published unless the notice was out when somebody agreed to it."""
    if published_on is None or (given_on is not None and given_on < published_on):
        raise RuleViolation(
            "notice_not_published",
            "这一版告知书在同意的那一天还没有发布，请选择当时有效的版本，或核对日期。",
            field="notice",
        )


def consent_runs_forward(given_on: date, withdrawn_on: date | None, today: date) -> None:
    """Raises: day_in_future, withdrawn_before_given."""
    day_has_come(given_on, today, "given_on")
    if withdrawn_on is not None:
        day_has_come(withdrawn_on, today, "withdrawn_on")
        if withdrawn_on < given_on:
            raise RuleViolation(
                "withdrawn_before_given", "撤回日期早于同意日期，请核对。", field="withdrawn_on"
            )


def consent_stands(withdrawn_on: date | None) -> None:
    """Raises: consent_withdrawn."""
    if withdrawn_on is not None:
        raise RuleViolation("consent_withdrawn", "这一项同意已经撤回过了。")


def is_not_erased(erased: bool) -> None:
    """Raises: person_erased: nothing is changed or entered for who has been erased."""
    if erased:
        raise RuleViolation(
            "person_erased",
            "这位居民的个人信息已应本人要求删除，不能再修改；本人回来登记的，请新建一条。",
        )


def reason_is_given(reason: str) -> None:
    """Raises: reason_required."""
    if not reason.strip():
        raise RuleViolation("reason_required", "请写明原因。", field="reason")


def is_alive(died: bool) -> None:
    """Raises: person_deceased: nothing new is entered for somebody who has died."""
    if died:
        raise RuleViolation(
            "person_deceased",
            "花名册里这位居民已登记去世，不能再办理。如登记有误，请先在居民页更正。",
            field="resident",
        )
