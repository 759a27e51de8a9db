"""Joint meetings through both APIs: convened, held, minuted, published; who is accountable."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.meetings import actions
from backend.meetings.models import ActionItem, JointMeeting, MinutesRevision
from backend.people.models import User
from tests.conftest import user_with_role
from tests.meetings.world import Town, contact, decided, in_session, new_meeting
from tests.schema.asking import OPEN, ask, caller, carried_out, data, id_of, nodes

pytestmark = pytest.mark.django_db


def do(client: Client, verb: str, wanted: str, **given: Any) -> dict[str, Any]:
    """What a verb answers."""
    kind = {
        "createJointMeeting": "CreateJointMeetingInput",
        "addAgendaItem": "AddAgendaItemInput",
        "callRoll": "CallRollInput",
        "startAgendaItem": "AgendaItemInput",
        "callVote": "CallVoteInput",
        "countVote": "CountVoteInput",
        "resolveAgendaItem": "ResolveInput",
        "addActionItem": "AddActionItemInput",
        "reviseMinutes": "ReviseMinutesInput",
        "reportActionItem": "ReportActionItemInput",
        "finishActionItem": "MoveActionItemInput",
    }.get(verb, "MoveJointMeetingInput")
    query = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ {wanted} errors {{ code field }} }} }}"
    return data(client, query, input=given)[verb]


def test_a_meeting_is_prepared_held_and_published_through_the_api(
    town: Town, secretary: User
) -> None:
    client = caller(secretary)
    made = do(
        client,
        "createJointMeeting",
        "meeting { id code status }",
        community="xinhe",
        title="四月联席会议",
        startsAt=timezone.now().isoformat(),
        idempotencyKey="a",
    )
    assert made["errors"] == []
    key, code = made["meeting"]["id"], made["meeting"]["code"]
    item = do(
        client,
        "addAgendaItem",
        "item { id position }",
        meetingId=key,
        title="增设充电点",
        kind="DECISION",
        idempotencyKey="b",
    )["item"]
    assert item["position"] == 1
    short = do(client, "noticeJointMeeting", "meeting { status }", meetingId=key)
    assert short["errors"] == [{"code": "notice_too_short", "field": "startsAt"}]
    early = timezone.now() - datetime.timedelta(days=4)
    actions.notice(JointMeeting.objects.get(), by=SYSTEM, occurred_at=early)
    assert do(client, "openJointMeeting", "meeting { status }", meetingId=key)["errors"] == []
    one = data(
        client,
        f'{{ jointMeeting(code: "{code}") {{ quorum {{ reached missing words }} roll {{ name seat {{ id }} }} availableActions {{ name allowed reason }} }} }}',
    )["jointMeeting"]
    assert one["quorum"]["reached"] is False
    assert one["quorum"]["missing"][0] == "社区党委"
    offered = {a["name"]: a["allowed"] for a in one["availableActions"]}
    assert offered == {"declare_inquorate": True, "close": False}
    seats = [row["seat"]["id"] for row in one["roll"]]
    lines = [{"seatId": seat, "kind": "PRESENT"} for seat in seats]
    assert do(client, "callRoll", "meeting { id }", meetingId=key, lines=lines)["errors"] == []
    do(client, "startAgendaItem", "item { status }", itemId=item["id"])
    vote = do(client, "callVote", "vote { id seatsPresent }", itemId=item["id"], motion="同意")
    votes = [{"seatId": seat, "choice": "FOR"} for seat in seats]
    counted = do(
        client,
        "countVote",
        "vote { status outcome votesFor }",
        voteId=vote["vote"]["id"],
        votes=votes,
    )
    assert counted["vote"] == {"status": "COUNTED", "outcome": "carried", "votesFor": 6}
    made = do(
        client,
        "resolveAgendaItem",
        "resolution { id number votesFor majority }",
        itemId=item["id"],
        text="增设充电点",
        idempotencyKey="c",
    )["resolution"]
    assert (made["number"], made["votesFor"], made["majority"]) == (1, 6, "simple")
    action = do(
        client,
        "addActionItem",
        "actionItem { code organizationName overdue }",
        resolutionId=made["id"],
        organizationId=to_base64("Organization", town.bodies["物业"].pk),
        title="安装充电桩",
        workingDays=5,
        idempotencyKey="d",
    )
    assert action["actionItem"]["organizationName"] == "诚信行物业"
    for verb in ("closeJointMeeting", "confirmMinutes", "publishMinutes"):
        assert do(client, verb, "meeting { status }", meetingId=key)["errors"] == [], verb
    (node,) = nodes(
        data(
            caller(),
            "{ resolutions { edges { node { number text meeting { code minutes } actionItems { title organization overdue } } } } }",
            OPEN,
        )["resolutions"]
    )
    assert node["actionItems"] == [
        {"title": "安装充电桩", "organization": "诚信行物业", "overdue": False}
    ]
    assert "增设充电点" in node["meeting"]["minutes"]


def test_the_roll_and_the_votes_are_read_as_they_were_written(
    town: Town, secretary: User, resident_user: User
) -> None:
    speaker = contact(town, "物业", resident_user)
    meeting = in_session(town, here=[])
    client = caller(secretary)
    key, seats = id_of(meeting), {name: id_of(seat) for name, seat in town.seats.items()}
    lines: list[dict[str, Any]] = [
        {"seatId": seats["党委"], "kind": "PRESENT", "attendee": "吴书记"},
        {
            "seatId": seats["物业"],
            "kind": "LATE",
            "representativeId": id_of(speaker),
            "online": True,
        },
        {"seatId": seats["居委会"], "kind": "PRESENT"},
        {"seatId": seats["业委会"], "kind": "PROXY", "proxySeatId": seats["居委会"]},
        {"seatId": seats["商户"], "kind": "EXCUSED"},
    ]
    said = [{"attendee": "孙热心"}, {"organizationId": id_of(town.bodies["协会"])}]
    called = do(client, "callRoll", "meeting { id }", meetingId=key, lines=lines, observers=said)
    assert called["errors"] == []
    item = actions.start_item(meeting.items.get(), by=SYSTEM)
    vote = actions.call_vote(item, "同意", by=SYSTEM)
    choices = {town.seats[n].pk: "for" for n in ("党委", "物业")}
    choices |= {town.seats[n].pk: "against" for n in ("居委会", "业委会")}
    actions.cast(vote, choices, by=SYSTEM)
    actions.count(vote, by=SYSTEM)
    wanted = "presence { seatId kind here attendee online proxyName } observers items { votes { outcome votesFor votesAgainst } }"
    one = data(client, f'{{ jointMeeting(code: "{meeting.code}") {{ {wanted} }} }}')["jointMeeting"]
    found = {row.pop("seatId"): tuple(row.values()) for row in one["presence"]}
    assert found == {
        seats["党委"]: ("PRESENT", True, "吴*", False, ""),
        seats["物业"]: ("LATE", True, "周*", True, ""),
        seats["居委会"]: ("PRESENT", True, "", False, ""),
        seats["业委会"]: ("PROXY", True, "", False, "新河社区居委会"),
        seats["商户"]: ("EXCUSED", False, "", False, ""),
        seats["协会"]: (None, False, "", False, ""),
    }
    assert one["observers"] == ["孙*", "邻里互助会"]
    # A tie makes no resolution, and is known all the same.
    (only,) = one["items"]
    assert only["votes"] == [{"outcome": "not_carried", "votesFor": 2, "votesAgainst": 2}]
    lines = [{"seatId": seats["商户"], "kind": "PRESENT", "representativeId": id_of(speaker)}]
    refused = do(client, "callRoll", "meeting { id }", meetingId=key, lines=lines)
    assert [error["code"] for error in refused["errors"]] == ["representative_of_another"]


def test_nothing_is_open_before_it_is_published(town: Town) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
    actions.add_action(resolution, town.bodies["物业"], "去修", by=SYSTEM)
    lists = "jointMeetings { totalCount } resolutions { totalCount } actionItems { totalCount }"
    for publish in (False, True):
        if publish:
            actions.close(meeting, by=SYSTEM)
            actions.confirm(meeting, by=SYSTEM)
            actions.publish(meeting, by=SYSTEM)
        found = data(caller(), f"{{ {lists} }}", OPEN)
        assert {name: row["totalCount"] for name, row in found.items()} == dict.fromkeys(
            ("jointMeetings", "resolutions", "actionItems"), int(publish)
        )
    actions.MEETING_VERBS["withdraw"](meeting, by=SYSTEM, reason="撤下")
    assert data(caller(), "{ resolutions { totalCount } }", OPEN)["resolutions"]["totalCount"] == 0


def test_two_who_save_the_minutes_both_are_answered(
    town: Town, secretary: User, worker: User
) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    meeting = actions.close(meeting, by=SYSTEM)
    key = to_base64("JointMeeting", meeting.pk)
    wanted = "meeting { minutes minutesNumber } current currentNumber keptAs"
    first = do(caller(secretary), "reviseMinutes", wanted, meetingId=key, text="甲", basedOn=1)
    assert first["meeting"] == {"minutes": "甲", "minutesNumber": 2}
    second = do(caller(worker), "reviseMinutes", wanted, meetingId=key, text="乙", basedOn=1)
    assert [error["code"] for error in second["errors"]] == ["minutes_conflict"]
    assert (second["current"], second["currentNumber"], second["keptAs"]) == ("甲", 2, 3)
    assert MinutesRevision.objects.get(number=3).text == "乙"


def test_a_contact_sees_and_reports_the_own_item_and_nothing_else(
    town: Town, community: Any
) -> None:
    partner = user_with_role("partner", "partner", community=community)
    contact(town, "物业", partner)
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
    for short in ("物业", "居委会"):
        actions.add_action(resolution, town.bodies[short], f"{short}去办", by=SYSTEM)
    client = caller(partner)
    found = data(
        client,
        """{ jointMeetings { totalCount } resolutions { totalCount } actionItems { edges { node {
        id title organizationName resolution { text } organization { name } availableActions { name } } } } }""",
    )
    assert (found["jointMeetings"]["totalCount"], found["resolutions"]["totalCount"]) == (0, 0)
    (node,) = nodes(found["actionItems"])
    assert (node["title"], node["resolution"]) == ("物业去办", None)
    assert [move["name"] for move in node["availableActions"]] == ["start"]
    said = do(
        client,
        "reportActionItem",
        "progress { text }",
        actionItemId=node["id"],
        text="换了两盏",
        idempotencyKey="x",
    )
    assert said["progress"]["text"] == "换了两盏"
    assert do(client, "finishActionItem", "actionItem { status }", actionItemId=node["id"])[
        "actionItem"
    ] == {"status": "DONE"}
    other = ActionItem.objects.get(title="居委会去办")
    refused = do(
        client,
        "reportActionItem",
        "progress { text }",
        actionItemId=to_base64("ActionItem", other.pk),
        text="冒名",
        idempotencyKey="y",
    )
    assert refused["errors"][0]["code"] == "not_found"


def test_lists_are_filtered_ordered_and_paged(town: Town, worker: User) -> None:
    for days in (4, 9, 14):
        new_meeting(town, days=days, title=f"{days}天后")
    client = caller(worker)
    found = data(
        client,
        "{ jointMeetings(first: 2, order: [{startsAt: ASC}], filters: {status: [DRAFT]}) { totalCount edges { node { title } } } }",
    )["jointMeetings"]
    assert (found["totalCount"], [n["title"] for n in nodes(found)]) == (3, ["4天后", "9天后"])
    soon = (timezone.now() + datetime.timedelta(hours=1)).isoformat()
    since = f'{{ jointMeetings(filters: {{updatedSince: "{soon}"}}) {{ totalCount }} }}'
    assert data(client, since)["jointMeetings"]["totalCount"] == 0
    assert "errors" in ask(client, "{ jointMeetings(first: 101) { totalCount } }")


@pytest.mark.parametrize("address", ["/graphql/", OPEN])
def test_who_is_accountable_costs_the_same_for_many(town: Town, worker: User, address: str) -> None:
    organization = "organizationName" if address != OPEN else "organization"
    query = f"{{ resolutions(first: 50) {{ edges {{ node {{ number actionItems {{ title overdue {organization} }} }} }} }} }}"

    def statements() -> int:
        client = caller(worker if address != OPEN else None)
        with CaptureQueriesContext(connection) as captured:
            data(client, query, address)
        return len(captured)

    def publish_one() -> None:
        meeting = in_session(town)
        decided(meeting, town)
        resolution = actions.resolve(meeting.items.get(), "修路灯", by=SYSTEM)
        for short in ("物业", "居委会"):
            actions.add_action(resolution, town.bodies[short], "去办", by=SYSTEM)
        for verb in (actions.close, actions.confirm, actions.publish):
            verb(meeting, by=SYSTEM)

    publish_one()
    first = statements()
    for _ in range(3):
        publish_one()
    assert statements() == first


def test_an_item_is_noted_after_the_sitting_and_the_minutes_drafted_anew(
    town: Town, secretary: User, worker: User
) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    meeting = actions.close(meeting, by=SYSTEM)
    item = meeting.items.order_by("position")[0]
    given, wanted = {"itemId": id_of(item)}, "item { note revision }"
    seen = carried_out(caller(worker), "noteAgendaItem", wanted, **given, note="先装两处")["item"]
    late = carried_out(
        caller(secretary),
        "noteAgendaItem",
        wanted,
        **given,
        note="装三处",
        expectedRevision=seen["revision"] - 1,
    )
    assert (late["errors"], late["item"]) == (["changed_meanwhile"], seen)
    minutes = "meeting { minutes minutesNumber } current currentNumber keptAs"
    given = {"meetingId": id_of(meeting), "basedOn": 1}
    anew = carried_out(caller(secretary), "redraftMinutes", minutes, **given)
    assert anew["meeting"]["minutesNumber"] == 2
    assert "先装两处" in anew["meeting"]["minutes"]
    third = do(
        caller(worker), "reviseMinutes", minutes, meetingId=given["meetingId"], text="丙", basedOn=2
    )
    assert third["errors"] == []
    conflict = carried_out(caller(secretary), "redraftMinutes", minutes, **given)
    assert (conflict["errors"], conflict["current"], conflict["keptAs"]) == (
        ["minutes_conflict"],
        "丙",
        4,
    )


def test_confirmed_minutes_take_no_note(town: Town, secretary: User) -> None:
    meeting = in_session(town)
    decided(meeting, town)
    meeting = actions.confirm(actions.close(meeting, by=SYSTEM), by=SYSTEM)
    item = meeting.items.order_by("position")[0]
    refused = carried_out(
        caller(secretary), "noteAgendaItem", "item { note }", itemId=id_of(item), note="又说"
    )
    assert refused == {"errors": ["minutes_are_fixed"], "item": None}
