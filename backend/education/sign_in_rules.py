"""Rules of what a list of signatures tells. Pure functions."""

from datetime import date

from backend.core.errors import RuleViolation


def signed_in_by_then(day: date | None, event_day: date, today: date) -> None:
    """Raises: occurred_in_future. By the day, and the event's own is none too late: the sheet of an
    event that is still to come is filled in ahead, with its day and hour.
    """
    if day is not None and day > max(event_day, today):
        raise RuleViolation(
            "occurred_in_future", "签到时间在今天和活动日以后，请核对日期。", field="signed_in_at"
        )
