"""When somebody is reminded: of action items that fall due, of seats whose term ends. Pure functions.

Nobody is reminded on a day off. Each reminder has a name, so that a worker that comes late sends it
still, and once.
"""

from calendar import monthrange
from datetime import date, timedelta

from backend.core.calendar import LONGEST, Overrides, is_working_day, working_days_between
from backend.meetings.choices import UNFINISHED

# In working days: how long before its day an action item is spoken of, and how often when it is late.
SOON = 2
LATE_EVERY = 5
# In days: how long before its end a seat is spoken of, and when once more.
TERM_AHEAD = timedelta(days=30)
LAST_WEEK = timedelta(days=7)


def action_reminder(status: str, due_on: date, today: date, overrides: Overrides) -> str | None:
    """Which reminder of an action item is due today: "soon", "late 0", "late 1", …, or None.

    The due day itself is still in time. Late ones are told on the first working day after it, and
    every fifth one from there on.
    """
    if status not in UNFINISHED or not is_working_day(today, overrides):
        return None
    if today <= due_on:
        if due_on - today > timedelta(days=LONGEST):
            return None
        left = working_days_between(today, due_on, overrides)
        return "soon" if left <= SOON else None
    since = max(due_on, today - timedelta(days=LONGEST))
    return f"late {(working_days_between(since, today, overrides) - 1) // LATE_EVERY}"


def term_ends_on(valid_from: date, valid_to: date | None, term_months: int) -> date:
    """The last day of a mandate; where none is written, of a term as the settings say."""
    if valid_to is not None:
        return valid_to
    months = valid_from.month - 1 + term_months
    year, month = valid_from.year + months // 12, months % 12 + 1
    return date(year, month, min(valid_from.day, monthrange(year, month)[1])) - timedelta(days=1)


def term_reminder(
    ends_on: date, written: bool, today: date, overrides: Overrides, *, succeeded: bool
) -> str | None:
    """Which reminder of a seat's end is due by today: "early", "last week", "over", or None.

    `succeeded`: the next mandate is entered already. `written`: the end is, so the seat is gone after
    it; one without an end goes on sitting, and that is told once.
    """
    if succeeded or not is_working_day(today, overrides):
        return None
    if today > ends_on:
        return None if written else "over"
    if ends_on - today > TERM_AHEAD:
        return None
    return "last week" if ends_on - today <= LAST_WEEK else "early"
