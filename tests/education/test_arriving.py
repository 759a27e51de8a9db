"""The door: scans in order and out of it, online and hours later, and who is counted for them."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.education import actions
from backend.education.arriving import Scan, check_in
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Venue
from backend.education.registering import join_waitlist, register, withdraw_registration
from backend.education.tickets import (
    event_of_poster,
    poster_token,
    registration_of_ticket,
    ticket_token,
)
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.conftest import user_with_role
from tests.education.neighbours import neighbour, neighbours, small_event

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    """An event that has just begun."""
    now = timezone.now().replace(microsecond=0)
    return small_event(venue, starts_at=now - 30 * MINUTE, ends_at=now + 2 * HOUR)


@pytest.fixture
def volunteer(community: Community, estate: Any) -> Actor:
    """A steward of one estate, who helps at the door of the whole community's event."""
    user = user_with_role("steward", "steward", community=community, estate=estate)
    return Actor.of(user, "test")


def heads(event: LegalEducationEvent) -> int:
    return LegalEducationEvent.objects.heads_of(event.pk)


def test_a_ticket_lets_a_group_in_and_every_head_is_counted_once(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1), size=2)
    line = check_in(event, Scan("k1", ticket=ticket_token(row), source="qr"), by=volunteer)
    assert (line.success, line.refusal, line.companions, line.made_attendance) == (
        True,
        "",
        1,
        True,
    )
    attendance = Attendance.objects.get(event=event)
    assert (attendance.resident, attendance.companions) == (row.resident, 1)
    assert attendance.signed_in_at == line.occurred_at
    assert heads(event) == 2
    again = check_in(event, Scan("k2", ticket=ticket_token(row), source="qr"), by=volunteer)
    assert (again.success, again.refusal) == (False, "already_checked_in")
    assert heads(event) == 2
    assert CheckIn.objects.count() == 2


