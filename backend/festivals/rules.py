"""Rules of the neighbours' festival (domain part 2, system 10): pure functions."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from backend.core.errors import RuleViolation
from backend.festivals.choices import FestivalStatus

LARGEST_HEADS = 100_000
MOST_HELPERS = 200
LARGEST_AMOUNT = 1_000_000
# One day's event: whoever types the wrong date is told.
LONGEST = timedelta(days=3)


# --- the festival --------------------------------------------------------------------------------


def festival_ends_after_it_starts(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises: festival_ends_before_start; festival_too_long. Half-open: [starts_at, ends_at)."""
    if starts_at is None or ends_at is None:
        return
    if ends_at <= starts_at:
        raise RuleViolation(
            "festival_ends_before_start", "结束时间应晚于开始时间，请核对。", field="ends_at"
        )
    if ends_at - starts_at > LONGEST:
        raise RuleViolation(
            "festival_too_long", "一次邻里节最多三天，请核对开始和结束时间。", field="ends_at"
        )


def month_of(day: date) -> date:
    """The first day of its month: what a monthly festival is counted by."""
    return day.replace(day=1)


def festival_has_stalls(stalls: int) -> None:
    """Raises: festival_without_stalls when one is announced that offers nothing yet."""
    if stalls < 1:
        raise RuleViolation("festival_without_stalls", "还没有摊位，不能公布。请先登记摊位。")


def festival_has_begun(starts_at: datetime, now: datetime) -> None:
    """Raises: festival_not_started."""
    if starts_at > now:
        raise RuleViolation("festival_not_started", "还没到开始时间，不能标记已举办。")


def held_stays_past(status: str, starts_at: datetime | None, now: datetime) -> None:
    """Raises: festival_not_started when one that was held is moved to a time to come."""
    held = status in (FestivalStatus.HELD, FestivalStatus.CLOSED)
    if held and starts_at is not None and starts_at > now:
        raise RuleViolation(
            "festival_not_started", "已举办的邻里节不能改到以后，请核对时间。", field="starts_at"
        )


def festival_has_heads(heads: int) -> None:
    """Raises: festival_without_heads when one is closed though nobody is known to have come."""
    if heads < 1:
        raise RuleViolation("festival_without_heads", "还没有登记人次，不能归档。请先登记人次。")


def festival_can_change(status: str | None) -> None:
    """Raises: festival_closed. What hangs on a festival is written while it is open."""
    if status == FestivalStatus.CLOSED:
        raise RuleViolation(
            "festival_closed", "这次邻里节已归档。要更正，请先点“重新打开”并写明原因。"
        )
    if status == FestivalStatus.CANCELLED:
        raise RuleViolation("festival_closed", "这次邻里节已取消，不能再改。")


# --- stalls --------------------------------------------------------------------------------------


def stall_has_kind(category: int | None, item: int | None) -> None:
    """Raises: stall_kind_missing: figures count kinds of service, so each stall says its own."""
    if category is None and item is None:
        raise RuleViolation(
            "stall_kind_missing", "请选择服务项目；没有对应项目的选服务类别。", field="category"
        )


def stall_kind_agrees(category: int | None, of_item: int | None) -> None:
    """Raises: stall_kind_differs when an item of one help stands under another."""
    if category is not None and of_item is not None and category != of_item:
        raise RuleViolation(
            "stall_kind_differs", "所选服务项目不属于这个服务类别，请核对。", field="category"
        )


def stall_numbers_hold(number: int | None, helpers: int | None) -> None:
    """Raises: stall_number_invalid; helpers_invalid."""
    if number is not None and number < 1:
        raise RuleViolation("stall_number_invalid", "摊位号应是 1 以上的整数。", field="number")
    if helpers is not None and not 0 <= helpers <= MOST_HELPERS:
        raise RuleViolation(
            "helpers_invalid", f"人手应在 0 到 {MOST_HELPERS} 之间。", field="planned_helpers"
        )


def absence_is_told(absent: bool, status: str | None, counted: bool) -> None:
    """A stall stayed away: said of one that took place, and that nobody was counted at.

    Raises: absence_too_early; absent_stall_counted.
    """
    if not absent:
        return
    if status not in (FestivalStatus.HELD, FestivalStatus.CLOSED):
        raise RuleViolation(
            "absence_too_early",
            "邻里节举办之后才能标记“未到场”；之前不来了，请删除摊位。",
            field="absent",
        )
    if counted:
        raise RuleViolation(
            "absent_stall_counted",
            "这个摊位登记了人次，不能标记“未到场”。请先核对人次。",
            field="absent",
        )


