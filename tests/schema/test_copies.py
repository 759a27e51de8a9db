"""Programs that keep a copy of a list: the code of docs/api/servers.md against all that can happen."""

import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from graphql import get_named_type, is_object_type
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.core import gate, horizon
from backend.core.access import SYSTEM
from backend.core.gate_forget import forget
from backend.core.models import ChangeSet
from backend.core.tombstones import Tombstone
from backend.core.undo import undo
from backend.education.models import LegalEducationEvent, Venue
from backend.people.merging import merge_residents, unmerge_residents
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Building, Community, Estate
from schema.main.schema import schema
from tests.conftest import ON_POSTGRES, new_event, user_with_role
from tests.front.blocks import files_of
from tests.schema.asking import ask, caller, code, data

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = """query Changed($since: DateTime!, $after: String) {
  residents(first: 100, after: $after, order: [{ id: ASC }], filters: { updatedSince: $since }) {
    pageInfo { hasNextPage endCursor }
    edges { node { id name updatedAt } }
  }
}"""
LISTS = {
    LegalEducationEvent: (None, "legalEducationEvents", "LegalEducationEvent"),
    Resident: (PEOPLE, "residents", "Resident"),
}


@pytest.mark.once
def test_every_list_takes_updated_since_and_order_by_id() -> None:
    lists = 0
    for kind in schema._schema.type_map.values():
        for name, field in kind.fields.items() if is_object_type(kind) else ():
            named = get_named_type(field.type).name
            if not named.endswith("Connection"):
                continue
            lists += 1
            for argument, inside in (("filters", "updatedSince"), ("order", "id")):
                assert argument in field.args, f"{kind.name}.{name}"
                taken = get_named_type(field.args[argument].type).fields
                assert inside in taken, f"{kind.name}.{name}({argument}: {{{inside}}})"
    assert lists > 40


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No overlap: else every run reads all anew, and nothing could be missed."""
    monkeypatch.setattr(horizon, "MARGIN", timedelta(0))
    monkeypatch.setattr(horizon, "BLIND", timedelta(0))


class Copy:
    """A program that keeps a copy by the page's own code."""

    def __init__(self, user: User, model: Any, page: ModuleType) -> None:
        self.client, self.page = caller(user), page
        query, self.root, self.kind = LISTS[model]
        self.query = query or page.EVENTS
        self.kept: dict[str, Any] = {}
        self.since = BEGINNING

    def run(self) -> None:
        self.page.ask = lambda query, variables=None: data(  # type: ignore[attr-defined]
            self.client, query, **(variables or {})
        )
        self.since = self.page.sync(self.kept, self.since, self.query, self.root, self.kind)

    def truth(self) -> dict[str, Any]:
        """What a program that has never asked before would hold."""
        given = {"since": BEGINNING.isoformat()}
        return {node["id"]: node for node in self.page.pages(self.query, self.root, **given)}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    linli = ModuleType("linli")
    linli.ask = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "linli", linli)
    found = ModuleType("sync")
    exec(files_of("servers.md")["sync.py"], found.__dict__)
    return found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["plan", "retitle", "move", "drop", "bring back", "enter", "merge", "unmerge", "erase"]
        ),
        st.integers(0, 5),
        st.booleans(),
    ),
    min_size=8,
    max_size=20,
)


