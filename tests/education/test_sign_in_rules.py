"""When somebody may have signed in: never after both today and the event's own day."""

import datetime

import pytest

from backend.core.errors import RuleViolation
from backend.education.sign_in_rules import signed_in_by_then

YESTERDAY, TODAY, TOMORROW, LATER = (datetime.date(2026, 4, day) for day in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("day", "event_day"),
    [(None, TODAY), (YESTERDAY, TODAY), (TODAY, YESTERDAY), (TODAY, TODAY), (TOMORROW, TOMORROW)],
)
def test_up_to_today_and_on_the_day_of_an_event_to_come(
    day: datetime.date | None, event_day: datetime.date
) -> None:
    signed_in_by_then(day, event_day, TODAY)


@pytest.mark.parametrize(
    ("day", "event_day"), [(TOMORROW, YESTERDAY), (TOMORROW, TODAY), (LATER, TOMORROW)]
)
def test_not_on_a_day_that_is_still_to_come(day: datetime.date, event_day: datetime.date) -> None:
    with pytest.raises(RuleViolation) as caught:
        signed_in_by_then(day, event_day, TODAY)
    assert caught.value.code == "occurred_in_future"
