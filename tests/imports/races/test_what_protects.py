"""What keeps two importers from counting somebody twice, one protection at a time, with controls.

There are three: the lock (the event's row, on SQLite the file), the rule that asks who is there
once the lock is held, and the unique indexes. The rule needs the lock; the indexes need nobody.
"""

import pytest

from tests.imports.races.counting import (
    doubled_people,
    hold_all_at,
    import_into,
    names,
    signed_in,
    without_unique_indexes,
)
from tests.imports.races.processes import Process
from tests.imports.races.roster import SMALL_EVENTS, known_rows, new_rows, write_sheet

pytestmark = pytest.mark.slow

EVENT = SMALL_EVENTS[0]


@pytest.fixture
def start(database, tmp_path):
    """Starts two importers of one sheet, held at a mark, robbed of what is named."""

    def start(rows, hold, without=(), by_turns=False):
        command = import_into(EVENT, write_sheet(tmp_path / "sheet.csv", rows))
        racers = []
        for _ in range(2):
            racers.append(Process(database, *command, hold=[hold], without=without))
            if by_turns:
                hold_all_at(hold, racers[-1:])
        return racers

    return start


def one_after_the_other(racers):
    """Lets them go; the second once the first is through."""
    outcomes = []
    for racer in racers:
        racer.let_go()
        outcomes.append(racer.finish())
    return outcomes


def first_at(mark, racers):
    """The racers, the one that comes to the mark first put first."""
    while True:
        for racer in racers:
            if racer.reaches(mark, within=0.05):
                return sorted(racers, key=lambda other: other is not racer)
            assert racer.runs, f"ended before {mark}"


def test_the_indexes_alone_let_nobody_be_counted_twice(database, start):
    rows = known_rows() + new_rows(0)
    racers = start(rows, "ready", without=["rule", "lock"])
    hold_all_at("ready", racers)
    one_after_the_other(racers)
    assert signed_in(database, EVENT) == names(rows)
    assert doubled_people(database) == []


def test_lock_and_rule_hold_without_the_indexes(database, start):
    without_unique_indexes(database)
    rows = known_rows()
    # Whoever has checked holds the lock, so the other cannot have: it has to wait its turn.
    first, second = first_at("checked", start(rows, "checked"))
    assert not second.reaches("checked", within=1.5)
    outcomes = one_after_the_other([first, second])
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
    assert [o.answer["rows"]["unchanged"] for o in outcomes] == [0, len(rows)]
    assert signed_in(database, EVENT) == names(rows)


def test_control_without_lock_and_indexes_everybody_is_counted_twice(database, start):
    without_unique_indexes(database)
    rows = known_rows()
    # Both have looked before either writes: what the lock is there to prevent. They come to look
    # by turns: without the lock they could also be given the same keys, and one would stop there.
    racers = start(rows, "checked", without=["lock"], by_turns=True)
    outcomes = one_after_the_other(racers)
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
    assert signed_in(database, EVENT) == sorted(names(rows) * 2)


def test_control_without_rule_and_indexes_everybody_is_counted_twice(database, start):
    without_unique_indexes(database)
    rows = known_rows() + new_rows(0)
    racers = start(rows, "ready", without=["rule", "basis"])
    hold_all_at("ready", racers)
    outcomes = one_after_the_other(racers)
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
    assert signed_in(database, EVENT) == sorted(names(rows) * 2)
    assert doubled_people(database) == names(new_rows(0))


def test_control_without_patience_the_lock_comes_to_light(database, tmp_path):
    command = import_into(EVENT, write_sheet(tmp_path / "sheet.csv", known_rows()))
    first = Process(database, *command, hold=["checked"])
    assert first.reaches("checked")
    impatient = Process(database, *command, without=["patience"]).finish()
    assert impatient.status != 0
    assert "OperationalError" in impatient.complained
    first.let_go()
    assert first.finish().complained == ""
