"""History: what is packed comes out again, and a record finds its own."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate, gate_rows, history
from backend.core.access import SYSTEM
from backend.core.models import ChangePart
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import Resident
from backend.places.models import Community, ResidentGroup
from tests.conftest import new_event
from tests.core.residents import resident

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
_ROWS = st.dictionaries(st.sampled_from(["name", "phone", "remark"]), _VALUES)
_CHANGES = st.builds(
    history.Change,
    st.sampled_from([history.UPDATE, history.DELETE]),
    st.integers(1, 2**40),
    st.integers(1, 1000),
    _ROWS,
    st.one_of(st.none(), _ROWS),
)


@given(st.lists(_CHANGES, max_size=20))
def test_changes_come_out_as_they_went_in(changes: list[history.Change]) -> None:
    part = ChangePart(payload=history.pack_changes(changes))
    assert list(history.unpack(part)) == changes


@pytest.mark.django_db
def test_created_rows_come_out_with_every_column(community: Community) -> None:
    rows = [resident(community, f"李{n}") for n in "一二"]
    gate.save_many(rows, by=SYSTEM)
    part = ChangePart.objects.get(model="people.Resident")
    after = [change.after or {} for change in history.unpack(part)]
    assert [list(values) for values in after] == [history.field_names(Resident)] * 2
    assert [values["name"] for values in after] == ["李一", "李二"]
    assert (part.first_pk, part.last_pk, part.rows) == (rows[0].pk, rows[1].pk, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ResidentGroup, {"started_on": datetime.date(2025, 2, 28), "ended_on": None}),
        (
            LegalEducationEvent,
            {
                "starts_at": datetime.datetime(2025, 3, 1, 9, 30, 0, 123456, datetime.UTC),
                "capacity": 40,
                "title": "民法典“进”小区\n😀",
            },
        ),
    ],
)
def test_values_are_restored_in_their_own_types(model: Any, values: dict[str, Any]) -> None:
    change = history.Change(history.UPDATE, 1, 2, values, {})
    [out] = history.unpack(ChangePart(payload=history.pack_changes([change])))
    restored = history.restored(model, out.before or {})
    assert restored == values
    assert {k: type(v) for k, v in restored.items()} == {k: type(v) for k, v in values.items()}


@pytest.mark.django_db
def test_a_record_tells_its_life_newest_first(community: Community) -> None:
    others = [resident(community, f"李{n}") for n in "一二三"]
    gate.save_many(others, by=SYSTEM)
    mine = others[1]
    mine.remark = "独居"
    gate.save(mine, by=SYSTEM, reason="走访")
    gate.delete(mine, by=SYSTEM)
    told = list(history.of_record(mine))
    assert [change.kind for _, change in told] == [
        history.DELETE,
        history.UPDATE,
        history.CREATE,
    ]
    assert [changes.reason for changes, _ in told] == ["", "走访", ""]


@pytest.mark.django_db
def test_a_record_is_not_told_anothers_life(community: Community, venue: Venue) -> None:
    """Keys of different tables are alike; parts span the keys between their first and last."""
    people = [resident(community, f"李{n}") for n in "一二三"]
    gate.save_many(people, by=SYSTEM)
    people[0].remark = people[2].remark = "独居"
    gate.save_many([people[0], people[2]], by=SYSTEM)
    gate.save(new_event(venue), by=SYSTEM)
    assert [change.kind for _, change in history.of_record(people[1])] == [history.CREATE]


@pytest.mark.django_db
def test_a_large_set_is_kept_in_parts(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_rows, "CHUNK", 4)
    people = [resident(community, f"居民{n}") for n in range(10)]
    changes = gate.save_many(people, by=SYSTEM)
    assert changes is not None
    assert [part.rows for part in changes.parts.order_by("pk")] == [4, 4, 2]
    assert all(len(list(history.of_record(person))) == 1 for person in people)
