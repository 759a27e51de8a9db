"""今日待办 in the demo's data: what waits may be done, figures are what the rows say, names stay masked."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.desk import agenda, figures, periods, waiting
from backend.core.gate_rights import may_write
from backend.education.models import LegalEducationEvent
from backend.meetings.models import ActionItem
from backend.partners.models import IncipientIssue
from backend.people.models import Resident, User
from backend.services.models import ServiceBooking
from backend.volunteers.models import ServiceRecord
from tests.conftest import new_event
from tests.schema.asking import caller, data

pytestmark = pytest.mark.usefixtures("_demo_data", "db")

STAFF = ("secretary", "worker", "steward", "mediator", "advisor", "office", "admin")
OTHERS = ("partner", "department", "resident", "dongfang-worker")
HALF = periods.Period("half", date(2025, 1, 1))
MOST_STATEMENTS = 18
OTHER_PERIODS = ("2025H1", "2025Q2", "2025-08", "2025")


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _home(name: str, query: str = "") -> str:
    client = Client()
    client.force_login(_user(name))
    answer = client.get(f"/admin/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


# --- what waits --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*STAFF, *OTHERS])
def test_what_waits_for_somebody_is_what_they_may_do(name: str) -> None:
    user = _user(name)
    by = Actor.of(user, "test")
    counted = waiting.counts(user)
    for code, (count, late, soon) in counted.items():
        kind = waiting.kind_of(code)
        assert kind is not None
        rows = list(kind.rows(user))
        assert (count, code) == (min(len(rows), waiting.MOST_COUNTED), code)
        machine = getattr(kind.model, "machine", None)
        if kind.verb and machine is not None:
            step = machine.move(kind.verb)
            for row in rows:
                assert getattr(row, machine.field) in step.sources, code
                assert may_write(row, by, step.right), code
        if kind.due is not None:
            days = list(
                kind.rows(user).annotate(due_day=kind.due).values_list("due_day", flat=True)
            )
            tones = [waiting.tone_of(day, timezone.localdate()) for day in days]
            assert (late, soon) == (tones.count("late"), tones.count("soon")), code
        else:
            assert (late, soon) == (0, 0), code
    places = {getattr(row, "community_id", None) for k in counted for row in _rows(k, user)}
    assert len(places) <= 1 or name == "admin", "one community's people have no work elsewhere"


def _rows(code: str, user: User) -> Any:
    kind = waiting.kind_of(code)
    assert kind is not None
    return kind.rows(user)


def test_the_secretary_has_work_and_who_only_reads_has_none() -> None:
    assert sum(one.waits for one in waiting.counts(_user("secretary")).values()) > 20
    for name in ("office", "advisor"):
        assert {c: n.waits for c, n in waiting.counts(_user(name)).items() if n.waits} == {}, name


def test_overdue_comes_first_then_what_is_due_soon_and_lines_are_bounded() -> None:
    user, today = _user("secretary"), timezone.localdate()
    found = waiting.groups(user, waiting.counts(user))
    tones = [group.tone for group in found]
    assert tones == sorted(tones, key=["late", "soon", ""].index)
    assert found[0].kind.code == "action_items_to_finish"
    late = ActionItem.objects.visible_to(user).overdue()
    assert {line.pk for line in found[0].lines if line.tone == "late"} == {row.pk for row in late}
    for group in found:
        assert len(group.lines) == min(group.count, waiting.SHOWN_OF_A_KIND)
        for line in group.lines:
            assert line.tone == waiting.tone_of(line.due, today)


@pytest.mark.parametrize(("days", "tone"), [(-1, "late"), (0, "soon"), (3, "soon"), (4, "")])
def test_the_tone_follows_from_the_day(days: int, tone: str) -> None:
    today = date(2026, 2, 28)
    assert waiting.tone_of(today + timedelta(days=days), today) == tone
    assert waiting.tone_of(None, today) == ""


@pytest.mark.parametrize("name", ["secretary", "worker", "partner", "office", "resident"])
def test_the_interface_counts_what_the_page_lists(name: str) -> None:
    user = _user(name)
    told = data(
        caller(user),
        "{ myWork { unreadMessages openActionItems overdueActionItems actionItemsToVerify"
        " bookingsToConfirm demandsToAssign demandsToAnswer demandsToSolve demandsToConfirm } }",
    )["myWork"]
    counted, none = waiting.counts(user), waiting.Tally()
    assert told == {
        "unreadMessages": counted.get("unread_messages", none).waits,
        "openActionItems": counted.get("action_items_to_finish", none).waits,
        "overdueActionItems": counted.get("action_items_to_finish", none).late,
        "actionItemsToVerify": counted.get("action_items_to_verify", none).waits,
        "bookingsToConfirm": counted.get("bookings_to_confirm", none).waits,
        "demandsToAssign": counted.get("demands_to_assign", none).waits,
        "demandsToAnswer": counted.get("demands_to_answer", none).waits,
        "demandsToSolve": counted.get("demands_to_solve", none).waits,
        "demandsToConfirm": counted.get("demands_to_confirm", none).waits,
    }
    if name in ("secretary", "partner"):
        assert told["openActionItems"] > 0
        assert told["demandsToSolve"] > 0


@pytest.mark.slow
def test_every_line_and_figure_opens(client: Client) -> None:
    client.force_login(_user("secretary"))
    context = client.get("/admin/?period=2025H1").context
    urls = {reading["url"] for reading in context["readings"]}
    for group in context["groups"]:
        work = group["lines"][0]
        urls |= {group["url"], work.url, work.act_url}
    urls |= {one["url"] for day in context["days"] for one in day["entries"]}
    for url in urls - {""}:
        assert client.get(url).status_code == 200, url


def test_a_list_shows_the_rows_that_were_counted(client: Client) -> None:
    user = _user("secretary")
    client.force_login(user)
    context = client.get("/admin/?period=2025H1").context
    for reading in context["readings"]:
        model = reading["figure"].model
        shown = client.get(reading["url"]).context["cl"].queryset
        expected = reading["figure"].opened(user, HALF, timezone.localdate())
        assert set(shown.values_list("pk", flat=True)) == set(expected.values_list("pk", flat=True))
        if len(reading["figure"].parts) == 1 and "Count" in repr(reading["figure"].parts[0].what):
            assert shown.count() == int(reading["shown"].replace(",", "")), model
    for group in context["groups"]:
        assert client.get(group["url"]).context["cl"].queryset.count() == group["count"]


# --- what comes --------------------------------------------------------------------------------


def test_the_agenda_holds_two_weeks_in_order() -> None:
    user, today = _user("worker"), timezone.localdate()
    days = agenda.coming(user)
    assert [day.day for day in days] == sorted(day.day for day in days)
    assert all(today <= day.day < today + timedelta(days=agenda.DAYS) for day in days)
    listed = {e.pk for d in days for e in d.entries if e.dated and e.dated.code == "events"}
    begin = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    coming = LegalEducationEvent.objects.visible_to(user).filter(
        status__in=("planned", "open"),
        starts_at__gte=begin,
        starts_at__lt=begin + timedelta(days=14),
    )
    assert listed == set(coming.values_list("pk", flat=True))
    assert listed


# --- figures -----------------------------------------------------------------------------------


def _within(moment: Any, period: periods.Period) -> bool:
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return day is not None and period.first <= day <= period.last


@pytest.mark.parametrize(
    "code", ["2025H2", *(pytest.param(c, marks=pytest.mark.slow) for c in OTHER_PERIODS)]
)
def test_figures_are_what_the_rows_say(code: str) -> None:
    user, period = _user("secretary"), periods.read(code)
    assert period is not None
    here = {"community__code": "xinhe"}
    held = list(LegalEducationEvent.objects.filter(**here, status__in=("held", "archived")))
    served = ServiceBooking.objects.filter(**here, status__in=("served", "rated"))
    hours = ServiceRecord.objects.filter(**here, status="verified")
    issues = IncipientIssue.objects.filter(**here)

    def expected(at: periods.Period) -> dict[str, int]:
        events = [event for event in held if _within(event.starts_at, at)]
        return {
            "education_events": len(events),
            "education_heads": sum(LegalEducationEvent.objects.heads_of(e.pk) for e in events),
            "services_served": sum(_within(b.slot.starts_at, at) for b in served),
            "volunteer_minutes": sum(h.minutes for h in hours if _within(h.starts_at, at)),
            "issues_found": sum(_within(issue.found_on, at) for issue in issues),
            "issues_defused": sum(
                _within(i.settled_on, at) for i in issues if i.status == "defused"
            ),
        }

    found = {one.figure.code: one for one in figures.readings(user, period)}
    told = expected(period)
    assert {key: found[key].now for key in told} == told
    assert {key: found[key].before for key in told} == expected(period.before)
    for key in told:
        months = [periods.Period("month", month) for month, _ in found[key].trend]
        assert [value for _, value in found[key].trend] == [expected(m)[key] for m in months]
    if code == "2025H1":
        assert all(told[key] > 0 for key in ("education_heads", "volunteer_minutes"))


def test_a_breakdown_adds_up_to_its_figure() -> None:
    user = _user("secretary")
    found = {one.figure.code: one.now for one in figures.readings(user, HALF)}
    parts = {one.code: dict(rows) for one, rows in figures.breakdowns(user, HALF)}
    assert sum(parts["education_by_venue"].values()) == found["education_events"]
    assert sum(parts["issues_by_kind"].values()) == found["issues_found"]
    assert sum(parts["services_by_category"].values()) == found["services_served"]


def test_figures_are_those_of_the_own_community() -> None:
    elsewhere = figures.readings(_user("dongfang-worker"), HALF)
    here = figures.readings(_user("worker"), HALF)
    both = figures.readings(_user("office"), HALF)
    held = [
        {r.figure.code: r.now for r in some}["education_events"] for some in (elsewhere, here, both)
    ]
    assert held[0] + held[1] == held[2]
    assert held[0] < held[1]


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STAFF)
def test_no_name_is_told_on_the_page(name: str) -> None:
    text = _home(name, "?period=2025H1")
    staff = set(User.objects.values_list("first_name", flat=True))
    told = {n for n in Resident.objects.values_list("name", flat=True) if len(n) > 2 and n in text}
    assert told - staff == set()


def test_whoever_has_nothing_to_do_is_told_so_kindly() -> None:
    text = _home("office")
    assert "手上的事都办完了" in text
    assert "件已逾期" not in text


def test_ten_times_the_rows_take_no_more_statements() -> None:
    worker = _user("worker")
    venue = LegalEducationEvent.objects.filter(community__code="xinhe")[0].venue

    def grow(count: int) -> None:
        start = timezone.now() - timedelta(days=2)
        events = [
            new_event(venue, title=f"活动{n}", starts_at=start, ends_at=start + timedelta(hours=1))
            for n in range(count)
        ]
        gate.save_many(events, by=SYSTEM)
        gate.move_many(events[::2], "open", by=SYSTEM)

    def statements() -> int:
        client = Client()
        client.force_login(worker)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/admin/").status_code == 200
        return len(captured)

    grow(2)
    few = statements()
    grow(60)
    assert statements() == few <= MOST_STATEMENTS, few


def test_a_badge_follows_the_next_write() -> None:
    secretary = _user("secretary")
    client = Client()
    client.force_login(secretary)

    def badge() -> int:
        sections = client.get("/admin/who-may-what/").context["sidebar_navigation"]
        items = [item for section in sections for item in section["items"]]
        return next(i["waits"] for i in items if str(i["link"]).endswith("/actionitem/"))

    item = waiting.rows_waiting("action_items_to_finish", secretary)[0]
    before = badge()
    assert before > 0
    gate.move(item, "start", by=SYSTEM) if item.status == "open" else None
    gate.move(item, "finish", by=SYSTEM)
    # Now it waits to be verified.
    assert badge() == before
    gate.move(item, "verify", by=SYSTEM)
    assert badge() == before - 1
