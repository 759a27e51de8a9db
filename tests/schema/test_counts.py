"""Counts for charts agree with counting by hand, for each caller's own rows."""

import datetime
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from strawberry.utils.str_converters import to_camel_case

from backend.core import counting, gate
from backend.core.access import SYSTEM
from backend.core.counting import months_between
from backend.education import actions
from backend.education.choices import HeadcountKind
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent, Venue
from backend.people.models import User
from backend.places.models import Community
from schema.main.counted import COUNTED
from schema.main.schema import schema
from tests.conftest import new_event
from tests.schema.asking import ask, caller, code, data, nodes

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
# The last hour of a month there is still the month before at Greenwich.
EDGES = [
    datetime.datetime(2025, 3, 31, 23, 30, tzinfo=SHANGHAI),
    datetime.datetime(2025, 4, 1, 0, 30, tzinfo=SHANGHAI),
    datetime.datetime(2025, 4, 15, 9, tzinfo=SHANGHAI),
    datetime.datetime(2025, 6, 30, 22, tzinfo=SHANGHAI),
    datetime.datetime(2025, 7, 1, 7, 59, tzinfo=SHANGHAI),
]
COUNTS = """query($by: [LegalEducationEventDimension!]!, $from: Date, $to: Date,
    $filters: LegalEducationEventFilter) {
  legalEducationEventCounts(by: $by, from: $from, to: $to, filters: $filters) {
    keys labels(lang: EN) count heads } }"""
EVENTS = """{ legalEducationEvents(first: 100) { edges { node {
  startsAt status format headsTotal venue { kind code name } } } } }"""
BY_HAND = {
    "MONTH": lambda node: node["startsAt"][:7],
    "FORMAT": lambda node: node["format"].lower(),
    "VENUE": lambda node: node["venue"]["code"],
    "STATUS": lambda node: node["status"].lower(),
}


@pytest.fixture
def events(venue: Venue, other_community: Community) -> Venue:
    """Ten events, some with heads, at two venues; one of another community."""
    second = Venue(community=venue.community, code="park", name="法治公园", kind=venue.kind)
    gate.save(second, by=SYSTEM)
    away = gate.save(
        Venue(community=other_community, code="away", name="别处", kind=venue.kind), by=SYSTEM
    )
    rows = []
    for number in range(10):
        start = EDGES[number % len(EDGES)]
        rows.append(
            gate.save(
                new_event(
                    (venue, second)[number % 3 == 0],
                    starts_at=start,
                    ends_at=start + datetime.timedelta(hours=1),
                ),
                by=SYSTEM,
            )
        )
    gate.save(new_event(away, starts_at=EDGES[0], ends_at=EDGES[2]), by=SYSTEM)

    for number, event in enumerate(rows[:4]):
        held = actions.hold_event(actions.open_event(event, by=SYSTEM), by=SYSTEM)
        for name in "甲乙丙"[: number + 1]:
            gate.save(
                Attendance(community=venue.community, event=held, name=f"赵{name}"), by=SYSTEM
            )
        entry = HeadcountEntry(
            community=venue.community,
            event=held,
            kind=HeadcountKind.CROWD,
            count=10 * number + 2,
            includes_signed_in=number % 2 == 0,
            evidence="照片",
        )
        gate.save(entry, by=SYSTEM)
    return venue


def by_hand(user: User, by: list[str], rows: Any = None) -> dict[tuple[str, ...], tuple[int, int]]:
    """What counting the rows of the list gives: group -> rows, heads."""
    found: Counter[tuple[str, ...]] = Counter()
    heads: Counter[tuple[str, ...]] = Counter()
    for node in nodes(data(caller(user), EVENTS)["legalEducationEvents"]) if rows is None else rows:
        keys = tuple(BY_HAND[one](node) for one in by)
        found[keys] += 1
        heads[keys] += node["headsTotal"]
    return {keys: (found[keys], heads[keys]) for keys in found}


def counted(user: User, by: list[str], **given: Any) -> dict[tuple[str, ...], tuple[int, int]]:
    answer = data(caller(user), COUNTS, by=by, **given)["legalEducationEventCounts"]
    assert len({tuple(one["keys"]) for one in answer}) == len(answer)
    return {tuple(one["keys"]): (one["count"], one["heads"]) for one in answer}


