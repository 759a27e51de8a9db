"""The from/to table of a machine."""

import pytest

from backend.core.errors import RuleViolation
from backend.core.workflow import Machine, Move, from_any, labels, needs_reason

SHOP = Machine(
    field="status",
    moves=(
        Move("open", "开门", from_any("shut"), "open"),
        Move("shut", "关门", from_any("open", "busy"), "shut"),
        Move("seal", "查封", from_any("open", "shut"), "sealed", needs_reason=True),
    ),
)
LABELS = labels([("open", "营业"), ("shut", "打烊"), ("sealed", "查封中")])


def test_offers_what_the_table_allows() -> None:
    offered = {
        state: [m.name for m in SHOP.available(state)] for state in ("open", "shut", "sealed")
    }
    assert offered == {"open": ["shut", "seal"], "shut": ["open", "seal"], "sealed": []}


def test_answers_the_move_that_may_start() -> None:
    assert SHOP.require("shut", "busy", LABELS).target == "shut"


def test_refuses_the_others_and_says_what_can_be_done() -> None:
    with pytest.raises(RuleViolation) as refused:
        SHOP.require("open", "open", LABELS)
    assert refused.value.code == "wrong_state"
    assert "营业" in refused.value.message
    assert "关门、查封" in refused.value.message


def test_says_of_a_last_state_that_nothing_is_left() -> None:
    with pytest.raises(RuleViolation) as refused:
        SHOP.require("open", "sealed", LABELS)
    assert "现在可以做的：无" in refused.value.message


def test_a_verb_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        SHOP.require("burn", "open", LABELS)


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_wants_a_reason_where_the_table_says_so(reason: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        needs_reason(SHOP.move("seal"), reason)
    assert (refused.value.code, refused.value.field) == ("reason_required", "reason")


def test_takes_a_reason_and_asks_none_of_other_moves() -> None:
    needs_reason(SHOP.move("seal"), "消防不合格")
    needs_reason(SHOP.move("open"), "")


def test_draws_every_arrow_once() -> None:
    assert SHOP.diagram().splitlines() == [
        "stateDiagram-v2",
        "    shut --> open: open",
        "    busy --> shut: shut",
        "    open --> shut: shut",
        "    open --> sealed: seal",
        "    shut --> sealed: seal",
    ]
