"""An import beside others who write: nobody waits in a ring, nobody is brought in twice."""

import os
from pathlib import Path

import pytest

from fixtures.people import invented_name
from tests.imports.races.counting import import_into, names, signed_in
from tests.imports.races.processes import Process, run
from tests.imports.races.roster import SMALL_EVENTS, known_rows, new_rows, write_sheet

pytestmark = pytest.mark.slow

EVENT = SMALL_EVENTS[0]
# People without a phone: name and door are all that says who they are.
PHONELESS = [(invented_name(7000 + n)[0], "", f"{1 + n}号楼1单元10{n}") for n in range(6)]


def residents(database, rows):
    wanted = ", ".join(f"'{name}'" for name in names(rows))
    sql = f"SELECT name FROM people_resident WHERE name IN ({wanted}) AND phone = ''"
    return sorted(name for (name,) in database.ask(sql))


def test_people_without_a_phone_come_in_once_from_two_previews(database, tmp_path):
    path = str(write_sheet(tmp_path / "sheet.csv", PHONELESS))
    batches = [run(database, "upload", path, EVENT).answer["batch"] for _ in range(2)]
    outcomes = [run(database, "confirm", batch) for batch in batches]
    assert [o.answer["state"] for o in outcomes] == ["committed", "outdated"]
    assert signed_in(database, EVENT) == residents(database, PHONELESS) == names(PHONELESS)


@pytest.mark.parametrize("without", [(), ("basis",)], ids=["as it is", "control"])
def test_somebody_who_moves_in_on_the_same_phone_is_not_passed_over(database, tmp_path, without):
    """Nothing that the plan writes tells of it: the phone is free, the name is another."""
    (row,) = new_rows(1)[:1]
    path = str(write_sheet(tmp_path / "sheet.csv", [row]))
    batch = run(database, "upload", path, EVENT).answer["batch"]
    confirming = Process(database, "confirm", batch, hold=["ready"], without=without)
    assert confirming.reaches("ready")
    assert run(database, "move_in", "贾清平", row[1]).status == 0
    confirming.let_go()
    state = confirming.finish().answer["state"]
    sql = f"SELECT count(*) FROM people_resident WHERE phone = '{row[1]}'"
    on_the_phone = database.ask(sql)[0][0]
    assert (state, on_the_phone) == (("committed", 2) if without else ("outdated", 1))


def test_somebody_entered_by_hand_does_not_wait_in_a_ring_with_an_import(database, tmp_path):
    path = write_sheet(tmp_path / "sheet.csv", new_rows(1) + known_rows()[:3])
    importer = Process(database, *import_into(EVENT, path), hold=["resident"])
    assert importer.reaches("resident")
    by_hand = Process(database, "sign_in", EVENT)
    assert by_hand.reaches("ready")
    # It now holds the event and wants the community, whose row the importer has locked.
    by_hand.reaches("done", within=1.5)
    importer.let_go()
    outcomes = [importer.finish(), by_hand.finish()]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
    assert len(signed_in(database, EVENT)) == len(new_rows(1)) + 3 + 1


def test_an_undo_does_not_wait_in_a_ring_with_an_import(database, tmp_path):
    first = write_sheet(tmp_path / "first.csv", new_rows(0) + known_rows())
    batch = run(database, *import_into(EVENT, first)).answer["batch"]
    second = new_rows(1) + known_rows()[:3]
    path = write_sheet(tmp_path / "second.csv", second)
    importer = Process(database, *import_into(EVENT, path), hold=["resident"])
    assert importer.reaches("resident")
    undoer = Process(database, "undo_import", batch)
    assert undoer.reaches("ready")
    undoer.reaches("done", within=1.5)
    importer.let_go()
    outcomes = [importer.finish(), undoer.finish()]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
    assert set(names(new_rows(1))) <= set(signed_in(database, EVENT))
    assert set(names(new_rows(0))).isdisjoint(signed_in(database, EVENT))


def test_an_outdated_import_leaves_no_file_behind(database, tmp_path):
    path = write_sheet(tmp_path / "sheet.csv", known_rows())
    racers = [Process(database, *import_into(EVENT, path), hold=["ready"]) for _ in range(2)]
    for racer in racers:
        assert racer.reaches("ready")
    for racer in racers:
        racer.let_go()
    assert [racer.finish().status for racer in racers] == [0, 0]
    uploads = Path(database.environment["LINLI_VAR"]) / "uploads"
    files = [name for _, _, found in os.walk(uploads) for name in found]
    named = database.ask("SELECT upload FROM imports_importbatch WHERE upload <> ''")
    assert len(files) == len(named)
