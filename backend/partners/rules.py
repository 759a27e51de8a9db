"""Rules of red partners: pure functions."""

from collections.abc import Collection, Iterable
from datetime import date, time, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.partners.choices import AgreementStatus, Escalation, IssueStatus

# A reminder before the end goes out twice: when the agreement says, and in its last week.
LAST_WEEK = timedelta(days=7)
# Posts hang on what holds, or has held.
_HAS_HELD = (AgreementStatus.ACTIVE, AgreementStatus.EXPIRED, AgreementStatus.TERMINATED)


# --- partners ------------------------------------------------------------------------------------


def texts_are_public(texts: dict[str, tuple[str, str]]) -> None:
    """Raises: text_has_personal_data for a phone, an identity number or a room."""
    require_publishable(texts)


def partner_may_leave(running: int) -> None:
    """Raises: partner_has_agreements while an agreement is signed or in force."""
    if running:
        raise RuleViolation(
            "partner_has_agreements",
            f"与这个合伙人还有 {running} 份协议没有结束，请先办理到期或提前终止，再登记退出。",
            field="until",
        )


def partner_stands(until: date | None, starts_on: date | None) -> None:
    """Raises: partner_has_left: nothing new is agreed with who has left."""
    if until is not None and starts_on is not None and starts_on > until:
        raise RuleViolation(
            "partner_has_left", "这个合伙人已经退出，请先重新登记加入。", field="partner"
        )


# --- agreements ----------------------------------------------------------------------------------


def agreement_term(starts_on: date | None, ends_on: date | None) -> None:
    """Raises: agreement_term_reversed unless the last day comes after the first."""
    if starts_on is not None and ends_on is not None and ends_on <= starts_on:
        raise RuleViolation(
            "agreement_term_reversed", "到期日期应晚于生效日期，请核对。", field="ends_on"
        )


def renews_another(own: int | None, other: int | None) -> None:
    """Raises: agreement_renews_itself."""
    if own is not None and own == other:
        raise RuleViolation("agreement_renews_itself", "协议不能续签自己。", field="renews")


def draft_alone_goes(status: str) -> None:
    """Raises: agreement_signed: what was signed stays in the files."""
    if status != AgreementStatus.DRAFT:
        raise RuleViolation("agreement_signed", "签订过的协议不能删除；不再履行的请“提前终止”。")


def signed_text_stays(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: agreement_signed if what was signed would say something else."""
    if status != AgreementStatus.DRAFT and before != now:
        raise RuleViolation(
            "agreement_signed",
            "协议已经签订，合伙人、日期和职责不能再改。还没生效的请先“退回修改”；已生效的请另签一份。",
        )


def may_be_signed(signed_on: date | None, today: date, duties: int) -> None:
    """Raises: signed_on_missing; signed_in_future; agreement_without_duties."""
    if signed_on is None:
        raise RuleViolation("signed_on_missing", "请先填写签订日期再签订。", field="signed_on")
    if signed_on > today:
        raise RuleViolation("signed_in_future", "签订日期还没有到，请核对。", field="signed_on")
    if not duties:
        raise RuleViolation(
            "agreement_without_duties", "协议还没有写明职责，请至少登记一条，再签订。"
        )


def may_begin(starts_on: date, today: date) -> None:
    """Raises: agreement_not_begun before its first day."""
    if today < starts_on:
        raise RuleViolation(
            "agreement_not_begun",
            f"协议从 {starts_on:%Y-%m-%d} 起生效，到那一天系统会自动办理。",
        )


def may_expire(ends_on: date, today: date) -> None:
    """Raises: agreement_still_runs up to its last day; that day belongs to it."""
    if today <= ends_on:
        raise RuleViolation(
            "agreement_still_runs",
            f"协议到 {ends_on:%Y-%m-%d} 才到期。要提前结束，请用“提前终止”并写明原因。",
        )


def is_overdue(status: str, ends_on: date, today: date) -> bool:
    """Whether an agreement is still called active although its last day has passed."""
    return status == AgreementStatus.ACTIVE and ends_on < today


def needs_renewal(status: str, ends_on: date, remind_days: int, today: date) -> bool:
    """Whether the end is near enough to speak about renewing: from `remind_days` before it on."""
    near = ends_on - timedelta(days=remind_days) <= today
    return status == AgreementStatus.ACTIVE and near


def reminder_due(status: str, ends_on: date, remind_days: int, today: date) -> str | None:
    """Which reminder of the end is due by `today`: "early", "last_week", or None.

    The later one alone where both are: who comes late to it is told once.
    """
    if not needs_renewal(status, ends_on, remind_days, today) or today > ends_on:
        return None
    return "last_week" if ends_on - LAST_WEEK <= today else "early"


# --- vanguard posts ------------------------------------------------------------------------------


def post_has_agreement(
    status: str | None,
    starts_on: date | None,
    ends_on: date | None,
    since: date | None,
    until: date | None,
) -> None:
    """Raises: agreement_not_active; post_outside_term.

    A post that stands needs an agreement that holds now. One that is over needs one that held then.
    """
    if None in (status, starts_on, ends_on, since):
        return  # Told by the fields themselves.
    assert starts_on is not None
    assert ends_on is not None
    assert since is not None
    if status not in _HAS_HELD or (until is None and status != AgreementStatus.ACTIVE):
        raise RuleViolation(
            "agreement_not_active",
            "先锋岗要有正在履行的共建协议，请先办理协议生效，或选择另一份协议。",
            field="agreement",
        )
    if since < starts_on or since > ends_on or (until is not None and until > ends_on):
        raise RuleViolation(
            "post_outside_term",
            f"设岗时间应在协议期内（{starts_on:%Y-%m-%d} 至 {ends_on:%Y-%m-%d}），请核对。",
            field="since",
        )


def last_day_of_post(since: date, ends_on: date, today: date) -> date:
    """The last day of a post whose agreement ends today, or has ended."""
    return max(since, min(today, ends_on))


def post_is_open(until: date | None) -> None:
    """Raises: post_closed."""
    if until is not None:
        raise RuleViolation("post_closed", "这个先锋岗已经撤岗。", field="until")


# --- the rota ------------------------------------------------------------------------------------

Shift = tuple[time, time]


def shift_is_named(name: str) -> None:
    """Raises: shift_nameless."""
    if not name.strip():
        raise RuleViolation("shift_nameless", "请选择值班的代表或居民，或写上姓名。", field="name")


def shift_runs_forward(starts_at: time | None, ends_at: time | None) -> None:
    """Raises: shift_reversed."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise RuleViolation(
            "shift_reversed",
            "值班结束时间应晚于开始时间；夜班请在零点分成两班。",
            field="ends_at",
        )


