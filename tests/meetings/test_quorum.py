"""Who is there, and whether it is enough: at every edge, and against a second way of counting."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.meetings import quorum as q
from backend.meetings.choices import PresenceKind, SeatTier
from backend.people.choices import OrganizationKind as Body

pytestmark = pytest.mark.once

NINE = datetime(2025, 4, 10, 9, 0, tzinfo=UTC)
CORE, COMMITTEE, COMPANY, OWNERS = range(1, 5)
ROLL = [
    q.RolledSeat(CORE, SeatTier.CORE, Body.PARTY_COMMITTEE, "社区党委"),
    q.RolledSeat(COMMITTEE, SeatTier.TRIPARTITE, Body.RESIDENTS_COMMITTEE, "居委会"),
    q.RolledSeat(COMPANY, SeatTier.TRIPARTITE, Body.PROPERTY_COMPANY, "物业公司"),
    q.RolledSeat(OWNERS, SeatTier.TRIPARTITE, Body.OWNERS_COMMITTEE, "业委会"),
    *(q.RolledSeat(n, SeatTier.EXTENDED, Body.MERCHANT, f"商户{n}") for n in range(5, 9)),
]
EVERYBODY = frozenset(seat.key for seat in ROLL)


def _line(seat: int, kind: str, minute: int = 0, order: int = 0, **more: object) -> q.Entry:
    return q.Entry(seat, kind, NINE + timedelta(minutes=minute), order, **more)  # type: ignore[arg-type]


def _words(here: set[int], rule: q.QuorumRule = q.QuorumRule()) -> str:  # noqa: B008
    return q.quorum_of(rule, ROLL, here).words


def test_everybody_is_a_quorum() -> None:
    assert q.quorum_of(q.QuorumRule(), ROLL, EVERYBODY).reached
    assert _words(set(EVERYBODY)) == "已达法定人数（到会 8 席，全体 8 席，至少 5 席）"


def test_half_of_the_seats_is_not_more_than_half() -> None:
    assert "还差：1 席" in _words({CORE, COMMITTEE, COMPANY, 5})
    assert q.quorum_of(q.QuorumRule(), ROLL, {CORE, COMMITTEE, COMPANY, 5, 6}).reached


def test_without_the_core_seat_nothing_is_decided() -> None:
    assert "还差：社区党委（" in _words(set(EVERYBODY) - {CORE})


def test_one_of_the_three_is_not_enough() -> None:
    assert "还差：居委会、物业公司中的1方（" in _words(set(EVERYBODY) - {COMMITTEE, COMPANY})
    assert "还差：居委会、物业公司、业委会中的2方（" in _words(
        set(EVERYBODY) - {COMMITTEE, COMPANY, OWNERS}
    )


def test_where_one_of_the_three_has_no_seat_both_others_are_needed() -> None:
    roll = [seat for seat in ROLL if seat.key != OWNERS]
    found = q.quorum_of(q.QuorumRule(), roll, {1, 2, 5, 6, 7})
    assert found.missing == ("物业公司",)
    assert "还差：物业公司（" in found.words


def test_a_vacant_body_is_named_as_vacant() -> None:
    roll = [seat for seat in ROLL if seat.key not in (OWNERS, COMPANY)]
    assert q.quorum_of(q.QuorumRule(), roll, {1, 2, 5, 6, 7, 8}).missing == (
        "物业公司、业委会（还没有席位，请先设立）",
    )


def test_two_companies_are_one_of_the_three() -> None:
    second = q.RolledSeat(20, SeatTier.TRIPARTITE, Body.PROPERTY_COMPANY, "另一物业")
    here = {CORE, COMPANY, 20, 5, 6, 7}
    assert q.quorum_of(q.QuorumRule(), [*ROLL, second], here).missing == ("居委会、业委会中的1方",)


_RULES = st.builds(
    q.QuorumRule,
    core_required=st.booleans(),
    tripartite_least=st.integers(0, 3),
    over_numerator=st.integers(0, 3),
    over_denominator=st.integers(4, 6),
)
_ROLLS = st.lists(
    st.tuples(
        st.sampled_from(SeatTier.values),
        st.sampled_from([*q.TRIPARTITE, Body.PARTY_COMMITTEE, Body.MERCHANT]),
    ),
    max_size=12,
).map(lambda rows: [q.RolledSeat(n, t, b, f"席{n}") for n, (t, b) in enumerate(rows)])


@given(_RULES, _ROLLS, st.data())
def test_a_quorum_is_what_the_three_sentences_say(
    rule: q.QuorumRule, roll: list[q.RolledSeat], data: st.DataObject
) -> None:
    here = data.draw(st.sets(st.sampled_from(range(len(roll) + 2))))
    present = [seat for seat in roll if seat.key in here]
    core = any(s.tier == "core" for s in present) or not rule.core_required
    three = len({s.body for s in present if s.tier == "tripartite"}) >= rule.tripartite_least
    most = bool(roll) and Fraction(len(present), len(roll)) > Fraction(
        rule.over_numerator, rule.over_denominator
    )
    found = q.quorum_of(rule, roll, here)
    assert found.reached == (core and three and most)
    # What is missing is said whenever something is.
    assert bool(found.missing) != found.reached
    assert found.here == len(present)


@given(_RULES, _ROLLS, st.data())
def test_one_more_seat_never_loses_a_quorum(
    rule: q.QuorumRule, roll: list[q.RolledSeat], data: st.DataObject
) -> None:
    here = data.draw(st.sets(st.sampled_from(range(len(roll) + 1))))
    if q.quorum_of(rule, roll, here).reached:
        assert q.quorum_of(rule, roll, here | {seat.key for seat in roll}).reached


@pytest.mark.parametrize(
    "rule",
    [
        q.QuorumRule(tripartite_least=4),
        q.QuorumRule(over_numerator=2, over_denominator=2),
        q.QuorumRule(over_numerator=0, over_denominator=0),
    ],
)
def test_refuses_a_quorum_that_nobody_can_reach(rule: q.QuorumRule) -> None:
    with pytest.raises(RuleViolation) as refused:
        q.quorum_rule_is_sound(rule)
    assert refused.value.code == "quorum_invalid"


# --- presence ------------------------------------------------------------------------------------


def test_the_last_word_of_the_roll_holds() -> None:
    lines = [
        _line(1, PresenceKind.PRESENT),
        _line(1, PresenceKind.LEFT, 30, 1),
        _line(1, PresenceKind.PRESENT, 50, 2),
    ]
    seen = [
        1 in q.seats_here(q.states_at(lines, NINE + timedelta(minutes=m)))
        for m in (-1, 0, 29, 30, 49, 50)
    ]
    assert seen == [False, True, True, False, False, True]


def test_of_two_lines_of_one_moment_the_later_written_holds() -> None:
    lines = [_line(1, PresenceKind.ABSENT, 0, 2), _line(1, PresenceKind.PRESENT, 0, 1)]
    assert q.seats_here(q.states_at(lines, NINE)) == frozenset()


def test_a_proxy_who_is_not_there_represents_nobody() -> None:
    lines = [_line(1, PresenceKind.PRESENT), _line(2, PresenceKind.PROXY, proxy=1)]
    assert q.seats_here(q.states_at(lines, NINE)) == {1, 2}
    lines.append(_line(1, PresenceKind.LEFT, 10, 1))
    assert q.seats_here(q.states_at(lines, NINE + timedelta(minutes=10))) == frozenset()


def test_who_sits_in_as_an_observer_counts_for_nothing() -> None:
    lines = [
        _line(1, PresenceKind.PRESENT, votes=False),
        _line(2, PresenceKind.PROXY, proxy=1),
    ]
    assert q.seats_here(q.states_at(lines, NINE)) == frozenset()


_LINES = st.lists(
    st.builds(
        _line,
        st.integers(1, 5),
        st.sampled_from(PresenceKind.values),
        st.integers(0, 20),
        st.integers(0, 50),
        proxy=st.one_of(st.none(), st.integers(1, 5)),
        votes=st.booleans(),
    ),
    max_size=25,
)


@given(_LINES, st.integers(0, 20))
def test_nobody_is_counted_who_neither_sits_there_nor_is_represented(
    lines: list[q.Entry], minute: int
) -> None:
    now = NINE + timedelta(minutes=minute)
    here = q.seats_here(q.states_at(lines, now))
    for seat in here:
        past = [one for one in lines if one.seat == seat and one.at <= now]
        last = max(past, key=lambda one: (one.at, one.order))
        assert last.votes
        assert last.kind in ("present", "late") or (last.kind == "proxy" and last.proxy in here)
    # The order in which a log is read changes nothing, but for lines written at one moment.
    if len({(one.seat, one.at, one.order) for one in lines}) == len(lines):
        assert q.seats_here(q.states_at(lines[::-1], now)) == here


@pytest.mark.parametrize(
    ("seat", "proxy", "code"),
    [
        (2, None, "proxy_missing"),
        (2, 2, "proxy_to_itself"),
        (2, 3, "proxy_not_here"),
        (2, 9, "proxy_not_here"),
        (2, 5, "proxy_not_here"),
        (4, 1, "proxy_too_many"),
    ],
)
def test_refuses_a_proxy(seat: int, proxy: int | None, code: str) -> None:
    states = q.states_at(
        [
            _line(1, PresenceKind.PRESENT),
            _line(2, PresenceKind.PROXY, proxy=1),
            _line(3, PresenceKind.EXCUSED),
            _line(5, PresenceKind.PRESENT, votes=False),
        ],
        NINE,
    )
    with pytest.raises(RuleViolation) as refused:
        q.proxy_is_sound(seat, proxy, states, 1)
    assert refused.value.code == code


def test_a_proxy_may_be_entered_again() -> None:
    states = q.states_at(
        [_line(1, PresenceKind.PRESENT), _line(2, PresenceKind.PROXY, proxy=1)], NINE
    )
    q.proxy_is_sound(2, 1, states, 1)
    q.proxy_is_sound(4, 1, states, 2)
