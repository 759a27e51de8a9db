"""What falls due by itself: reminders once, places that another way left over."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.holdings import all_holdings
from backend.education import actions, tasks
from backend.education.arriving import Scan, check_in
from backend.education.models import CheckIn, LegalEducationEvent, Registration, Venue
from backend.education.registering import join_waitlist, register, withdraw_registration
from backend.places.models import Community
from tests.education.neighbours import neighbour, neighbours, small_event, states, told

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def tomorrow(venue: Venue) -> LegalEducationEvent:
    start = timezone.now() + 20 * HOUR
    return small_event(venue, starts_at=start, ends_at=start + HOUR)


def test_those_who_have_a_place_are_reminded_once(
    tomorrow: LegalEducationEvent, community: Community, venue: Venue
) -> None:
    first, second, third, gone = neighbours(community, 4)
    left = register(tomorrow, by=gone)
    withdraw_registration(left, by=gone)
    register(tomorrow, by=first)
    register(tomorrow, by=second)
    join_waitlist(tomorrow, by=third)
    far = small_event(venue, code="pf-far")
    register(far, by=third)
    assert tasks.remind_of_events.func() == 2
    assert tasks.remind_of_events.func() == 0
    for one in (first, second):
        assert told(one) == ["event_registered", "event_reminder"]
    for one in (third, gone):
        assert "event_reminder" not in told(one)
    # Put off, it is another date to be reminded of.
    fresh = LegalEducationEvent.objects.get(pk=tomorrow.pk)
    fresh.starts_at += HOUR
    fresh.ends_at += HOUR
    actions.save_event(fresh, by=SYSTEM)
    assert tasks.remind_of_events.func() == 2


def test_a_cancelled_event_reminds_nobody(
    tomorrow: LegalEducationEvent, community: Community
) -> None:
    register(tomorrow, by=neighbour(community, 1))
    actions.cancel_event(tomorrow, by=SYSTEM, reason="暴雨")
    assert tasks.remind_of_events.func() == 0


def test_places_that_another_way_left_over_are_given(
    tomorrow: LegalEducationEvent, community: Community
) -> None:
    first, second, third = neighbours(community, 3)
    register(tomorrow, by=first, size=2)
    join_waitlist(tomorrow, by=second)
    join_waitlist(tomorrow, by=third)
    # As a spreadsheet raises it: by the gate, past the verb.
    fresh = LegalEducationEvent.objects.get(pk=tomorrow.pk)
    fresh.capacity = 3
    gate.save(fresh, by=SYSTEM)
    assert states(tomorrow) == ["confirmed", "waitlisted", "waitlisted"]
    assert tasks.give_left_places.func() == 1
    assert tasks.give_left_places.func() == 0
    assert states(tomorrow) == ["confirmed", "confirmed", "waitlisted"]
    assert told(second) == ["event_waitlisted", "event_promoted"]


def test_nobody_is_promoted_to_an_event_whose_day_is_over(
    community: Community, venue: Venue
) -> None:
    start = timezone.now() - 30 * HOUR
    past = small_event(venue, starts_at=start, ends_at=start + HOUR)
    first, second = neighbours(community, 2)
    row = register(past, by=first, size=2)
    join_waitlist(past, by=second)
    withdraw_registration(row, by=first)
    assert states(past) == ["withdrawn", "waitlisted"]
    assert tasks.give_left_places.func() == 0


def test_what_becomes_anonymous_still_holds_and_counts_stay(
    community: Community, venue: Venue
) -> None:
    now = timezone.now()
    event = small_event(venue, starts_at=now - HOUR, ends_at=now + HOUR)
    rows = [register(event, by=one) for one in neighbours(community, 2)]
    for row in rows:
        check_in(event, Scan(row.code, registration=row), by=SYSTEM)
    holdings = {holding.code: holding for holding in all_holdings()}
    for code in ("registrations", "check_ins"):
        holding = holdings[code]
        about = holding.model.objects.filter(resident=rows[0].resident)
        assert about.count() == 1
        for row in holding.model.objects.all():
            for name, value in holding.anonymous(row).items():
                setattr(row, name, value)
            gate.save(row, by=SYSTEM)
        assert not holding.model.objects.exclude(holding.done()).exists()
        assert not about.exists()
    assert (Registration.objects.count(), CheckIn.objects.count()) == (2, 2)
    assert LegalEducationEvent.objects.with_places().get(pk=event.pk).places_taken == 2
