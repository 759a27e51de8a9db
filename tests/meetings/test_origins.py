"""Agenda items made of records: chosen from what waits, told where they came from, once an agenda."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.origins import all_origins, origin_called
from backend.demands import actions as demands
from backend.demands.models import Demand
from backend.meetings import actions
from backend.meetings.drafting import drafted_minutes
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting
from backend.meetings.proposing import MOST, candidates_for
from backend.partners import actions as partners
from backend.partners import reporting
from backend.partners.models import IncipientIssue, ProgressReport
from backend.patrols import patrolling
from backend.patrols.models import PatrolPoint
from backend.people.models import User
from backend.places.models import Community, Estate
from tests.conftest import user_with_role
from tests.meetings.world import Town, contact, decided, in_session, new_meeting
from tests.patrols.rounds import new_grid
from tests.schema.asking import caller, data

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def advisor(community: Community) -> User:
    return user_with_role("advisor", "legal_advisor", community=community)


def gone_on(town: Town, **values: Any) -> IncipientIssue:
    """An issue that went on as a demand."""
    given = {"place": "东门外", "kind": "parking", "description": "车位争执"} | values
    issue = IncipientIssue(community=town.community, found_on=TODAY(), **given)
    gate.save(issue, by=SYSTEM)
    return partners.escalate(issue, register="mediation.MediationCase", code="tj-7", by=SYSTEM)


def report(town: Town) -> ProgressReport:
    """A report that was handed in."""
    row = ProgressReport(
        community=town.community, organization=town.bodies["物业"], year=2026, number=3
    )
    made = reporting.make_report(row, [("路灯", "已换二十盏", "done")], by=SYSTEM)
    return reporting.submit(made, by=SYSTEM)


def unfinished(town: Town) -> ActionItem:
    """What a meeting of today agreed on, and nobody has done."""
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
    item = actions.add_action(resolution, town.bodies["物业"], "修路灯", by=SYSTEM)
    actions.confirm(actions.close(meeting, by=SYSTEM), by=SYSTEM)
    return item


def overdue(town: Town) -> Demand:
    """A demand of last month of which nothing has come."""
    received = timezone.now() - datetime.timedelta(days=30)
    row = Demand(
        community=town.community,
        content="路灯不亮",
        reporter_name="欧阳若谷",
        received_at=received,
    )
    return demands.register_demand(row, by=SYSTEM)


def seen(town: Town) -> PatrolPoint:
    """Something seen on a round and not handled yet."""
    community = town.community
    estate = gate.save(Estate(community=community, name="新河花园"), by=SYSTEM)
    patrol = patrolling.start_patrol(new_grid(estate), shift="morning", by=SYSTEM)
    return patrolling.answer(patrol, "safety", "issue", by=SYSTEM, note="楼道堆物")


def found(meeting: JointMeeting, user: Any = None, **more: Any) -> dict[str, list[str]]:
    return {
        group.kind: [one.code for one in group.found]
        for group in candidates_for(meeting, user, **more)
    }


def test_what_waits_stands_for_choice_in_each_register(town: Town) -> None:
    waiting = [gone_on(town), report(town), unfinished(town), overdue(town), seen(town)]
    # Not handed in, not passed on: these do not wait.
    gate.save(
        IncipientIssue(
            community=town.community,
            place="西门",
            kind="noise",
            description="夜里吵",
            found_on=TODAY(),
        ),
        by=SYSTEM,
    )
    meeting = new_meeting(town)
    kinds = ("incipient_issue", "progress_report", "action_item", "demand", "patrol_point")
    codes = dict(zip(kinds, waiting, strict=True))
    there = {kind: found_ for kind, found_ in found(meeting).items() if found_}
    assert there == {kind: [row.code] for kind, row in codes.items()}
    assert found(meeting, search="车位")["incipient_issue"] == [waiting[0].code]
    assert found(meeting, search="没有的")["incipient_issue"] == []
    assert set(found(meeting, kind="progress_report")) == {"progress_report"}


def test_an_item_says_which_record_it_was_made_of(town: Town) -> None:
    issue, told, task = gone_on(town), report(town), unfinished(town)
    demand = overdue(town)
    meeting = new_meeting(town)
    chosen = [
        ("incipient_issue", issue.code),
        ("progress_report", told.code),
        ("action_item", task.code),
        ("demand", demand.code),
    ]
    rows = actions.add_items_from(meeting, chosen, by=SYSTEM)
    assert [row.position for row in rows] == [2, 3, 4, 5]
    first, second, third, fourth = AgendaItem.objects.filter(meeting=meeting, position__gt=1)
    assert (first.title, first.origin) == (
        "苗头性问题：停车（东门外）",
        f"苗头性问题 {issue.code}",
    )
    assert "车位争执" in first.background
    assert "tj-7" in first.background
    assert (second.presenter, "已换二十盏" in second.background) == ("诚信行物业", True)
    assert third.about_action_id == task.pk
    assert (fourth.title, fourth.origin) == ("诉求：求助", f"诉求 {demand.code}")
    assert "路灯不亮" in fourth.background
    assert "若谷" not in fourth.title + fourth.background
    # It no longer waits for this meeting; on the next one's page one sees where it stood.
    assert found(meeting) == {one.kind: [] for one in all_origins()}
    again = candidates_for(new_meeting(town, days=9), None, kind="incipient_issue")[0].found[0]
    assert [item.meeting_id for item in again.listed] == [meeting.pk]


def test_all_or_none_and_nothing_twice(town: Town) -> None:
    issue = gone_on(town)
    meeting = new_meeting(town)
    for chosen, code in (
        ([("incipient_issue", issue.code), ("incipient_issue", "mt-none")], "not_found"),
        ([("demand", "sq-1")], "not_found"),
    ):
        with pytest.raises(RuleViolation) as refused:
            actions.add_items_from(meeting, chosen, by=SYSTEM)
        assert (refused.value.code, meeting.items.count()) == (code, 1)
    one = ("incipient_issue", issue.code)
    # Ticked twice is once.
    assert len(actions.add_items_from(meeting, [one, one], by=SYSTEM)) == 1
    with pytest.raises(RuleViolation) as twice:
        actions.add_items_from(meeting, [one], by=SYSTEM)
    assert (twice.value.code, meeting.items.count()) == ("origin_on_agenda", 2)
    # The database says so too, whoever writes.
    copy = AgendaItem.objects.get(meeting=meeting, origin_kind="incipient_issue")
    copy.pk, copy.position = None, 9
    with pytest.raises((RuleViolation, ManyViolations)):
        gate.save(copy, by=SYSTEM)
    noticed = actions.notice(meeting, by=SYSTEM)
    with pytest.raises(RuleViolation) as fixed:
        actions.add_items_from(noticed, [("incipient_issue", gone_on(town).code)], by=SYSTEM)
    assert fixed.value.code == "meeting_is_fixed"


def test_what_was_left_undone_is_carried_on_and_stands_there_once(town: Town) -> None:
    issue, task = gone_on(town), unfinished(town)
    now = timezone.now()
    first = new_meeting(town, days=0, items=0)
    chosen = [("incipient_issue", issue.code), ("action_item", task.code)]
    actions.add_items_from(first, chosen, by=SYSTEM)
    first = actions.notice(first, by=SYSTEM, occurred_at=now - datetime.timedelta(days=5))
    first = actions.open_meeting(first, by=SYSTEM)
    actions.call_roll(first, town.everybody(), by=SYSTEM)
    actions.close(first, by=SYSTEM)
    # Chosen from the register again, it is the same matter.
    second = new_meeting(town, days=5, items=0)
    row = actions.add_items_from(second, chosen[:1], by=SYSTEM)[0]
    assert row.carried_from is not None
    assert row.carried_from.meeting_id == first.pk
    # Carrying over adds the task, and once, though the item and the task are both left.
    assert actions.carry_over(second, by=SYSTEM) == 1
    codes = sorted(second.items.values_list("origin_code", flat=True))
    assert codes == sorted([issue.code, task.code])
    assert second.items.get(origin_code=task.code).about_action_id == task.pk
    assert actions.carry_over(second, by=SYSTEM) == 0
    # Carried over without being chosen first, it keeps what it was made of.
    third = new_meeting(town, days=6, items=0)
    assert actions.carry_over(third, by=SYSTEM) == 1
    assert third.items.get().origin_kind == "action_item"


def test_written_over_by_hand_it_points_at_no_record(town: Town) -> None:
    issue = gone_on(town)
    row = actions.add_items_from(new_meeting(town), [("incipient_issue", issue.code)], by=SYSTEM)[0]
    row.title = "停车怎么办"
    assert gate.save(row, by=SYSTEM).origin_kind == "incipient_issue"
    row.origin_code = "mt-other"
    assert gate.save(row, by=SYSTEM).origin_kind == ""


def test_a_figure_of_no_register_stands_in_the_item(town: Town) -> None:
    meeting = new_meeting(town, items=0)
    item = actions.add_item(
        meeting,
        "物业类热线",
        by=SYSTEM,
        origin_label="市民热线",
        origin_code="2026年10月",
        origin_count=31,
    )
    assert item.origin == "市民热线 2026年10月（31 件）"
    assert "（1）物业类热线（讨论，来源：市民热线 2026年10月（31 件））" in drafted_minutes(meeting)


def test_nobody_chooses_what_they_do_not_see(
    town: Town, worker: User, other_worker: User, advisor: User
) -> None:
    issue, meeting = gone_on(town), new_meeting(town)
    chosen = [("incipient_issue", issue.code)]
    for user in (other_worker, advisor):
        with pytest.raises(RuleViolation):
            actions.add_items_from(meeting, chosen, by=Actor.of(user, "test"))
    assert found(meeting, other_worker) == {kind.kind: [] for kind in all_origins()}
    # Legal advisors see meetings and no issues.
    assert found(meeting, advisor)["incipient_issue"] == []
    assert actions.add_items_from(meeting, chosen, by=Actor.of(worker, "test"))


def test_a_long_register_says_that_there_is_more(town: Town) -> None:
    for number in range(MOST + 1):
        gone_on(town, place=f"东门外{number}")
    group = candidates_for(new_meeting(town), None, kind="incipient_issue")[0]
    assert (len(group.found), group.more) == (MOST, True)


def test_choosing_costs_the_same_for_many(town: Town, worker: User) -> None:
    meeting = new_meeting(town)
    for _ in range(2):
        gone_on(town)
        actions.add_items_from(
            new_meeting(town, days=8), [("incipient_issue", gone_on(town).code)], by=SYSTEM
        )
    client = Client()
    client.force_login(worker)
    address = f"/admin/meetings/jointmeeting/{meeting.pk}/origins/"

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    first = statements()
    for _ in range(18):
        gone_on(town)
        actions.add_items_from(
            new_meeting(town, days=8), [("incipient_issue", gone_on(town).code)], by=SYSTEM
        )
    assert statements() == first


def test_from_the_page_to_the_agenda_and_back_to_the_record(
    town: Town, worker: User, advisor: User
) -> None:
    issue, meeting = gone_on(town), new_meeting(town, items=0)
    client = Client()
    client.force_login(worker)
    page = f"/admin/meetings/jointmeeting/{meeting.pk}/"
    assert "从登记里选议题" in client.get(f"{page}change/").content.decode()
    shown = client.get(f"{page}origins/").content.decode()
    assert issue.code in shown
    assert "车位争执" in shown
    none = client.post(f"{page}origins/", {"do": "choose", "kind": "deliberation"}, follow=True)
    assert "请先勾选" in none.content.decode()
    wanted = {"do": "choose", "kind": "deliberation", "from": f"incipient_issue:{issue.code}"}
    client.post(f"{page}origins/", wanted)
    figure = {
        "do": "figure",
        "kind": "information",
        "title": "热线情况",
        "origin_label": "市民热线",
        "origin_code": "2026年10月",
    }
    assert (
        "整数"
        in client.post(
            f"{page}origins/", figure | {"origin_count": "x"}, follow=True
        ).content.decode()
    )
    client.post(f"{page}origins/", figure | {"origin_count": "31"})
    assert list(meeting.items.values_list("origin_label", "origin_count")) == [
        ("苗头性问题", None),
        ("市民热线", 31),
    ]
    record = f"/admin/partners/incipientissue/{issue.pk}/change/"
    assert "列入筹备中的会议" in client.get(record).content.decode()
    noticed = actions.notice(meeting, by=SYSTEM)
    assert f"列入{noticed.numbered}会议" in client.get(record).content.decode()
    notice = client.get(f"{page}notice/").content.decode()
    assert f"来源：苗头性问题 {issue.code}" in notice
    stranger = Client()
    stranger.force_login(advisor)
    assert stranger.get(f"{page}origins/").status_code == 403


def test_the_api_lists_what_waits_and_puts_it_on_the_agenda(
    town: Town, worker: User, resident_user: User
) -> None:
    issue, meeting = gone_on(town), new_meeting(town, items=0)
    key = to_base64("JointMeeting", meeting.pk)
    asked = f'{{ agendaCandidates(meetingId: "{key}", kind: "incipient_issue") {{ label more candidates {{ kind code title listedIn }} }} }}'
    client = caller(worker)
    group = data(client, asked)["agendaCandidates"][0]
    assert (group["label"], group["candidates"][0]["code"]) == ("苗头性问题", issue.code)
    assert data(caller(resident_user), asked)["agendaCandidates"] == []
    given = f'meetingId: "{key}", originKind: "incipient_issue", originCode: "{issue.code}", idempotencyKey: "k"'
    verb = f"mutation {{ addAgendaItemFrom(input: {{{given}}}) {{ errors {{ code }} item {{ id title originKind }} }} }}"
    made = data(client, verb)["addAgendaItemFrom"]
    assert (made["errors"], made["item"]["originKind"]) == ([], "incipient_issue")
    # The same key twice: the first result.
    assert data(client, verb)["addAgendaItemFrom"]["item"]["id"] == made["item"]["id"]
    where = f'{{ agendaItems(filters: {{originKind: "incipient_issue", originCode: "{issue.code}"}}) {{ edges {{ node {{ position meeting {{ title }} }} }} }} }}'
    listed = data(client, where)["agendaItems"]["edges"]
    assert [edge["node"]["meeting"]["title"] for edge in listed] == ["联席会议"]


def test_a_contact_sees_the_own_record_and_not_the_meeting(town: Town, community: Any) -> None:
    told = report(town)
    actions.add_items_from(new_meeting(town), [("progress_report", told.code)], by=SYSTEM)
    user = user_with_role("speaks", "partner", community=community)
    contact(town, "物业", user)
    client = Client()
    client.force_login(user)
    page = client.get(f"/admin/partners/progressreport/{told.pk}/change/")
    assert page.status_code == 200
    assert "列入" not in page.content.decode()


def test_every_origin_fits_the_item_it_makes() -> None:
    for one in all_origins():
        assert len(one.kind) <= 40
        assert len(one.label) <= 30
        assert origin_called(one.kind) is one