def shift_while_post_stands(day: date | None, since: date, until: date | None) -> None:
    """Raises: shift_outside_post."""
    if day is not None and (day < since or (until is not None and day > until)):
        raise RuleViolation(
            "shift_outside_post", "这一天这个先锋岗没有设岗，请核对日期或岗位。", field="day"
        )


def shifts_do_not_overlap(own: Shift, others: Iterable[Shift]) -> None:
    """`others` are the same person's on the same day; each holds from its start, without its end.

    Raises: shift_overlaps.
    """
    starts, ends = own
    for begins, stops in others:
        if starts < stops and begins < ends:
            raise RuleViolation(
                "shift_overlaps",
                f"这个人这一天 {begins:%H:%M}–{stops:%H:%M} 已经排了班，请换人或换时间。",
                field="starts_at",
            )


# --- incipient issues ----------------------------------------------------------------------------


def issue_texts_tell_nobody(texts: dict[str, tuple[str, str]], names: Collection[str]) -> None:
    """Raises: text_has_personal_data: partners and staff read it, so nobody is named in it."""
    require_publishable(texts, names)


def issue_has_a_place(post: int | None, place: str) -> None:
    """Raises: issue_place_missing unless a post or a place says where."""
    if post is None and not place.strip():
        raise RuleViolation(
            "issue_place_missing", "请选择先锋岗，或写明在哪里发现的。", field="place"
        )


def found_while_post_stood(found_on: date | None, since: date | None, until: date | None) -> None:
    """Raises: found_outside_post unless the post stood on the day."""
    if found_on is None or since is None:
        return
    if found_on < since or (until is not None and found_on > until):
        raise RuleViolation(
            "found_outside_post", "这一天这个先锋岗没有设岗，请核对日期或岗位。", field="found_on"
        )


def day_is_past(day: date | None, today: date, field: str) -> None:
    """Raises: day_in_future."""
    if day is not None and day > today:
        raise RuleViolation("day_in_future", "日期还没有到，请核对。", field=field)


def settled_after_found(found_on: date, settled_on: date) -> None:
    """Raises: settled_before_found."""
    if settled_on < found_on:
        raise RuleViolation(
            "settled_before_found", "办理日期早于发现日期，请核对。", field="settled_on"
        )


def settled_issue_stays(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: issue_settled: what is settled is counted, and not rewritten."""
    if status != IssueStatus.FOUND and before != now:
        raise RuleViolation(
            "issue_settled", "这个问题已经办结，内容不能再改；要改请先“重新打开”，写明原因。"
        )


def escalation_is_named(register: str, code: str, known: bool | None) -> None:
    """`known`: whether the register has a record of that code here; None while there is no such
    register.

    Raises: escalation_missing; escalation_unknown.
    """
    if register not in Escalation.values or not code.strip():
        raise RuleViolation(
            "escalation_missing", "请选择转到哪里，并填写那边的编号。", field="escalated_code"
        )
    if known is False:
        raise RuleViolation(
            "escalation_unknown",
            "那边没有这个编号，请核对；还没有登记的，请先去登记。",
            field="escalated_code",
        )
