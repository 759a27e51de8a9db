"""Rules of what a list of signatures tells. Pure functions."""

from datetime import date

from backend.core.errors import RuleViolation


def signed_in_by_today(day: date | None, today: date) -> None:
    """Raises: occurred_in_future. By the day: sheets are filled in ahead, with the event's hour."""
    if day is not None and day > today:
        raise RuleViolation(
            "occurred_in_future", "签到时间在今天以后，请核对日期。", field="signed_in_at"
        )
