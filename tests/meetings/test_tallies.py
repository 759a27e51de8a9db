"""When a motion is carried: at every edge, against fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.meetings.choices import Denominator, MajorityRule
from backend.meetings.tallies import (
    SHARES,
    Tally,
    in_words,
    is_carried,
    tally_is_possible,
    whole_of,
)

pytestmark = pytest.mark.once


def _tally(f: int, a: int, b: int = 0, present: int | None = None, all_: int = 12) -> Tally:
    return Tally(f, a, b, f + a + b if present is None else present, all_)


@pytest.mark.parametrize(
    ("tally", "rule", "denominator", "carried"),
    [
        # A tie is not carried, whatever it is measured against.
        (_tally(4, 4), "simple", "cast", False),
        (_tally(4, 4), "simple", "present", False),
        (_tally(6, 6), "simple", "all", False),
        (_tally(5, 4), "simple", "cast", True),
        # An abstention counts among those present, and not among the votes cast.
        (_tally(4, 3, 1), "simple", "cast", True),
        (_tally(4, 3, 1), "simple", "present", False),
        # Who is there and does not vote counts as those who abstain.
        (_tally(4, 3, 0, present=8), "simple", "present", False),
        (_tally(7, 1, all_=12), "simple", "all", True),
        (_tally(6, 0, all_=12), "simple", "all", False),
        # Two thirds are enough, and a vote less is not.
        (_tally(6, 3), "absolute", "present", True),
        (_tally(5, 3), "absolute", "present", False),
        (_tally(8, 0, all_=12), "absolute", "all", True),
        (_tally(7, 0, all_=12), "absolute", "all", False),
        (_tally(6, 2), "three_quarters", "present", True),
        (_tally(5, 2), "three_quarters", "present", False),
        (_tally(8, 0), "unanimous", "present", True),
        (_tally(7, 0, 1), "unanimous", "present", False),
        (_tally(7, 0, 1), "unanimous", "cast", True),
        # Nobody is for it.
        (_tally(0, 0, 5), "simple", "cast", False),
        (_tally(0, 0, 0), "unanimous", "cast", False),
        (_tally(0, 0, 0, present=0, all_=0), "simple", "all", False),
    ],
)
def test_an_edge(tally: Tally, rule: str, denominator: str, carried: bool) -> None:
    assert is_carried(tally, rule, denominator) == carried


_TALLIES = st.tuples(*[st.integers(0, 30)] * 5).map(
    lambda n: Tally(n[0], n[1], n[2], n[0] + n[1] + n[2] + n[3], sum(n))
)
_RULES = st.sampled_from(MajorityRule.values)
_DENOMINATORS = st.sampled_from(Denominator.values)
_NEEDED = {
    "simple": lambda part: part > Fraction(1, 2),
    "absolute": lambda part: part >= Fraction(2, 3),
    "three_quarters": lambda part: part >= Fraction(3, 4),
    "unanimous": lambda part: part == 1,
}


@given(_TALLIES, _RULES, _DENOMINATORS)
def test_carried_is_what_the_fraction_says(tally: Tally, rule: str, denominator: str) -> None:
    whole = {
        "present": tally.seats_present,
        "all": tally.seats_all,
        "cast": tally.votes_for + tally.votes_against,
    }[denominator]
    expected = bool(tally.votes_for and whole and _NEEDED[rule](Fraction(tally.votes_for, whole)))
    assert is_carried(tally, rule, denominator) == expected
    tally_is_possible(tally)


@given(st.integers(0, 500), _RULES)
def test_the_least_number_is_enough_and_one_less_is_not(whole: int, rule: str) -> None:
    share = SHARES[MajorityRule(rule)]
    least = share.least(whole)
    if whole:
        assert share.is_reached(least, whole)
        assert not share.is_reached(least - 1, whole)
    assert least >= 1


@given(_TALLIES, _RULES, _DENOMINATORS)
def test_the_words_say_the_outcome(tally: Tally, rule: str, denominator: str) -> None:
    said = in_words(tally, rule, denominator)
    assert said.endswith("，通过") == is_carried(tally, rule, denominator)
    assert f"（{whole_of(tally, denominator)}）" in said


@pytest.mark.parametrize(
    "tally",
    [
        Tally(5, 4, 1, 9, 12),
        Tally(-1, 2, 0, 9, 12),
        Tally(3, 2, 0, 13, 12),
    ],
)
def test_refuses_a_count_that_cannot_be(tally: Tally) -> None:
    with pytest.raises(RuleViolation) as refused:
        tally_is_possible(tally)
    assert refused.value.code == "tally_impossible"
