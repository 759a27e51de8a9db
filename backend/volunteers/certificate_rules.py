"""Rules of certificates and honours: pure functions. Time is counted in whole minutes."""

from collections.abc import Collection, Iterable
from datetime import date

from backend.core.errors import RuleViolation

LONGEST_HOURS = 100_000
# So many numbers are named in one sentence.
NAMED = 3


def number_of(community_code: str, year: int, sequence: int) -> str:
    """The number that stands on a certificate: XINHE-ZY2026-0001."""
    return f"{community_code.upper()}-ZY{year}-{sequence:04}"


def hours_text(minutes: int) -> str:
    """Minutes as people read them: 12 小时 30 分钟."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] if hours or not rest else []
    return " ".join([*parts, *([f"{rest} 分钟"] if rest else [])])


def period_is_over(starts_on: date | None, ends_on: date | None, today: date) -> None:
    """Raises: period_missing; period_backwards; period_in_future. Both days are part of it."""
    if starts_on is None or ends_on is None:
        raise RuleViolation(
            "period_missing",
            "请填写证明的起止日期。",
            field="starts_on" if starts_on is None else "ends_on",
        )
    if ends_on < starts_on:
        raise RuleViolation("period_backwards", "截止日期早于开始日期，请核对。", field="ends_on")
    if ends_on > today:
        raise RuleViolation(
            "period_in_future", "截止日期还没有到；证明只写已经过去的服务。", field="ends_on"
        )


def is_certified_by_another(
    account: int | None, own_accounts: Collection[int], account_name: str, person_name: str
) -> None:
    """Raises: self_certified: nobody certifies or honours the own hours, by whichever account.

    As with verifying them, an account of the same full name is taken for the person's own.
    """
    same_name = bool(account_name) and account_name == person_name
    if (account is not None and account in own_accounts) or same_name:
        raise RuleViolation(
            "self_certified", "自己的志愿服务证明和荣誉要由别人办理，请交给另一位工作人员。"
        )


def there_are_hours(minutes: int) -> None:
    """Raises: nothing_to_certify: only verified hours go on a certificate."""
    if minutes < 1:
        raise RuleViolation(
            "nothing_to_certify",
            "这段时间没有已核实的服务时长，不能出具证明；请先核实服务记录，或改起止日期。",
            field="starts_on",
        )


def certificate_is_up_to_date(number: str, certified: int, minutes: int) -> None:
    """Raises: certificate_outdated: the period has a valid certificate, of other hours than now."""
    if certified != minutes:
        raise RuleViolation(
            "certificate_outdated",
            f"这段时间已有证明 {number}，但核实的时长后来变了。请先作废那一份，再重新出具。",
        )


def record_is_not_certified(numbers: Iterable[str]) -> None:
    """Raises: record_certified: what a valid certificate counts stands until that one is void."""
    found = sorted(numbers)
    if found:
        more = f"等 {len(found)} 份" if len(found) > NAMED else ""
        raise RuleViolation(
            "record_certified",
            f"这条时长已写进有效的证明 {'、'.join(found[:NAMED])}{more}；请先作废证明，再撤销核实。",
        )


def certificate_says_the_same(same: bool) -> None:
    """Raises: certificate_is_fixed: what was certified is certified."""
    if not same:
        raise RuleViolation(
            "certificate_is_fixed", "已出具的证明不能修改；写错了的，请作废后重新出具。"
        )


def certificate_is_valid(valid: bool) -> None:
    """Raises: certificate_void: what is void is not printed any more."""
    if not valid:
        raise RuleViolation(
            "certificate_void", "这份证明已作废，不能再下载；需要的话请重新出具一份。"
        )


# --- honours -------------------------------------------------------------------------------------


def level_is_credible(minutes: int | None) -> None:
    """Raises: level_minutes_invalid."""
    if minutes is None or not 60 <= minutes <= LONGEST_HOURS * 60 or minutes % 60:
        raise RuleViolation(
            "level_minutes_invalid",
            f"所需时长应是 1 到 {LONGEST_HOURS} 个整小时，请核对。",
            field="minutes",
        )


def level_is_reached(needed: int, verified: int) -> None:
    """Raises: level_not_reached."""
    if verified < needed:
        raise RuleViolation(
            "level_not_reached",
            f"已核实 {hours_text(verified)}，还差 {hours_text(needed - verified)}，不能授予这一级荣誉。",
            field="level",
        )


def level_is_granted_still(active: bool) -> None:
    """Raises: level_inactive."""
    if not active:
        raise RuleViolation("level_inactive", "这一级荣誉已停用，请另选一级。", field="level")