def test_the_same_key_of_the_same_phone_gives_the_first_result(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    scan = Scan("k1", ticket=ticket_token(row), device="A")
    first = check_in(event, scan, by=volunteer)
    assert check_in(event, scan, by=volunteer) == first
    assert first.success
    other_phone = Scan("k1", ticket=ticket_token(row), device="B")
    assert check_in(event, other_phone, by=volunteer).refusal == "already_checked_in"


def test_a_phone_that_was_offline_reports_hours_later(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    when = timezone.now() - 20 * MINUTE
    actions.hold_event(event, by=SYSTEM)
    scan = Scan("k1", ticket=ticket_token(row), device="A", occurred_at=when, source="offline")
    line = check_in(event, scan, by=volunteer)
    assert (line.success, line.occurred_at) == (True, when)
    assert line.recorded_at > when
    assert Attendance.objects.get(event=event).signed_in_at == when


def test_reports_out_of_order_are_judged_by_when_they_happened(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row, now = register(event, by=neighbour(community, 1)), timezone.now()
    ticket = ticket_token(row)

    def scan(key: str, kind: str, minutes: int) -> tuple[bool, str]:
        at = now - minutes * MINUTE
        line = check_in(event, Scan(key, ticket=ticket, kind=kind, occurred_at=at), by=volunteer)
        return line.success, line.refusal

    assert scan("k1", "in", 5) == (True, "")
    # The basement's phone: the same person, scanned at the other door before.
    assert scan("k2", "in", 20) == (False, "already_checked_in")
    assert scan("k3", "out", 4) == (True, "")
    assert scan("k4", "out", 3) == (False, "already_left")
    assert scan("k5", "in", 2) == (True, "")
    assert heads(event) == 1


def test_what_nobody_knows_is_written_down_as_refused(
    event: LegalEducationEvent, community: Community, venue: Venue, volunteer: Actor
) -> None:
    elsewhere = small_event(venue, code="pf-else")
    foreign = register(elsewhere, by=neighbour(community, 1))
    tickets = ["bm-0123456789", "", "bm-0123456789.forged", ticket_token(foreign)]
    for number, ticket in enumerate(tickets):
        if ticket:
            line = check_in(event, Scan(f"k{number}", ticket=ticket), by=volunteer)
            assert (line.success, line.refusal) == (False, "ticket_unknown")
    assert CheckIn.objects.filter(event=event).count() == 3
    assert heads(event) == 0


def test_who_has_no_place_is_let_in_by_force_alone_and_beyond_the_places(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    first, second, third = neighbours(community, 3)
    gone = register(event, by=first)
    withdraw_registration(gone, by=first)
    register(event, by=second, size=2)
    waiting = join_waitlist(event, by=third)

    def scan(key: str, row: Any, **more: Any) -> tuple[bool, str]:
        line = check_in(event, Scan(key, registration=row, **more), by=volunteer)
        return line.success, line.refusal

    assert scan("k1", gone) == (False, "registration_invalid")
    assert scan("k2", waiting) == (False, "registration_waitlisted")
    with pytest.raises(RuleViolation, match="reason_required"):
        scan("k3", waiting, forced=True)
    assert scan("k3", waiting, forced=True, reason="座位有余") == (True, "")
    assert CheckIn.objects.get(idempotency_key="k3").forced
    # Who comes is recorded even beyond the places.
    assert scan("k4", None, name="路过的人") == (True, "")


def test_who_stands_on_the_paper_list_is_not_counted_again(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    paper = Attendance(community=community, event=event, resident=row.resident, name=row.name)
    gate.save(paper, by=SYSTEM)
    line = check_in(event, Scan("k1", registration=row), by=volunteer)
    assert (line.success, line.made_attendance) == (True, False)
    assert heads(event) == 1
    assert check_in(event, Scan("k2", registration=row, kind="void"), by=volunteer).success
    # The paper list's row outlives the voided scan.
    assert heads(event) == 1


def test_a_mistake_is_voided_and_may_be_made_good(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1), size=2)
    void = Scan("k0", registration=row, kind="void")
    assert check_in(event, void, by=volunteer).refusal == "not_checked_in"
    assert check_in(event, Scan("k1", registration=row), by=volunteer).success
    assert check_in(event, Scan("k2", registration=row, kind="void"), by=volunteer).success
    assert heads(event) == 0
    assert check_in(event, Scan("k3", registration=row), by=volunteer).success
    assert heads(event) == 2


def test_namesakes_whom_nobody_knows_are_two_heads(
    event: LegalEducationEvent, actor: Actor
) -> None:
    rows = [register(event, by=actor, name="王芳", phone=f"1391234567{n}") for n in (1, 2)]
    for row in rows:
        assert check_in(event, Scan(row.code, registration=row), by=actor).success
    assert heads(event) == 2
    assert check_in(event, Scan("k", name="王芳"), by=actor).success
    assert check_in(event, Scan("l", name="王芳"), by=actor).refusal == "already_checked_in"


def test_a_walk_in_of_the_roster_and_the_registered_one_are_the_same_person(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    line = check_in(event, Scan("k1", resident=row.resident, source="list"), by=volunteer)
    assert line.registration == row
    assert check_in(event, Scan("k2", registration=row), by=volunteer).refusal


def test_clocks_that_are_wrong(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row, now = register(event, by=neighbour(community, 1)), timezone.now()

    def scan(key: str, at: datetime.datetime) -> str:
        found = Scan(key, registration=row, occurred_at=at)
        return check_in(event, found, by=volunteer).refusal

    assert scan("k1", now + HOUR) == "occurred_in_future"
    assert scan("k2", now - 50 * HOUR) == "occurred_too_early"
    assert scan("k3", now + 5 * MINUTE) == ""
    assert CheckIn.objects.get(idempotency_key="k3").occurred_at <= timezone.now()


def test_an_event_that_takes_no_sign_ins_lets_nobody_in(
    event_planned: LegalEducationEvent, actor: Actor
) -> None:
    line = check_in(event_planned, Scan("k1", name="来早了"), by=actor)
    assert (line.success, line.refusal) == (False, "event_not_open")
    assert not Attendance.objects.exists()


def test_a_resident_signs_in_on_the_spot_and_nobody_else(
    event: LegalEducationEvent, community: Community, venue: Venue
) -> None:
    first, second = neighbours(community, 2)
    register(event, by=first)
    theirs = register(event, by=second)
    line = check_in(event, Scan("k1", source="qr"), by=first)
    assert (line.success, line.resident.user) == (True, first.user)
    for wrong in (
        Scan("k2", registration=theirs),
        Scan("k3", ticket=ticket_token(theirs)),
        Scan("k4", forced=True, reason="我要进"),
        Scan("k5", companions=9),
    ):
        with pytest.raises(RuleViolation, match=r"not_found|not_allowed"):
            check_in(event, wrong, by=first)
    later = small_event(venue, code="pf-later")
    with pytest.raises(RuleViolation, match="check_in_closed"):
        check_in(later, Scan("k6"), by=first)
    assert CheckIn.objects.count() == 1


def test_strangers_and_other_communities_have_no_door_here(
    event: LegalEducationEvent, other_worker: User, community: Community
) -> None:
    row = register(event, by=neighbour(community, 1))
    with pytest.raises(RuleViolation, match="not_allowed"):
        check_in(event, Scan("k1", registration=row), by=Actor.of(other_worker, "test"))
    assert not CheckIn.objects.exists()


def test_the_ledger_only_grows(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    line = check_in(event, Scan("k1", registration=row), by=volunteer)
    line = CheckIn.objects.get(pk=line.pk)
    line.success = False
    with pytest.raises(RuleViolation, match="ledger_only_grows"):
        gate.save(line, by=SYSTEM)
    with pytest.raises(RuleViolation, match="ledger_only_grows"):
        gate.delete(line, by=SYSTEM)
    # Names go when their time is over.
    line = CheckIn.objects.get(pk=line.pk)
    line.name, line.resident = "已匿名", None
    gate.save(line, by=SYSTEM)


def test_who_came_cannot_withdraw(
    event: LegalEducationEvent, community: Community, volunteer: Actor
) -> None:
    first = neighbour(community, 1)
    row = register(event, by=first)
    check_in(event, Scan("k1", registration=row), by=volunteer)
    with pytest.raises(RuleViolation, match="already_checked_in"):
        withdraw_registration(row, by=first)


def test_tokens_are_ours_say_nothing_of_people_and_posters_can_be_renewed(
    event: LegalEducationEvent, community: Community, actor: Actor
) -> None:
    row = register(event, by=neighbour(community, 1))
    ticket, poster = ticket_token(row), poster_token(event)
    assert row.name not in ticket
    assert registration_of_ticket(f"https://x.example/t/{ticket}/") == row
    assert event_of_poster(poster) == event
    # One is not the other, and neither can be made up.
    assert registration_of_ticket(poster) is None
    assert event_of_poster(ticket) is None
    assert event_of_poster(f"{event.code}.1.{'A' * 43}") is None
    renewed = actions.renew_poster(event, by=actor)
    assert event_of_poster(poster) is None
    assert event_of_poster(poster_token(renewed)) == event
    assert Resident.objects.count() == 1
