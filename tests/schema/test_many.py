"""Verbs for many: the verdicts of the single verb in a loop, under either policy."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from strawberry.relay import to_base64

from backend.core import gate, many
from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.many import Policy, carry_out
from backend.core.models import ChangeSet, IdempotencyKey
from backend.people.models import User
from backend.places.models import Community
from backend.services.booking import join_line, place_booking
from backend.services.models import ServiceBooking, ServiceCategory
from tests.schema.asking import ask, caller, data
from tests.services.counter import new_item, new_slot

VERBS = ("cancelBooking", "confirmBooking", "markBookingServed")
SINGLE = """mutation($input: ServiceBookingInput!) { %s(input: $input) {
  serviceBooking { id status } errors { field code message } } }"""
TOGETHER = """mutation($input: %sInput!) { %s(input: $input) {
  results { index serviceBooking { id status } errors { field code message } }
  errors { index field code message } } }"""


@pytest.fixture
def bookings(community: Community, other_community: Community) -> list[str]:
    """Ids: two with places, three in line, one of another community, one of another type, none."""
    full = new_slot(new_item(community), 2)
    category = ServiceCategory(community=other_community, name="助老", code="zhu-away")
    gate.save(category, by=SYSTEM)
    away = new_slot(new_item(other_community, code="away"), 2)
    rows = [place_booking(full, by=SYSTEM, name=f"赵{name}") for name in "一二"]
    rows += [join_line(full, by=SYSTEM, name=f"钱{name}") for name in "一二三"]
    rows.append(place_booking(away, by=SYSTEM, name="孙一"))
    ids = [to_base64("ServiceBooking", row.pk) for row in rows]
    return [*ids, to_base64("Slot", full.pk), to_base64("ServiceBooking", 10**9)]


def states() -> list[tuple[int, str]]:
    return list(ServiceBooking.objects.order_by("pk").values_list("pk", "status"))


def singly(client: Client, verb: str, items: list[Any]) -> list[Any]:
    """What the single verb says of each, in a loop; each with its own transaction."""
    return [data(client, SINGLE % verb, input=item)[verb] for item in items]


def together(client: Client, verb: str, items: list[Any], policy: str, key: str = "k") -> Any:
    name = f"{verb}Many"
    text = TOGETHER % (name[0].upper() + name[1:], name)
    given = {"items": items, "policy": policy, "idempotencyKey": key}
    return data(client, text, input=given)[name]


ITEMS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["", "来电说明"])), min_size=1, max_size=8
)


def compare(verb: str, drawn: list[tuple[int, str]], bookings: list[str]) -> bool:
    """Whether any was refused; the verb for many agrees with the single one, whatever it says."""
    client = caller(User.objects.get(username="worker"))
    items = [{"bookingId": bookings[which], "reason": reason} for which, reason in drawn]
    before = states()
    with transaction.atomic():
        one_by_one, after = singly(client, verb, items), states()
        transaction.set_rollback(True)
    wrong = [(at, error) for at, one in enumerate(one_by_one) for error in one["errors"]]
    with transaction.atomic():
        good = together(client, verb, items, "GOOD_ONES")
        assert states() == after
        again = together(client, verb, items, "GOOD_ONES")
        transaction.set_rollback(True)
    assert [(one["index"], {k: one[k] for k in one if k != "index"}) for one in good["errors"]] == (
        wrong
    )
    assert [one["index"] for one in good["results"]] == list(range(len(items)))
    assert [one["errors"] for one in good["results"]] == [one["errors"] for one in one_by_one]
    made = [bool(one["serviceBooking"]) for one in good["results"]]
    assert made == [not one["errors"] for one in one_by_one]
    if any(made):
        assert again == good
    with transaction.atomic():
        all_ = together(client, verb, items, "ALL_OR_NOTHING")
        assert all_["errors"] == good["errors"]
        assert states() == (before if wrong else after)
        assert any(one["serviceBooking"] for one in all_["results"]) == (not wrong)
        transaction.set_rollback(True)
    return bool(wrong)


@pytest.mark.parametrize("verb", VERBS[:1])
@pytest.mark.once
@given(drawn=ITEMS)
@hypothesis_settings(max_examples=5)
def test_many_agree_with_the_single_verb_in_a_loop(
    verb: str, drawn: list[tuple[int, str]], bookings: list[str], worker: User
) -> None:
    compare(verb, drawn, bookings)


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
@given(drawn=ITEMS)
@hypothesis_settings(max_examples=12)
def test_many_agree_with_the_single_verb_whatever_is_asked(
    verb: str, drawn: list[tuple[int, str]], bookings: list[str], worker: User
) -> None:
    compare(verb, drawn, bookings)


def test_the_comparison_meets_both_good_and_refused(bookings: list[str], worker: User) -> None:
    assert not compare("cancelBooking", [(0, "来电说明"), (2, "来电说明")], bookings)
    # Twice the same, of another community, of another type, without a reason.
    mixed = [(0, "来电说明"), (0, "来电说明"), (5, "来电说明"), (6, "来电说明"), (1, "")]
    assert compare("cancelBooking", mixed, bookings)


def test_the_same_key_gives_the_first_result_and_a_refused_call_leaves_it_free(
    bookings: list[str], worker: User
) -> None:
    client = caller(worker)
    bad = [{"bookingId": bookings[5], "reason": "来电说明"}]
    good = [{"bookingId": bookings[0], "reason": "来电说明"}]
    assert together(client, "cancelBooking", bad, "ALL_OR_NOTHING")["results"][0]["errors"]
    assert not IdempotencyKey.objects.exists()
    first = together(client, "cancelBooking", good, "ALL_OR_NOTHING")
    sets = ChangeSet.objects.count()
    assert together(client, "cancelBooking", bad, "ALL_OR_NOTHING") == first
    assert ChangeSet.objects.count() == sets
    assert "赵" not in str(IdempotencyKey.objects.values())


def test_a_call_has_a_limit_and_a_price(bookings: list[str], worker: User) -> None:
    client = caller(worker)
    item = {"bookingId": bookings[0], "reason": "来电说明"}
    answer = together(client, "cancelBooking", [item] * (many.MOST_AT_ONCE + 1), "GOOD_ONES")
    assert [(one["index"], one["code"]) for one in answer["errors"]] == [(None, "too_many")]
    assert answer["results"] == []
    assert together(client, "cancelBooking", [], "GOOD_ONES") == {"results": [], "errors": []}
    none = together(client, "cancelBooking", [item], "GOOD_ONES", key="")
    assert [one["code"] for one in none["errors"]] == ["idempotency_key_invalid"]
    nobody = together(caller(), "cancelBooking", [item], "GOOD_ONES")
    assert [one["code"] for one in nobody["errors"]] == ["not_allowed"]
    text = TOGETHER % ("CancelBookingMany", "cancelBookingMany")
    given = {"items": [item], "policy": "GOOD_ONES", "idempotencyKey": "price"}
    cost = ask(client, text, input=given)["extensions"]["cost"]
    assert cost["price"] >= many.MOST_AT_ONCE


# --- the rule itself, with no database but for the transaction --------------------------------------


def test_a_set_based_verb_is_tried_first_and_asked_singly_when_it_refuses(db: None) -> None:
    calls: list[str] = []

    def one(item: int) -> int:
        calls.append(f"one {item}")
        if item % 2:
            raise RuleViolation("odd", "单数")
        return item

    def all_(items: Any) -> list[int]:
        calls.append("all")
        odd = {at: RuleViolation("odd", "单数") for at, item in enumerate(items) if item % 2}
        if odd:
            raise ManyViolations(odd)
        return list(items)

    assert carry_out([2, 4], one, Policy.GOOD_ONES, all_).made == {0: 2, 1: 4}
    assert calls == ["all"]
    told = carry_out([2, 3], one, Policy.GOOD_ONES, all_)
    assert (told.made, list(told.refused)) == ({0: 2}, [1])
    told = carry_out([2, 3, 5], one, Policy.ALL_OR_NOTHING, all_)
    assert (told.made, list(told.refused)) == ({}, [1, 2])
