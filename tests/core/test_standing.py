"""Where a record stands: every state and every move of every machine is drawn, and none invented."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.template.loader import render_to_string

from backend.core.models import Kept
from backend.core.standing import Standing, ranks, standing
from backend.core.workflow import Machine, Move, from_any

SHOP = Machine(
    field="status",
    moves=(
        Move("open", "开门", from_any("shut"), "open"),
        Move("shut", "关门", from_any("open"), "shut"),
        Move("seal", "查封", from_any("open", "shut"), "sealed"),
        Move("unseal", "解封", from_any("lost"), "shut"),
    ),
)
NAMES = {"shut": "打烊", "open": "营业", "sealed": "查封中", "lost": "失联"}
DAY = datetime.datetime(2025, 9, 1, 9, tzinfo=datetime.UTC)
MODELS = sorted(
    (m for m in apps.get_models() if issubclass(m, Kept) and m.machine is not None),
    key=lambda m: m._meta.label,
)


@dataclass
class Made:
    move: str
    source: str
    target: str
    reason: str = ""
    occurred_at: datetime.datetime = DAY


def at(state: str, *made: Made, **more: Any) -> Standing:
    return standing(SHOP, NAMES, "shut", state, [(one, "方晓") for one in made], **more)


def test_a_new_record_has_gone_nowhere() -> None:
    found = at("shut", began_at=DAY)
    assert (found.gone, found.now.label, found.now.at) == ((), "打烊", DAY)
    assert [(way.label, way.target_label) for way in found.follow] == [
        ("开门", "营业"),
        ("查封", "查封中"),
    ]


def test_the_way_gone_tells_move_day_and_who() -> None:
    later = DAY + datetime.timedelta(days=1)
    found = at("sealed", Made("open", "shut", "open"), Made("seal", "open", "sealed", "", later))
    assert [(step.label, step.move, step.at, step.who) for step in found.gone] == [
        ("打烊", "", None, ""),
        ("营业", "开门", DAY, "方晓"),
    ]
    assert (found.now.label, found.now.move, found.now.at) == ("查封中", "查封", later)
    assert found.follow == ()
    marks = {place.state: place.mark for row in found.rows for place in row}
    assert marks == {"shut": "gone", "open": "gone", "sealed": "now", "lost": ""}


def test_a_state_that_no_move_told_is_still_where_it_is() -> None:
    found = at("sealed", Made("open", "shut", "open"))
    assert [step.state for step in found.gone] == ["shut", "open"]
    assert (found.now.state, found.now.at) == ("sealed", None)


def test_a_record_entered_after_the_fact_has_no_day_of_its_first_state() -> None:
    entered = DAY + datetime.timedelta(days=30)
    assert at("open", Made("open", "shut", "open"), began_at=entered).gone[0].at is None
    assert at("open", Made("open", "shut", "open"), began_at=DAY).gone[0].at == DAY


def test_a_move_that_the_table_has_no_more_is_told_by_its_name() -> None:
    assert at("open", Made("unlock", "shut", "open")).now.move == "unlock"


def test_states_stand_by_how_far_they_are_and_unreached_ones_last() -> None:
    assert ranks(SHOP, "shut") == [["shut"], ["open", "sealed"], ["lost"]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_state_and_move_is_drawn_and_none_invented(model: type[Kept]) -> None:
    machine = model.machine
    assert machine is not None
    field: Any = model._meta.get_field(machine.field)
    names = {str(value): str(label) for value, label in field.flatchoices}
    first = str(field.get_default())
    # What nobody is offered is not drawn.
    moves = [move for move in machine.moves if not move.silent]
    table = {(source, move.name, move.target) for move in moves for source in move.sources}
    states = {first} | {s for s, _, _ in table} | {t for _, _, t in table}
    for state in sorted(states):
        stands = standing(machine, names, first, state, [])
        places = [place for row in stands.rows for place in row]
        assert sorted(place.state for place in places) == sorted(states)
        assert {(p.state, w.move, w.target) for p in places for w in p.ways} == table
        assert [place.state for place in places if place.mark == "now"] == [state]
        assert {place.label for place in places} <= set(names.values())
        page = render_to_string("linli/standing.html", {"stands": stands})
        assert page.count('aria-current="step"') == 2
        # In words, not by colour: each state and each move stands there by its name.
        for place in places:
            assert place.label in page
            for way in place.ways:
                assert f"{way.label} → {way.target_label}" in page
        for way in stands.follow:
            assert f"接下来可能 · {way.label}" in page