def carry_out(step: str, number: int, venue: Venue) -> None:
    events = list(LegalEducationEvent.objects.order_by("pk"))
    people = list(Resident.objects.filter(merged_into=None, name__startswith="赵").order_by("pk"))
    event = events[number % len(events)] if events else None
    if step == "plan" or (event is None and step in ("retitle", "move", "drop")):
        gate.save(new_event(venue), by=SYSTEM)
    elif step == "retitle":
        event.title = f"改名{event.revision}"
        gate.save(event, by=SYSTEM)
    elif step == "move":
        event.starts_at += timedelta(days=31)
        event.ends_at += timedelta(days=31)
        gate.save(event, by=SYSTEM)
    elif step == "drop":
        gate.delete(event, by=SYSTEM)
    elif step == "bring back":
        made = ChangeSet.objects.filter(verb__startswith="delete", undone_by=None).last()
        if made is not None:
            undo(made, by=SYSTEM)
    elif step == "unmerge":
        gone = Resident.objects.filter(merged_into__isnull=False).last()
        if gone is not None:
            unmerge_residents(gone, by=SYSTEM)
    elif step == "merge" and len(people) > 1:
        merge_residents(people[0], people[1], by=SYSTEM, reason="同一人")
    elif step == "erase" and people:
        with gate.change_set("erase", by=SYSTEM, community_id=venue.community_id) as changes:
            forget(Resident, [people[-1]], lambda row: {"name": f"某人{row.pk}"}, changes)
    else:
        gate.save(
            Resident(community=venue.community, name=f"赵{'一二三四五六'[number]}"), by=SYSTEM
        )


def follow(steps: list[tuple[str, int, bool]], venue: Venue, page: ModuleType) -> None:
    user = User.objects.get(username="worker")
    copies = [Copy(user, model, page) for model in LISTS]
    with transaction.atomic():
        for step, number, looks in [*steps, ("enter", 0, True)]:
            with transaction.atomic():
                try:
                    carry_out(step, number, venue)
                except Exception as refused:
                    assert hasattr(refused, "code"), refused
            for copy in copies if looks else ():
                copy.run()
        for copy in copies:
            copy.run()
            assert copy.kept == copy.truth()
        transaction.set_rollback(True)


@pytest.mark.once
@given(steps=STEPS)
@hypothesis_settings(max_examples=4)
@pytest.mark.usefixtures("tight")
def test_a_copy_is_the_truth(
    steps: list[tuple[str, int, bool]], venue: Venue, worker: User, page: ModuleType
) -> None:
    follow(steps, venue, page)


@pytest.mark.slow
@given(steps=STEPS)
@hypothesis_settings(max_examples=30)
@pytest.mark.usefixtures("tight")
def test_a_copy_is_the_truth_whatever_happens(
    steps: list[tuple[str, int, bool]], venue: Venue, worker: User, page: ModuleType
) -> None:
    follow(steps, venue, page)


@pytest.mark.usefixtures("tight")
def test_a_copy_without_tombstones_is_not(venue: Venue, worker: User, page: ModuleType) -> None:
    """The control: the truth is told by the tombstones, not by luck."""
    event = gate.save(new_event(venue), by=SYSTEM)
    copy = Copy(worker, LegalEducationEvent, page)
    copy.run()
    gate.delete(event, by=SYSTEM)
    kept = Tombstone.objects.all()
    assert kept.count() == 1
    kept.update(updated_at=BEGINNING)
    copy.run()
    assert copy.kept != copy.truth() == {}


STONES = """query Stones($types: [String!]!) { tombstones(first: 50, filters: {types: $types}) {
  totalCount edges { node { id objectId typeName reason intoId updatedAt } } } }"""


def stones(client: Client, *types: str) -> list[Any]:
    found = data(client, STONES, types=list(types))["tombstones"]
    return [edge["node"] for edge in found["edges"]]


