"""Repeating slots and closures through the main API: what would come of it, and what came."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core.access import SYSTEM
from backend.core.models import ChangeSet
from backend.people.models import User
from backend.places.models import Community
from backend.services import booking
from backend.services.models import Closure, ServiceItem, Slot, SlotException, SlotRule
from backend.services.scheduling import save_rule
from tests.conftest import user_with_role
from tests.schema.asking import caller, carried_out, data, id_of, nodes
from tests.services.counter import neighbours, told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
OUTCOME = """outcome { made { day bookings slotId } calledOff { day bookings slotId }
  left { day bookings slotId } }"""
RULE = f"rule {{ id code revision validUntil nth helper helperInFull }} {OUTCOME}"
CLOSURE = f"closure {{ id revision reason item {{ code }} }} {OUTCOME}"
EXCEPTION = f"exception {{ id revision day kind reason }} {OUTCOME}"


@pytest.fixture
def rule(item: ServiceItem) -> SlotRule:
    """Every week, on the weekday of the day after tomorrow, from then on: four slots."""
    day = timezone.localdate() + 2 * DAY
    made = SlotRule(
        community=item.community,
        item=item,
        weekday=day.weekday(),
        starts=datetime.time(9),
        ends=datetime.time(11),
        capacity=3,
        helper="钱若水",
        valid_from=day,
        valid_until=day + 400 * DAY,
        on_holiday="keep",
    )
    save_rule(made, by=SYSTEM)
    return made


def slots(rule: SlotRule, status: str = "open") -> list[Slot]:
    return list(Slot.objects.filter(rule=rule, status=status).order_by("starts_at"))


def without_ids(outcome: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{"day": one["day"], "bookings": one["bookings"]} for one in some]
        for name, some in outcome.items()
    }


def test_a_closure_is_tried_first_and_then_it_is_what_was_told(
    rule: SlotRule, community: Community, worker: User
) -> None:
    client, (one,) = caller(worker), neighbours(community, 1)
    first = slots(rule)[0]
    booking.place_booking(first, by=one)
    given = {
        "community": "xinhe",
        "firstDay": str(first.rule_day),
        "lastDay": str(first.rule_day),
        "reason": "停电检修",
        "idempotencyKey": "k",
    }
    sets, letters = ChangeSet.objects.count(), told(one)
    tried = carried_out(client, "createClosure", CLOSURE, **given, dryRun=True)
    assert (tried["errors"], tried["closure"]) == ([], None)
    (off,) = tried["outcome"]["calledOff"]
    assert (off["day"], off["bookings"]) == (str(first.rule_day), 1)
    assert (Closure.objects.count(), len(slots(rule)), told(one)) == (0, 4, letters)
    assert ChangeSet.objects.count() == sets, "nothing is left of it, no history either"
    done = carried_out(client, "createClosure", CLOSURE, **given)
    assert done["closure"]["reason"] == "停电检修"
    assert done["outcome"] == tried["outcome"]
    assert (len(slots(rule)), told(one)[-1]) == (3, "service_slot_cancelled")
    again = carried_out(client, "createClosure", CLOSURE, **given)
    assert again["closure"]["id"] == done["closure"]["id"], "the same key: the first result"
    assert (again["outcome"], Closure.objects.count()) == (None, 1)
    key = done["closure"]["id"]
    wider = carried_out(
        client,
        "updateClosure",
        CLOSURE,
        closureId=key,
        lastDay=str(slots(rule)[0].rule_day),
        expectedRevision=done["closure"]["revision"],
    )
    assert len(wider["outcome"]["calledOff"]) == 1
    stale = carried_out(
        client, "updateClosure", CLOSURE, closureId=key, reason="x", expectedRevision=1
    )
    assert (stale["errors"], stale["closure"]["reason"]) == (["changed_meanwhile"], "停电检修")
    refused = carried_out(client, "removeClosure", "closure { id }", closureId=key)
    assert refused["errors"] == ["not_allowed"], "as on the page: the secretary takes away"
    secretary = caller(user_with_role("head", "secretary", community=community))
    gone = carried_out(secretary, "removeClosure", "closure { id }", closureId=key)
    assert (gone["errors"], gone["closure"], Closure.objects.count()) == ([], None, 0)
    assert len(slots(rule, "cancelled")) == 2, "what was called off stays so"


def test_a_rule_is_tried_made_and_changed(
    item: ServiceItem, community: Community, worker: User
) -> None:
    client, day = caller(worker), timezone.localdate() + 2 * DAY
    given = {
        "itemId": id_of(item),
        "weekday": day.weekday(),
        "starts": "09:00:00",
        "ends": "11:00:00",
        "validFrom": str(day),
        "onHoliday": "KEEP",
        "idempotencyKey": "k",
    }
    wrong = carried_out(client, "createSlotRule", RULE, **given, frequency="MONTHLY", dryRun=True)
    assert (wrong["errors"], wrong["outcome"]) == (["nth_missing"], None)
    tried = carried_out(client, "createSlotRule", RULE, **given, dryRun=True)
    assert [one["slotId"] for one in tried["outcome"]["made"]] == [None] * 4
    assert (SlotRule.objects.count(), Slot.objects.count()) == (0, 0)
    done = carried_out(client, "createSlotRule", RULE, **given)
    assert without_ids(done["outcome"]) == without_ids(tried["outcome"])
    rule = SlotRule.objects.get()
    assert rule.capacity == item.capacity, "the item's own"
    assert {one["slotId"] for one in done["outcome"]["made"]} == {id_of(s) for s in slots(rule)}
    (one,) = neighbours(community, 1)
    booked = slots(rule)[0]
    booking.place_booking(booked, by=one)
    key = {"ruleId": done["rule"]["id"]}
    tomorrow = {"weekday": (rule.weekday + 1) % 7}
    tried = carried_out(client, "updateSlotRule", RULE, **key, **tomorrow, dryRun=True)
    (left,) = tried["outcome"]["left"]
    assert (left["slotId"], left["bookings"]) == (id_of(booked), 1)
    assert len(tried["outcome"]["calledOff"]) == 3
    rule.refresh_from_db()
    assert (rule.weekday, len(slots(rule))) == (day.weekday(), 4), "nothing has changed"
    seen = done["rule"]["revision"]
    moved = carried_out(client, "updateSlotRule", RULE, **key, **tomorrow, expectedRevision=seen)
    assert without_ids(moved["outcome"]) == without_ids(tried["outcome"])
    late = carried_out(client, "updateSlotRule", RULE, **key, capacity=9, expectedRevision=seen)
    assert late["errors"] == ["changed_meanwhile"]
    assert late["rule"]["revision"] == moved["rule"]["revision"], "what stands now"


def test_absent_leaves_null_clears_and_a_mask_sent_back_stays(rule: SlotRule, worker: User) -> None:
    client, key = caller(worker), {"ruleId": id_of(rule)}
    kept = carried_out(client, "updateSlotRule", RULE, **key, helper="钱*")
    assert (kept["rule"]["helper"], kept["rule"]["helperInFull"]) == ("钱*", None)
    rule.refresh_from_db()
    assert (rule.helper, rule.valid_until is not None) == ("钱若水", True)
    cleared = carried_out(client, "updateSlotRule", RULE, **key, validUntil=None, helper=None)
    assert (cleared["rule"]["validUntil"], cleared["rule"]["helper"]) == (None, "")
    needed = carried_out(client, "updateSlotRule", RULE, **key, weekday=None)
    assert needed["errors"] == ["value_missing"]


def test_one_time_less_and_one_more(rule: SlotRule, community: Community, worker: User) -> None:
    client, (one,) = caller(worker), neighbours(community, 1)
    slot = slots(rule)[1]
    booking.place_booking(slot, by=one)
    given = {"ruleId": id_of(rule), "day": str(slot.rule_day), "reason": "师傅请假"}
    tried = carried_out(
        client, "addSlotException", EXCEPTION, **given, idempotencyKey="a", dryRun=True
    )
    assert [off["slotId"] for off in tried["outcome"]["calledOff"]] == [id_of(slot)]
    assert SlotException.objects.count() == 0
    done = carried_out(client, "addSlotException", EXCEPTION, **given, idempotencyKey="a")
    assert (done["exception"]["kind"], done["outcome"]) == ("SKIP", tried["outcome"])
    twice = carried_out(client, "addSlotException", EXCEPTION, **given, idempotencyKey="b")
    assert twice["errors"] == ["exception_taken"]
    other = slots(rule)[0].rule_day
    assert other is not None
    more = carried_out(
        client,
        "updateSlotException",
        EXCEPTION,
        exceptionId=done["exception"]["id"],
        kind="EXTRA",
        day=str(other + DAY),
        reason=None,
    )
    assert [made["day"] for made in more["outcome"]["made"]] == [str(other + DAY)]
    assert more["exception"]["reason"] == ""
    secretary = caller(user_with_role("head", "secretary", community=community))
    gone = carried_out(
        secretary, "removeSlotException", EXCEPTION, exceptionId=done["exception"]["id"]
    )
    assert (gone["errors"], gone["exception"]) == ([], None)
    assert [off["day"] for off in gone["outcome"]["calledOff"]] == [str(other + DAY)]


def test_a_rule_is_applied_by_who_may_edit_alone(
    rule: SlotRule, community: Community, worker: User
) -> None:
    (one,) = neighbours(community, 1)
    Slot.objects.filter(rule=rule).delete()
    refused = carried_out(caller(one.user), "applySlotRule", RULE, ruleId=id_of(rule))
    assert (refused["errors"], Slot.objects.count()) == (["not_allowed"], 0)
    done = carried_out(caller(worker), "applySlotRule", RULE, ruleId=id_of(rule))
    assert len(done["outcome"]["made"]) == len(slots(rule)) == 4


def test_rules_and_closures_are_listed_for_the_community(
    rule: SlotRule, community: Community, worker: User, other_worker: User
) -> None:
    client, (one,) = caller(worker), neighbours(community, 1)
    day = str(slots(rule)[0].rule_day)
    carried_out(
        client,
        "addSlotException",
        EXCEPTION,
        ruleId=id_of(rule),
        day=day,
        idempotencyKey="a",
    )
    for number, item in enumerate((None, id_of(rule.item))):
        carried_out(
            client,
            "createClosure",
            CLOSURE,
            community="xinhe",
            itemId=item,
            firstDay=day,
            lastDay=day,
            reason="检修",
            idempotencyKey=f"c{number}",
        )
    query = """query ($item: String!, $day: Date!) {
      slotRules(filters: {item: $item, on: $day}) { totalCount edges { node {
        code helper item { code } exceptions { day kind } } } }
      past: slotRules(filters: {on: "2020-01-01"}) { totalCount }
      closures(filters: {item: $item, endsFrom: $day}) { totalCount edges { node {
        reason item { code } } } }
      general: closures(filters: {item: "none"}) { totalCount } }"""
    seen = data(caller(one.user), query, item=rule.item.code, day=day)
    (listed,) = nodes(seen["slotRules"])
    assert listed["exceptions"] == [{"day": day, "kind": "SKIP"}]
    assert (listed["code"], listed["helper"]) == (rule.code, "钱*")
    assert seen["past"]["totalCount"] == 0
    assert (seen["closures"]["totalCount"], seen["general"]["totalCount"]) == (2, 1)
    elsewhere = data(caller(other_worker), query, item=rule.item.code, day=day)
    assert {one["totalCount"] for one in elsewhere.values()} == {0}
    by_code = "query ($code: String!) { slotRule(code: $code) { id } }"
    assert data(client, by_code, code=rule.code)["slotRule"] == {"id": id_of(rule)}
    assert data(caller(other_worker), by_code, code=rule.code)["slotRule"] is None
