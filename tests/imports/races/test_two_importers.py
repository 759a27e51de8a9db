"""Two importers of one sheet into one event, at the same time: everybody is counted once.

Both have planned before either writes, so each believes that nobody has been recorded.
"""

import pytest

from tests.imports.races.counting import (
    doubled_people,
    heads,
    hold_all_at,
    import_into,
    names,
    signed_in,
)
from tests.imports.races.processes import Process, run
from tests.imports.races.roster import (
    LARGE_EVENT,
    RECORDED,
    SMALL_EVENTS,
    known_rows,
    new_rows,
    write_sheet,
)

pytestmark = pytest.mark.slow


def test_the_command_run_twice_at_the_same_time_counts_everybody_once(database, tmp_path):
    expected = {LARGE_EVENT: RECORDED}
    for number, event in enumerate(SMALL_EVENTS):
        rows = known_rows() + new_rows(number)
        command = import_into(event, write_sheet(tmp_path / f"{number}.csv", rows))
        # In every third round there are three of them.
        count = 2 if number % 3 else 3
        racers = [Process(database, *command, hold=["ready"]) for _ in range(count)]
        hold_all_at("ready", racers)
        for racer in racers:
            racer.let_go()
        outcomes = [racer.finish() for racer in racers]
        assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * count
        written = sorted(
            (o.answer["rows"]["create"], o.answer["rows"]["unchanged"]) for o in outcomes
        )
        assert written == [(0, len(rows))] * (count - 1) + [(len(rows), 0)]
        assert signed_in(database, event) == names(rows)
        assert doubled_people(database) == []
        expected[event] = len(rows)
    assert heads(database) == expected


def test_of_two_previews_of_one_sheet_the_later_confirmed_is_outdated(database, tmp_path):
    for number, event in enumerate(SMALL_EVENTS[:3]):
        rows = known_rows() + new_rows(number)
        path = str(write_sheet(tmp_path / f"{number}.csv", rows))
        batches = [run(database, "upload", path, event).answer["batch"] for _ in range(2)]
        racers = [Process(database, "confirm", batch, hold=["ready"]) for batch in batches]
        hold_all_at("ready", racers)
        for racer in racers:
            racer.let_go()
        outcomes = [racer.finish() for racer in racers]
        assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 2
        assert sorted(o.answer["state"] for o in outcomes) == ["committed", "outdated"]
        # The one that came too late stays as it was: it can be planned anew or given up.
        kept = database.ask(f"SELECT status FROM imports_importbatch WHERE target = '{event}'")
        assert sorted(kept) == [("committed",), ("planned",)]
        assert signed_in(database, event) == names(rows)
        assert doubled_people(database) == []


def test_two_clicks_on_one_preview_carry_it_out_once(database, tmp_path):
    event, rows = SMALL_EVENTS[0], known_rows() + new_rows(0)
    path = str(write_sheet(tmp_path / "sheet.csv", rows))
    batch = run(database, "upload", path, event).answer["batch"]
    racers = [Process(database, "confirm", batch, hold=["ready"]) for _ in range(3)]
    hold_all_at("ready", racers)
    for racer in racers:
        racer.let_go()
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * 3
    states = sorted(o.answer["state"] for o in outcomes)
    assert states == ["committed", "wrong_state", "wrong_state"]
    assert signed_in(database, event) == names(rows)
    sql = "SELECT count(*) FROM core_transition WHERE move = 'commit'"
    assert database.ask(sql) == [(1,)]


def test_two_undos_at_the_same_time_take_it_back_once(database, tmp_path):
    event, rows = SMALL_EVENTS[0], known_rows() + new_rows(0)
    command = import_into(event, write_sheet(tmp_path / "sheet.csv", rows))
    batch = run(database, *command).answer["batch"]
    racers = [Process(database, "undo_import", batch, hold=["ready"]) for _ in range(3)]
    hold_all_at("ready", racers)
    for racer in racers:
        racer.let_go()
    outcomes = sorted((racer.finish() for racer in racers), key=lambda o: o.status)
    assert [o.status for o in outcomes] == [0, 1, 1]
    # The later ones are told why, in a line.
    assert [len(o.complained.splitlines()) for o in outcomes] == [0, 1, 1]
    assert signed_in(database, event) == []
    undone = database.ask("SELECT count(*) FROM core_changeset WHERE undo_of_id IS NOT NULL")
    assert undone == [(1,)]