def test_only_those_who_saw_a_row_hear_that_it_is_gone(
    building: Building,
    venue: Venue,
    worker: User,
    other_worker: User,
    resident_user: User,
) -> None:
    community = building.community
    elsewhere = gate.save(Estate(community=community, code="other", name="别处"), by=SYSTEM)
    other = gate.save(Building(community=community, estate=elsewhere, name="9"), by=SYSTEM)
    here, there = (
        gate.save(Resident(community=community, name=name, building=house), by=SYSTEM)
        for name, house in (("赵一", building), ("赵二", other))
    )
    event = gate.save(new_event(venue), by=SYSTEM)
    for row in (here, there, event):
        gate.delete(row, by=SYSTEM)
    both = ("Resident", "LegalEducationEvent")
    steward = user_with_role("steward", "steward", community=community, estate=building.estate)
    assert [one["typeName"] for one in stones(caller(worker), *both)] == [
        "Resident",
        "Resident",
        "LegalEducationEvent",
    ]
    seen = stones(caller(steward), *both)
    assert [one["typeName"] for one in seen] == ["Resident", "LegalEducationEvent"]
    assert all(one["reason"] == "DELETED" and one["intoId"] is None for one in seen)
    for user in (other_worker, resident_user, None):
        assert stones(caller(user), *both) == []
    assert "name" not in str(Tombstone.objects.values())
    taken = []
    for size in (1, 50):
        client = caller(worker)
        with CaptureQueriesContext(connection) as asked:
            data(client, STONES.replace("first: 50", f"first: {size}"), types=list(both))
        taken.append(len(asked))
    assert taken[0] == taken[1], "more rows, no more statements"
    # One by its id: as little as in the list.
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert data(caller(other_worker), node, id=seen[0]["id"])["node"] is None


def test_types_that_nobody_knows_are_refused(worker: User) -> None:
    assert code(ask(caller(worker), STONES, types=["Resident", "Nobody"])) == "unknown_type"


SIGHT = "query Sight($ids: [ID!]!) { outOfSight(ids: $ids) }"


def test_what_is_out_of_sight_is_told_among_ones_own_ids(
    building: Building, worker: User, other_worker: User
) -> None:
    rows = [
        gate.save(Resident(community=building.community, name=name, building=building), by=SYSTEM)
        for name in ("赵一", "赵二", "赵三")
    ]
    query = "{ residents { edges { node { id } } } }"
    ids = [edge["node"]["id"] for edge in data(caller(worker), query)["residents"]["edges"]]
    assert len(ids) == 3
    assert data(caller(worker), SIGHT, ids=ids)["outOfSight"] == []
    merge_residents(rows[0], rows[1], by=SYSTEM, reason="同一人")
    assert len(data(caller(worker), SIGHT, ids=ids)["outOfSight"]) == 1
    assert data(caller(other_worker), SIGHT, ids=ids)["outOfSight"] == ids
    assert code(ask(caller(worker), SIGHT, ids=ids * 167)) == "too_many"
    assert code(ask(caller(), SIGHT, ids=ids)) == "not_allowed"


def test_the_sight_is_another_when_a_role_ends(worker: User) -> None:
    query = "{ syncPoint { sight since } }"
    first, again = (data(caller(worker), query)["syncPoint"]["sight"] for _ in range(2))
    assert first == again
    role = CommunityRole.objects.get(user=worker)
    role.valid_to = timezone.localdate() - timedelta(days=1)
    gate.save(role, by=SYSTEM)
    assert data(caller(User.objects.get(pk=worker.pk)), query)["syncPoint"]["sight"] != first


@pytest.fixture
def written_and_open(community: Community) -> Iterator[datetime]:
    """An event deleted by somebody whose transaction goes on; when it was."""
    done, over = threading.Event(), threading.Event()

    def go() -> None:
        with transaction.atomic():
            venue = Venue(community=community, name="阵地", kind="stool_theatre")
            gate.save(venue, by=SYSTEM)
            done.set()
            over.wait(20)
        connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    assert done.wait(20)
    written = timezone.now()
    yield written
    over.set()
    thread.join()


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite does not tell what is open")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tight")
def test_the_next_run_begins_before_what_is_not_committed(written_and_open: datetime) -> None:
    later = timezone.now() + timedelta(hours=1)
    assert horizon.settled_until(later) < written_and_open


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite does not tell what is open")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tight")
def test_with_nothing_open_it_begins_now() -> None:
    """The control of the one above: nothing else holds the moment back."""
    later = timezone.now() + timedelta(hours=1)
    assert horizon.settled_until(later) == later
