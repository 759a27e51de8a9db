"""save_many gives the verdicts of save in a loop, row for row; undo restores what was there."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import event, given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangePart, ChangeSet
from backend.core.undo import undo
from backend.people.models import Resident
from backend.places.models import Building, Community, Estate
from tests.core.residents import OTHER_PHONE, PHONE, table

pytestmark = pytest.mark.django_db

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# The names that the known residents have: one may take what another gives up.
OLD = ["旧0", "旧1", "旧2"]
_OWN, _FOREIGN, _MISSING = "own", "foreign", "missing"
_VALUES = st.fixed_dictionaries(
    {
        "name": st.one_of(
            st.sampled_from(["李一", "李二", "王芳", "王芳", *OLD, "", "长" * 31]),
            _TEXT.filter(bool),
        ),
        "phone": st.sampled_from(["", "", PHONE, OTHER_PHONE, "0371-67890123", "138", "无"]),
        "gender": st.sampled_from(["", "male", "female", "female", "男"]),
        "birth_month": st.sampled_from(["", "1958-03", "1958-13"]),
        "building_id": st.sampled_from([None, None, _OWN, _OWN, _FOREIGN, _MISSING]),
        "remark": _TEXT,
    }
)
# A few broken values among many good ones: else no list is ever accepted.
_GOOD = st.fixed_dictionaries(
    {
        "name": st.one_of(st.sampled_from(OLD), _TEXT.filter(bool)),
        "phone": st.sampled_from(["", PHONE, PHONE, OTHER_PHONE]),
        "gender": st.sampled_from(["", "male", "female"]),
        "building_id": st.sampled_from([None, _OWN]),
        "remark": _TEXT,
    }
)


@dataclass(frozen=True)
class Row:
    """Values for a new resident, or for one of those who are there."""

    known: int | None
    values: dict[str, Any]


def _rows(values: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Row]]:
    """Rows of which no two are about the same known resident."""
    known = st.one_of(st.none(), st.none(), st.integers(0, 2))
    return st.lists(
        st.builds(Row, known, values),
        max_size=8,
        unique_by=lambda row: object() if row.known is None else row.known,
    )


@pytest.fixture
def buildings(building: Building, other_community: Community) -> dict[str | None, int | None]:
    """The keys for the kinds of building that rows speak of."""
    estate = gate.save(Estate(community=other_community, name="东方家园"), by=SYSTEM)
    theirs = Building(community=other_community, estate=estate, name="1")
    gate.save(theirs, by=SYSTEM)
    return {None: None, _OWN: building.pk, _FOREIGN: theirs.pk, _MISSING: 10**6}


@pytest.fixture
def roster(community: Community, building: Building) -> list[int]:
    """Five residents: three to be changed, two whose keys are in the way."""
    people = [Resident(community=community, name=f"旧{n}", phone=PHONE) for n in range(3)]
    people += [
        Resident(community=community, name="李一", phone=PHONE),
        Resident(community=community, name="王芳", phone=OTHER_PHONE, building=building),
    ]
    gate.save_many(people, by=SYSTEM)
    return [person.pk for person in people]


@contextmanager
def _for_a_look() -> Iterator[None]:
    """A world of its own: whatever happens within is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _records(
    rows: list[Row], community: Community, roster: list[int], buildings: dict[Any, Any]
) -> list[Resident]:
    known = Resident.objects.in_bulk(roster)
    records = []
    for row in rows:
        fresh = Resident(community=community)
        record = fresh if row.known is None else known[roster[row.known]]
        for name, value in row.values.items():
            setattr(record, name, buildings[value] if name == "building_id" else value)
        records.append(record)
    return records


def _contents() -> Counter[tuple[Any, ...]]:
    """The roster as a bag of rows: keys of new rows and times of writing may differ."""
    return Counter(tuple(row.values()) for row in table(Resident, "id", "created_at", "updated_at"))


def _one_by_one(records: list[Resident]) -> dict[int, tuple[str, str]]:
    refused = {}
    for index, record in enumerate(records):
        try:
            gate.save(record, by=SYSTEM)
        except RuleViolation as violation:
            refused[index] = (violation.code, violation.field)
    return refused


def _at_once(records: list[Resident]) -> dict[int, tuple[str, str]]:
    try:
        gate.save_many(records, by=SYSTEM)
    except ManyViolations as refused:
        return {i: (v.code, v.field) for i, v in refused.by_index.items()}
    return {}


@given(rows=st.one_of(_rows(_VALUES), _rows(_GOOD)))
def test_a_set_gets_the_verdicts_of_its_records_one_by_one(
    community: Community, roster: list[int], buildings: dict[Any, Any], rows: list[Row]
) -> None:
    before = _contents()
    with _for_a_look():
        expected = _one_by_one(_records(rows, community, roster, buildings))
        wanted = _contents()
    with _for_a_look():
        assert _at_once(_records(rows, community, roster, buildings)) == expected
        # All or nothing: with one refusal, nothing of the set is there.
        assert _contents() == (before if expected else wanted)
    good = [row for index, row in enumerate(rows) if index not in expected]
    with _for_a_look():
        assert _at_once(_records(good, community, roster, buildings)) == {}
        assert _contents() == wanted
    event("some refused" if expected else "all taken")


def _act(changes: ChangeSet, step: str, records: list[Resident]) -> None:
    if step == "save":
        gate.save_many(records, by=SYSTEM, within=changes)
    else:
        gate.delete_many([r for r in records if r.pk is not None], by=SYSTEM, within=changes)


_STEPS = st.lists(st.sampled_from(["save", "save", "delete"]), min_size=8, max_size=8)


@given(rows=_rows(_GOOD), steps=_STEPS, together=st.booleans())
def test_undo_restores_exactly_the_rows_from_before(
    community: Community,
    roster: list[int],
    buildings: dict[Any, Any],
    rows: list[Row],
    steps: list[str],
    together: bool,
) -> None:
    """Each row touched at most once; new, changed and deleted rows in one change set."""
    # A revision counts writes and never goes back; nor does the time of the last write.
    before = table(Resident, "revision", "updated_at")
    with _for_a_look():
        accepted = _one_by_one(_records(rows, community, roster, buildings))
    rows = [row for index, row in enumerate(rows) if index not in accepted]
    with _for_a_look():
        with gate.change_set("try", by=SYSTEM, community_id=community.pk) as changes:
            records = _records(rows, community, roster, buildings)
            if together:
                _act(changes, "save", records)
            else:
                # A deletion may come before or after the record that takes its key.
                for step, record in zip(steps, records, strict=False):
                    _act(changes, step, [record])
        done = undo(changes, by=SYSTEM)
        touched = sum(ChangePart.objects.filter(change_set=changes).values_list("rows", flat=True))
        assert done.left == []
        assert done.restored == touched
        assert table(Resident, "revision", "updated_at") == before
    event(f"{touched} rows")