def test_counts_are_those_of_counting_by_hand(
    events: Venue, worker: User, other_worker: User
) -> None:
    for by in (["MONTH"], ["VENUE", "MONTH"], ["MONTH", "STATUS"], ["FORMAT"], []):
        for user in (worker, other_worker):
            assert counted(user, by) == by_hand(user, by), by
    assert sum(rows for rows, _ in counted(worker, []).values()) == 10
    assert sum(heads for _, heads in counted(worker, []).values()) > 60
    # The filters of the list, and a period to the last minute of its last day.
    at_venue = {"venue": "park"}
    assert set(counted(worker, ["VENUE"], filters=at_venue)) == {("park",)}
    rows = [
        node
        for node in nodes(data(caller(worker), EVENTS)["legalEducationEvents"])
        if "2025-03-31" <= node["startsAt"][:10] <= "2025-06-30"
    ]
    given = {"from": "2025-03-31", "to": "2025-06-30"}
    told = counted(worker, ["MONTH"], **given)
    assert told[("2025-05",)] == (0, 0)
    assert {k: v for k, v in told.items() if v[0]} == by_hand(worker, ["MONTH"], rows)
    told = counted(worker, ["VENUE", "MONTH"], **given)
    assert set(told) == {
        (venue, month)
        for venue in ("park", "theatre")
        for month in ("2025-03", "2025-04", "2025-05", "2025-06")
    }
    assert counted(worker, ["MONTH"], **{"from": "2019-01-01", "to": "2019-02-28"}) == {
        ("2019-01",): (0, 0),
        ("2019-02",): (0, 0),
    }
    answer = data(caller(worker), COUNTS, by=["VENUE", "STATUS"])["legalEducationEventCounts"]
    assert {tuple(one["labels"]) for one in answer} >= {("小马扎剧场", "Planned")}


def test_nobody_counts_what_they_do_not_see(events: Venue, resident_user: User) -> None:
    published = LegalEducationEvent.objects.exclude(status="planned").count()
    seen = nodes(data(caller(resident_user), EVENTS)["legalEducationEvents"])
    assert counted(resident_user, []) == by_hand(resident_user, []) != {}
    assert len(seen) == published
    assert data(caller(), COUNTS, by=["MONTH"])["legalEducationEventCounts"] == []


def test_what_is_asked_wrongly_is_refused(worker: User) -> None:
    client = caller(worker)
    for wrong, wanted in (
        ({"by": ["MONTH", "MONTH"]}, "dimension_twice"),
        ({"by": ["MONTH", "KIND", "VENUE", "STATUS"]}, "dimension_twice"),
        ({"by": [], "from": "2025-02-01", "to": "2025-01-01"}, "period_backwards"),
        ({"by": ["MONTH"], "from": "1990-01-01", "to": "2025-01-01"}, "period_too_long"),
    ):
        assert code(ask(client, COUNTS, **wrong)) == wanted


def test_too_many_groups_are_refused(
    events: Venue, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_CELLS", 3)
    assert code(ask(caller(worker), COUNTS, by=["MONTH"])) == "too_many_cells"
    monkeypatch.setattr(counting, "MOST_CELLS", 4)
    assert len(counted(worker, ["MONTH"])) == 4


@pytest.mark.parametrize("root", COUNTED, ids=lambda root: root.field)
def test_each_register_is_counted_by_each_of_its_dimensions_in_one_statement(
    root: Any, worker: User
) -> None:
    query = schema._schema.query_type.fields
    names = [one.name.upper() for one in root.counted.dimensions]
    field = to_camel_case(root.field)
    figures = [to_camel_case(one.name) for one in root.counted.measures]
    assert field in query
    aliases = " ".join(
        f"a{place}: {field}(by: [{name}, MONTH]) {{ keys labels count {' '.join(figures)} }}"
        for place, name in enumerate(names)
    )
    client = caller(worker)
    data(client, "{ me { username } }")
    alone = f"{{ a0: {field}(by: [{names[0]}]) {{ count }} }}"

    taken = []
    for text in (alone, f"{{ {aliases} }}"):
        with CaptureQueriesContext(connection) as asked:
            data(client, text)
        taken.append(len(asked))
    # One more for each alias: its one statement.
    assert taken[1] - taken[0] == len(names) - 1


def test_a_count_has_its_price(worker: User) -> None:
    answer = ask(caller(worker), COUNTS, by=["MONTH"])
    assert answer["extensions"]["cost"]["price"] == 100


@given(
    first=st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1)),
    days=st.integers(0, 2000),
)
def test_the_months_between_two_days_are_those_of_all_days_between(
    first: datetime.date, days: int
) -> None:
    every = [first + datetime.timedelta(days=one) for one in range(days + 1)]
    assert months_between(first, every[-1]) == sorted({f"{day:%Y-%m}" for day in every})
    assert timezone.get_default_timezone_name() == "Asia/Shanghai"