# --- heads ---------------------------------------------------------------------------------------


def heads_are_credible(count: int | None) -> None:
    """Raises: heads_invalid. The unit is heads (人次), never distinct people."""
    if count is not None and not 1 <= count <= LARGEST_HEADS:
        raise RuleViolation(
            "heads_invalid", f"人次应是 1 到 {LARGEST_HEADS} 的整数。", field="count"
        )


def heads_have_evidence(evidence: str) -> None:
    """Raises: heads_without_evidence."""
    if not evidence.strip():
        raise RuleViolation(
            "heads_without_evidence",
            "请写明依据，例如照片、票根或签到表存放在哪里。",
            field="evidence",
        )


def heads_are_taken(status: str | None) -> None:
    """Raises: heads_too_early; festival_closed. Heads are entered once it was held."""
    festival_can_change(status)
    if status != FestivalStatus.HELD:
        raise RuleViolation("heads_too_early", "请先点“标记已举办”，再登记人次。")


def heads_are_counted_one_way(stall: int | None, others: Collection[int | None]) -> None:
    """`others`: the stalls of the festival's other counts, None for the one of the whole.

    Raises: heads_counted_twice. Who went to three stalls came to the festival once: a count of the
    whole beside counts of stalls would count the same heads in both.
    """
    if not others:
        return
    if stall is None and any(other is not None for other in others):
        raise RuleViolation(
            "heads_counted_twice",
            "这次邻里节已按摊位登记人次，不能再登记全场人次，否则会重复计算。要改用全场人次，请先删去各摊位的人次。",
            field="stall",
        )
    if stall is not None and None in others:
        raise RuleViolation(
            "heads_counted_twice",
            "这次邻里节已登记全场人次，不能再按摊位登记，否则会重复计算。要改按摊位，请先删去全场人次。",
            field="stall",
        )


def heads_stall_is_here(stall_festival: int | None, festival: int | None, absent: bool) -> None:
    """Raises: stall_elsewhere; absent_stall_counted."""
    if stall_festival is not None and festival is not None and stall_festival != festival:
        raise RuleViolation("stall_elsewhere", "所选摊位不在这次邻里节里，请重选。", field="stall")
    if absent:
        raise RuleViolation(
            "absent_stall_counted",
            "这个摊位标记了“未到场”，不能登记人次。请先核对。",
            field="stall",
        )


def correction_is_explained(was: int | None, now: int | None, before: str, reason: str) -> None:
    """Raises: correction_unexplained: a count that changes says why, and anew each time."""
    if was is None or was == now:
        return
    if not reason.strip() or reason == before:
        raise RuleViolation(
            "correction_unexplained", "改了人次，请在“更正原因”里写明为什么改。", field="correction"
        )


# --- supplies ------------------------------------------------------------------------------------


def supply_adds_up(planned: int | None, brought: int | None, used: int | None) -> None:
    """Raises: amount_invalid; supply_overused: nobody uses more than was brought."""
    for name, amount in (("planned", planned), ("brought", brought), ("used", used)):
        if amount is not None and not 0 <= amount <= LARGEST_AMOUNT:
            raise RuleViolation(
                "amount_invalid", f"数量应是 0 到 {LARGEST_AMOUNT} 的整数。", field=name
            )
    if used is not None and used > (brought or 0):
        raise RuleViolation(
            "supply_overused",
            f"用了 {used}，但只带来 {brought or 0}。请先核对带来的数量。",
            field="used",
        )


# --- copying last month's plan -------------------------------------------------------------------


def same_weekday_of_month(day: date, month: date) -> date:
    """In `month`, the day that is the same weekday of the month as `day`: the second Saturday, say.

    Where `day` is a fifth one and the month has four, its last.
    """
    number = (day.day - 1) // 7
    first = month.replace(day=1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * number)
    return found if found.month == first.month else found - timedelta(days=7)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def copy_goes_forward(source: date, month: date) -> None:
    """Raises: copy_goes_back: a plan is copied to a later month."""
    if month <= month_of(source):
        raise RuleViolation("copy_goes_back", "请选比原来那次更晚的月份。", field="month")


_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def title_of_month(title: str, was: date, now: date) -> str:
    """A title that names year or month (2025年8月红色邻里节, 八月邻里节), for another month."""
    named = re.sub(rf"(?<!\d){was.year}年", f"{now.year}年", title)
    named = re.sub(rf"(?<!\d)0?{was.month}月", f"{now.month}月", named)
    return re.sub(
        rf"(?<![一二三四五六七八九十]){_MONTHS[was.month - 1]}月",
        f"{_MONTHS[now.month - 1]}月",
        named,
    )
