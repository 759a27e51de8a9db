"""Reminders: on working days, each once, to those who can do something about it."""

import datetime
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.calendar import is_working_day, working_days_between
from backend.meetings import actions, tasks, working
from backend.meetings.choices import UNFINISHED, ActionStatus
from backend.meetings.models import ActionItem, JointMeeting, MeetingSettings, Seat
from backend.meetings.reminder_rules import (
    LATE_EVERY,
    SOON,
    action_reminder,
    term_ends_on,
    term_reminder,
)
from backend.messaging.models import InboxMessage
from backend.people.models import User
from backend.places.models import Community, HolidayOverride
from tests.conftest import user_with_role
from tests.meetings.world import Town, contact, decided, in_session
from tests.schema.asking import data

DAY = datetime.timedelta(days=1)
SOME_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
Clock = Callable[[date], None]


# --- the rules -----------------------------------------------------------------------------------


@pytest.mark.once
@given(st.sampled_from(ActionStatus), SOME_DAYS, SOME_DAYS, st.sets(SOME_DAYS, max_size=5))
def test_nobody_is_reminded_on_a_day_off_or_of_what_is_done(
    status: str, due_on: date, today: date, off: set[date]
) -> None:
    said = dict.fromkeys(off, False)
    due = action_reminder(status, due_on, today, said)
    if status not in UNFINISHED or not is_working_day(today, said):
        assert due is None
    elif today > due_on:
        assert due is not None
        assert due.startswith("late")
    else:
        near = working_days_between(today, due_on, said) <= SOON
        assert due == ("soon" if near else None)


@pytest.mark.once
@given(SOME_DAYS)
def test_the_reminders_of_an_item_follow_one_another(due_on: date) -> None:
    """Day by day, none is left out, none comes back, and a late one lasts five working days."""
    days = [due_on - 30 * DAY + n * DAY for n in range(90)]
    told = [action_reminder("open", due_on, day, {}) for day in days]
    named = [one for one in told if one is not None]
    runs = [name for at, name in enumerate(named) if at == 0 or named[at - 1] != name]
    late = [f"late {n}" for n in range(len(runs) - 1)]
    assert runs == ["soon", *late]
    for name in late[:-1]:
        assert named.count(name) == LATE_EVERY


@pytest.mark.once
def test_an_end_that_nobody_can_have_meant_is_still_a_day() -> None:
    monday = date(2026, 11, 30)
    assert action_reminder("open", date(1990, 1, 1), monday, {}) is not None
    assert action_reminder("open", date(2090, 1, 1), monday, {}) is None


@pytest.mark.once
@given(SOME_DAYS, st.integers(1, 120))
def test_a_term_without_an_end_is_as_long_as_the_settings_say(begins: date, months: int) -> None:
    last = term_ends_on(begins, None, months)
    after = last + DAY
    assert (after.year - begins.year) * 12 + after.month - begins.month == months
    assert after.day <= begins.day
    assert term_ends_on(begins, begins, months) == begins


@pytest.mark.once
@pytest.mark.parametrize(
    ("before", "written", "due"),
    [
        (31, True, None),
        (30, True, "early"),
        (8, True, "early"),
        (7, True, "last week"),
        (0, True, "last week"),
        (-1, True, None),
        (-1, False, "over"),
        (-900, False, "over"),
    ],
)
def test_a_seat_is_spoken_of_before_its_end(before: int, written: bool, due: str | None) -> None:
    monday = date(2026, 11, 30)
    ends_on = monday + before * DAY
    assert term_reminder(ends_on, written, monday, {}, succeeded=False) == due
    assert term_reminder(ends_on, written, monday, {}, succeeded=True) is None
    assert term_reminder(ends_on, written, monday, {monday: False}, succeeded=False) is None


# --- the work ------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def set_to(day: date) -> None:
        noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        monkeypatch.setattr("django.utils.timezone.now", lambda: noon)

    return set_to


@pytest.fixture
def item(town: Town) -> ActionItem:
    """Of the property company, due on Friday 27 November 2026."""
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
    due_on = date(2026, 11, 27)
    JointMeeting.objects.filter(pk=meeting.pk).update(starts_at=_noon(date(2026, 11, 2)))
    made = actions.add_action(resolution, town.bodies["物业"], "修路灯", due_on, by=SYSTEM)
    JointMeeting.objects.filter(pk=meeting.pk).update(status="confirmed")
    return made


