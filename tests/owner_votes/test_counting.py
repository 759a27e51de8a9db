"""Art. 278 on generated registers, against a count that is made another way: room by room, by hand.

The brute force knows nothing of sets of owners as keys: it asks of each pair of rooms whether the
same people own both, and adds square metres as decimals.
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.meetings.choices import OwnerMatter
from backend.owner_votes.choices import Opinion
from backend.owner_votes.counting import Buyer, CountedRoom, OwnerCount, thresholds_of
from backend.owner_votes.counting import count_owners as count_by

pytestmark = pytest.mark.once

SPECIAL = {"fund_raise", "rebuild", "common_use"}


def count_owners(matter: str, register: list[CountedRoom], ballots: dict[Buyer, str]) -> OwnerCount:
    return count_by(thresholds_of(matter), register, ballots)


@st.composite
def _votes(draw: st.DrawFn) -> tuple[list[CountedRoom], dict[Buyer, str]]:
    """Few people and rooms of like size, so that owners of several rooms, co-owners, and counts on
    the very edge come often."""
    people = st.frozensets(st.integers(1, 6), min_size=1, max_size=3)
    areas = st.one_of(st.sampled_from([6000, 9000, 12000]), st.integers(1, 50_000))
    rooms = draw(st.lists(st.tuples(areas, people), max_size=14))
    register = [CountedRoom(n, area, buyer) for n, (area, buyer) in enumerate(rooms)]
    buyers = sorted({room.buyer for room in register}, key=sorted)
    chosen = st.one_of(st.none(), st.sampled_from(["for", "for", "for", "against", "abstain"]))
    said = {buyer: draw(chosen) for buyer in buyers}
    return register, {buyer: choice for buyer, choice in said.items() if choice is not None}


def _brute_force(
    matter: str, register: list[CountedRoom], ballots: dict[Buyer, str]
) -> tuple[int, int, bool, bool]:
    heads_all = heads_taking = heads_for = 0
    area_all = area_taking = area_for = Decimal(0)
    for number, room in enumerate(register):
        metres = Decimal(room.area) / 100
        first = not any(sorted(r.buyer) == sorted(room.buyer) for r in register[:number])
        said = [choice for buyer, choice in ballots.items() if sorted(buyer) == sorted(room.buyer)]
        area_all += metres
        heads_all += first
        if said:
            area_taking += metres
            heads_taking += first
        if said == ["for"]:
            area_for += metres
            heads_for += first
    if not heads_all:
        return 0, 0, False, False
    take = Fraction(area_taking) / Fraction(area_all) >= Fraction(2, 3) and Fraction(
        heads_taking, heads_all
    ) >= Fraction(2, 3)
    if not take:
        return heads_all, heads_taking, False, False
    parts = (Fraction(area_for) / Fraction(area_taking), Fraction(heads_for, heads_taking))
    if matter in SPECIAL:
        return heads_all, heads_taking, True, all(part >= Fraction(3, 4) for part in parts)
    return heads_all, heads_taking, True, all(part > Fraction(1, 2) for part in parts)


@given(st.sampled_from(OwnerMatter.values), _votes())
def test_the_count_is_the_one_made_by_hand(
    matter: str, vote: tuple[list[CountedRoom], dict[Buyer, str]]
) -> None:
    register, ballots = vote
    found = count_owners(matter, register, ballots)
    expected = _brute_force(matter, register, ballots)
    assert (
        found.heads_all,
        found.heads_taking,
        found.enough_take_part,
        found.carried,
    ) == expected


def _rooms(*owned: tuple[int, set[int]]) -> list[CountedRoom]:
    return [CountedRoom(n, area, frozenset(owners)) for n, (area, owners) in enumerate(owned)]


def _said(**by: set[int]) -> dict[Buyer, str]:
    return {frozenset({owner}): choice for choice, owners in by.items() for owner in owners}


def test_one_owner_of_three_rooms_is_one_head_with_all_the_area() -> None:
    register = _rooms((5000, {1}), (5000, {1}), (5000, {1}), (5000, {2}))
    found = count_owners("company", register, {frozenset({1}): "for", frozenset({2}): "against"})
    assert (found.heads_all, found.areas["for"], found.heads["for"]) == (2, 15000, 1)
    # Three quarters of the area, but a tie of the heads.
    assert not found.carried


def test_co_owners_of_a_room_are_one_head() -> None:
    register = _rooms((9000, {1, 2}), (9000, {3}), (9000, {1}))
    assert count_owners("company", register, {}).heads_all == 3
    both = _rooms((9000, {1, 2}), (9000, {1, 2}))
    assert count_owners("company", both, {}).heads_all == 1


def _equal(owners: int) -> list[CountedRoom]:
    return _rooms(*((10_000, {n}) for n in range(owners)))


def _of_equals(owners: int, **counts: int) -> dict[Buyer, str]:
    choices = [choice for choice, count in counts.items() for _ in range(count)]
    return {frozenset({n}): choice for n, choice in enumerate(choices)}


def test_two_thirds_take_part_and_one_less_is_too_few() -> None:
    assert count_owners("company", _equal(9), _of_equals(9, **{"for": 6})).carried
    assert not count_owners("company", _equal(9), _of_equals(9, **{"for": 5})).enough_take_part


def test_one_hundredth_of_a_square_metre_decides() -> None:
    register = _rooms((20_000, {1}), (10_000, {2}))
    ballots = {frozenset({1}): "for"}
    assert not count_owners("company", register, ballots).enough_take_part  # one head of two
    three = _rooms((10_000, {1}), (10_000, {2}), (10_000, {3}))
    assert count_owners("company", three, _said(**{"for": {1, 2}})).enough_take_part
    less = _rooms((10_000, {1}), (9_999, {2}), (10_000, {3}))
    assert not count_owners("company", less, _said(**{"for": {1, 2}})).enough_take_part


def test_half_of_those_who_take_part_is_not_more_than_half() -> None:
    assert not count_owners("company", _equal(8), _of_equals(8, **{"for": 4, "against": 4})).carried
    assert count_owners("company", _equal(9), _of_equals(9, **{"for": 5, "against": 4})).carried


def test_abstentions_take_part_and_do_not_agree() -> None:
    ballots = _of_equals(8, **{"for": 4, "abstain": 4})
    found = count_owners("company", _equal(8), ballots)
    assert found.enough_take_part
    assert not found.carried


@pytest.mark.parametrize("matter", sorted(SPECIAL))
def test_three_matters_need_three_quarters(matter: str) -> None:
    assert count_owners(matter, _equal(8), _of_equals(8, **{"for": 6, "against": 2})).carried
    fewer = _of_equals(8, **{"for": 5, "against": 3})
    assert not count_owners(matter, _equal(8), fewer).carried
    assert count_owners(OwnerMatter.FUND_USE, _equal(8), fewer).carried


def test_nobody_owns_nothing() -> None:
    assert not count_owners("company", [], {}).carried


def test_refuses_a_ballot_of_somebody_who_owns_nothing_here() -> None:
    with pytest.raises(RuleViolation) as refused:
        count_owners("company", _equal(2), {frozenset({77}): Opinion.FOR})
    assert refused.value.code == "ballot_unknown"
