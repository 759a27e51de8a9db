"""On which days a repeating slot falls: pure functions, over dateutil's recurrence rules (RFC 5545)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from backend.core.calendar import NONE, Overrides, is_public_holiday, is_working_day
from backend.core.errors import RuleViolation
from backend.services.choices import Frequency, OnHoliday

LAST = -1
LONGEST_MINUTES = 12 * 60
# Nobody makes slots further ahead.
FURTHEST = 400
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Repeats:
    """A rule: every week, every other one, or the nth such day of each month.

    `nth` is 1 to 4, or -1 for the last; for MONTHLY alone. Fortnights count from `valid_from`.
    """

    frequency: str
    weekday: int
    nth: int | None
    valid_from: date
    valid_until: date | None
    on_holiday: str = OnHoliday.SKIP


def rule_is_whole(repeats: Repeats) -> None:
    """Raises: nth_missing; nth_invalid; term_reversed."""
    if repeats.frequency == Frequency.MONTHLY and repeats.nth is None:
        raise RuleViolation("nth_missing", "每月的规则请选第几个。", field="nth")
    if repeats.frequency != Frequency.MONTHLY and repeats.nth is not None:
        raise RuleViolation("nth_invalid", "只有每月的规则才选第几个，请留空。", field="nth")
    if repeats.valid_until is not None and repeats.valid_until < repeats.valid_from:
        raise RuleViolation("term_reversed", "结束日期早于开始日期，请核对。", field="valid_until")


def length_is_credible(starts: time | None, ends: time | None) -> None:
    """Raises: slot_ends_before_start."""
    if starts is not None and ends is not None and ends <= starts:
        raise RuleViolation(
            "slot_ends_before_start", "结束时间应晚于开始时间，请核对。", field="ends"
        )


def days_of(
    repeats: Repeats,
    first: date,
    last: date,
    *,
    overrides: Overrides = NONE,
    skipped: Collection[date] = (),
    added: Collection[date] = (),
    closed: Collection[tuple[date, date]] = (),
) -> dict[date, date]:
    """Occurrence → the day on which it takes place, for the occurrences from `first` to `last`.

    An occurrence is named by the day that the rule gives it: a holiday may put it off. What is
    skipped, and what falls into a closure, does not take place; what is added does, whatever the
    rule says, holidays and closures included.
    """
    found: dict[date, date] = {}
    for day in _by_the_rule(repeats, first, last):
        takes_place = _after_holidays(day, repeats.on_holiday, overrides)
        if takes_place is None or day in skipped or _is_closed(takes_place, closed):
            continue
        found[day] = takes_place
    for day in added:
        if first <= day <= last:
            found[day] = day
    return dict(sorted(found.items()))


def _by_the_rule(repeats: Repeats, first: date, last: date) -> Iterator[date]:
    end = last if repeats.valid_until is None else min(last, repeats.valid_until)
    start = datetime.combine(repeats.valid_from, time())
    on = weekday(repeats.weekday)
    if repeats.frequency == Frequency.MONTHLY:
        rule = rrule(MONTHLY, dtstart=start, byweekday=on(repeats.nth or 1))
    else:
        interval = 2 if repeats.frequency == Frequency.FORTNIGHTLY else 1
        rule = rrule(WEEKLY, dtstart=start, interval=interval, byweekday=on)
    after = datetime.combine(max(first, repeats.valid_from), time())
    for moment in rule.xafter(after, inc=True):
        if moment.date() > end:
            return
        yield moment.date()


def _after_holidays(day: date, on_holiday: str, overrides: Mapping[date, bool]) -> date | None:
    if on_holiday == OnHoliday.KEEP or not is_public_holiday(day, overrides):
        return day
    if on_holiday == OnHoliday.SKIP:
        return None
    while not is_working_day(day, overrides):
        day += _ONE_DAY
    return day


def _is_closed(day: date, closed: Collection[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in closed)