def _noon(day: date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def told() -> list[tuple[str, str]]:
    rows = InboxMessage.objects.exclude(template="action_given").order_by("pk")
    return [(row.user.username, row.template) for row in rows.select_related("user")]


@pytest.mark.django_db
def test_the_body_and_the_secretary_hear_of_an_item_once_an_occasion(
    town: Town, item: ActionItem, secretary: User, worker: User, community: Community, clock: Clock
) -> None:
    speaks = user_with_role("speaks", "partner", community=community)
    contact(town, "物业", speaks)
    contact(town, "商户", user_with_role("merchant", "partner", community=community))
    both = {"speaks", secretary.username}

    def run(day: date) -> tuple[int, set[str], set[str]]:
        clock(day)
        before = len(told())
        done = tasks.remind_of_action_items.func()
        # Twice does nothing twice.
        assert tasks.remind_of_action_items.func() == 0
        new = told()[before:]
        return done, {name for name, _ in new}, {template for _, template in new}

    nothing: tuple[int, set[str], set[str]] = (0, set(), set())
    assert run(date(2026, 11, 24)) == nothing, "three working days before"
    assert run(date(2026, 11, 25)) == (1, both, {"action_due"})
    assert run(date(2026, 11, 26)) == nothing
    assert run(date(2026, 11, 27)) == nothing, "the due day is in time"
    assert run(date(2026, 11, 28)) == nothing, "a Saturday"
    assert run(date(2026, 11, 30)) == (1, both, {"action_overdue"})
    assert run(date(2026, 12, 4)) == nothing, "the fifth working day"
    assert run(date(2026, 12, 7)) == (1, both, {"action_overdue"})
    # A worker that was away sends the last one alone.
    assert run(date(2026, 12, 29)) == (1, both, {"action_overdue"})
    working.report(ActionItem.objects.get(pk=item.pk), "换了灯泡", by=SYSTEM)
    working.finish(ActionItem.objects.get(pk=item.pk), by=SYSTEM)
    assert run(date(2027, 1, 12)) == nothing, "reported as done"
    assert InboxMessage.objects.filter(about_id=item.pk, template="action_overdue").count() == 6


@pytest.mark.django_db
def test_a_day_that_the_community_has_off_is_no_day_to_remind(
    item: ActionItem, secretary: User, community: Community, clock: Clock
) -> None:
    monday = date(2026, 11, 30)
    gate.save(HolidayOverride(community=community, day=monday, works=False, note="放假"), by=SYSTEM)
    clock(monday)
    assert tasks.remind_of_action_items.func() == 0
    clock(monday + DAY)
    assert tasks.remind_of_action_items.func() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["minutes_draft", "void"])
def test_what_is_not_agreed_on_is_nobodys_task(
    item: ActionItem, secretary: User, clock: Clock, status: str
) -> None:
    JointMeeting.objects.filter(pk=item.meeting_id).update(status=status)
    clock(date(2026, 11, 30))
    assert tasks.remind_of_action_items.func() == 0
    assert told() == []


@pytest.mark.django_db
def test_the_secretary_hears_of_a_term_that_ends(
    town: Town, secretary: User, worker: User, clock: Clock
) -> None:
    gate.save(MeetingSettings(community=town.community, seat_term_months=120), by=SYSTEM)
    seat = town.seats["业委会"]
    seat.valid_to = date(2026, 12, 30)
    gate.save(seat, by=SYSTEM)

    def run(day: date) -> int:
        clock(day)
        done = int(tasks.remind_of_terms.func())
        assert tasks.remind_of_terms.func() == 0
        return done

    assert run(date(2026, 11, 27)) == 0
    assert run(date(2026, 11, 30)) == 1
    assert run(date(2026, 12, 22)) == 0
    assert run(date(2026, 12, 23)) == 1
    assert set(told()) == {(secretary.username, "seat_term")}
    body = InboxMessage.objects.filter(template="seat_term").first()
    assert body is not None
    assert "万达华府业委会" in body.body
    assert "2026-12-30" in body.body


@pytest.mark.django_db
def test_the_next_mandate_answers_the_reminder(town: Town, secretary: User, clock: Clock) -> None:
    # Nobody wrote an end: 36 months from 2025-01-01 on.
    assert len(town.seats) == 6
    later = {"community": town.community, "valid_from": date(2028, 1, 1)}
    for short in ("党委", "居委会"):
        seat = town.seats[short]
        seat.valid_to = date(2027, 12, 31)
        gate.save(seat, by=SYSTEM)
        gate.save(Seat(tier=seat.tier, organization=seat.organization, **later), by=SYSTEM)
    clock(date(2027, 12, 13))
    assert tasks.remind_of_terms.func() == 4
    # Those that end together are one message, and none is told of twice.
    message = InboxMessage.objects.get(template="seat_term")
    for short in ("物业", "业委会", "商户", "协会"):
        assert town.seats[short].label in message.body
    assert tasks.remind_of_terms.func() == 0


@pytest.mark.django_db
def test_the_body_hears_why_it_has_to_do_it_again(
    town: Town, item: ActionItem, secretary: User, community: Community
) -> None:
    speaks = user_with_role("speaks", "partner", community=community)
    User.objects.filter(pk=speaks.pk).update(is_staff=False)
    contact(town, "物业", speaks)
    client = Client()
    client.force_login(User.objects.get(pk=speaks.pk))
    page = f"/tasks/{item.code}/"
    for reason in ("最后一处没有修。", "还是不亮"):
        working.report(ActionItem.objects.get(pk=item.pk), "换了灯泡", by=SYSTEM)
        working.finish(ActionItem.objects.get(pk=item.pk), by=SYSTEM)
        assert client.get(page).context["sent_back"] is None
        working.reopen(ActionItem.objects.get(pk=item.pk), by=SYSTEM, reason=reason)
        assert client.get(page).context["sent_back"] == reason
    bodies = InboxMessage.objects.filter(template="action_reopened", user=speaks)
    assert ["最后一处没有修" in bodies[1].body, "还是不亮" in bodies[0].body] == [True, True]
    asked = "{ actionItems(first: 5) { edges { node { sentBackBecause } } } }"
    found = data(client, asked)["actionItems"]["edges"]
    assert found == [{"node": {"sentBackBecause": "还是不亮"}}]


@pytest.mark.django_db
def test_reminding_costs_the_same_where_nothing_is_due(
    town: Town, secretary: User, clock: Clock, django_assert_num_queries: Any
) -> None:
    clock(date(2026, 5, 6))
    with django_assert_num_queries(1):
        tasks.remind_of_action_items.func()
    with django_assert_num_queries(3):
        tasks.remind_of_terms.func()
