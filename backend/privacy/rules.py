"""Rules on a person's own data: pure functions."""

import re
from datetime import date

from backend.core.errors import RuleViolation
from backend.privacy.choices import Identified, RequestKind, RequestStatus

SHORTEST_DAYS = 30
LONGEST_DAYS = 3650
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]")


def days_are_sane(days: int | None, longest: int) -> None:
    """Raises: kept_too_short below 30 days, kept_too_long above what the kind of record allows."""
    if days is not None and days < SHORTEST_DAYS:
        raise RuleViolation(
            "kept_too_short",
            f"保存期限不能短于 {SHORTEST_DAYS} 天，否则刚登记的记录就没有了。请填 {SHORTEST_DAYS} 以上的天数。",
            field="days",
        )
    if days is not None and days > longest:
        raise RuleViolation(
            "kept_too_long",
            f"这类记录最长保存 {longest} 天。请填不超过 {longest} 的天数。",
            field="days",
        )


def longest_days(default: int) -> int:
    """The longest that a community may keep a kind of record: three times the default, ten years."""
    return min(max(3 * default, default), LONGEST_DAYS)


def asked_in_the_past(asked_on: date | None, today: date) -> None:
    """Raises: asked_in_future."""
    if asked_on is not None and asked_on > today:
        raise RuleViolation("asked_in_future", "提出日期不能在将来，请核对。", field="asked_on")


def correction_says_what(kind: str, details: str) -> None:
    """Raises: correction_empty for a correction that does not say what is wrong."""
    if kind == RequestKind.CORRECT and not details.strip():
        raise RuleViolation("correction_empty", "请写明哪一项不对、应该是什么。", field="details")


def identified_at_the_desk(identified: str) -> None:
    """Raises: identified_otherwise: only who is signed in proves by that who they are."""
    if identified == Identified.ACCOUNT:
        raise RuleViolation(
            "identified_otherwise",
            "窗口登记请选择怎样核实了本人；“本人登录账号提交”只用于本人自己提交的请求。",
            field="identified",
        )


def erasure_is_confirmed_apart(kind: str) -> None:
    """Raises: erase_needs_confirmation: a request to erase is done by erasing, not by a tick."""
    if kind == RequestKind.ERASE:
        raise RuleViolation(
            "erase_needs_confirmation",
            "删除请求要由社区书记在“删除个人信息”页面确认，系统删除后自动办结。",
        )


def request_is_open(status: str) -> None:
    """Raises: wrong_state: what is settled is no reason to read somebody's data again."""
    if status != RequestStatus.RECEIVED:
        raise RuleViolation(
            "wrong_state", "这条请求已经办结，不能再打印。居民再次提出时，请另外登记一条。"
        )


def is_still_there(erased: bool) -> None:
    """Raises: already_erased."""
    if erased:
        raise RuleViolation("already_erased", "这位居民的个人信息已经删除，不用再操作。")


def holds_no_office(roles: list[str]) -> None:
    """Raises: account_has_office when the person's account is also that of somebody on the staff."""
    if roles:
        raise RuleViolation(
            "account_has_office",
            f"这位居民的账号还担任{'、'.join(roles)}。请先在“角色任命”里结束任职，再删除。",
        )


def identity_number_is_real(number: str) -> None:
    """Raises: identity_number_invalid unless shape, birthday and check digit are right."""
    if _SHAPE.fullmatch(number) and _is_a_day(number[6:14]):
        total = sum(int(n) * w for n, w in zip(number, _WEIGHTS, strict=False))
        if _CHECKS[total % 11] == number[17]:
            return
    raise RuleViolation(
        "identity_number_invalid",
        "身份证号应是 18 位，末位校验不对。请对照证件重新输入（表格里被四舍五入的号码不能用）。",
        field="number",
    )


def _is_a_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def identity_numbers_are_on(on: bool) -> None:
    """Raises: identity_numbers_off where the community has not turned them on."""
    if not on:
        raise RuleViolation(
            "identity_numbers_off",
            "本社区没有启用身份证号登记。确有需要时，由社区书记在“个人信息设置”里启用。",
        )


def field_keys_are_there(keys: int) -> None:
    """Raises: field_keys_missing: without keys there is nothing to encrypt with."""
    if not keys:
        raise RuleViolation(
            "field_keys_missing",
            "服务器还没有设置加密密钥（LINLI_FIELD_KEYS），不能登记身份证号。请联系系统管理员。",
        )


def number_is_free(taken: bool) -> None:
    """Raises: identity_number_taken."""
    if taken:
        raise RuleViolation(
            "identity_number_taken",
            "本社区已有另一位居民登记了这个身份证号，请核对是不是同一个人。",
            field="number",
        )


def mask_identity_number(number: str) -> str:
    """The first and last four: 3601**********1234."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else ""
