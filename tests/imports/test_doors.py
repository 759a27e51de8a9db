"""Every workbook comes to the same through admin, command line and API, and to what is on record.

`LINLI_OUTCOMES=1 pytest tests/imports/test_doors.py` writes outcomes.json anew: read its diff.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from backend.education.models import Attendance
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User
from tests.access.thinning import sampled
from tests.imports.doors import DOORS, Answer, CommandLine, command, written

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "workbooks"
INDEX: dict[str, dict[str, str]] = json.loads((FOLDER / "index.json").read_text())
GOOD = sorted(name for name in INDEX if not name.startswith("bad/"))
BAD = sorted(name for name in INDEX if name.startswith("bad/"))
OUTCOMES = Path(__file__).with_name("outcomes.json")


def event_for(name: str) -> str:
    return "pf-open" if INDEX[name]["register"] == "attendance" else ""


def brief(answer: Answer) -> dict[str, Any]:
    """An answer short enough to be read in a diff; no cell's content is in it."""
    return {
        "sheet": answer.sheet,
        "rows": answer.rows,
        "problems": [
            [p["row"], p["column"], p["code"], p["level"]]
            for p in answer.problems
            if not p["code"].startswith("row_")
        ],
    }


@pytest.mark.parametrize("name", sampled(sorted(INDEX), 6, pytest.mark.slow))
def test_a_workbook_is_planned_alike_through_every_door(name: str, demo_worker: User) -> None:
    register = INDEX[name]["register"]
    before = written()
    answers = [door(demo_worker).plan(register, FOLDER / name, event_for(name)) for door in DOORS]
    assert answers[0] == answers[1] == answers[2]
    assert written() == before, "planning writes nothing"
    rows = answers[0].rows
    assert rows["read"] == sum(rows[k] for k in ("create", "update", "unchanged", "skip", "reject"))
    recorded = json.loads(OUTCOMES.read_text()) if OUTCOMES.exists() else {}
    if os.environ.get("LINLI_OUTCOMES"):
        recorded[name] = brief(answers[0])
        lines = [
            f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in recorded.items()
        ]
        OUTCOMES.write_text("{\n" + ",\n".join(sorted(lines)) + "\n}\n")
    assert recorded[name] == brief(answers[0])


@pytest.mark.parametrize("name", sampled(GOOD, 6, pytest.mark.slow))
def test_a_workbook_writes_the_same_through_every_door(name: str, demo_worker: User) -> None:
    found = []
    before = written()
    for door in DOORS:
        with transaction.atomic():
            door(demo_worker).carry_out(INDEX[name]["register"], FOLDER / name, event_for(name))
            found.append(written())
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert found[0] != before


@pytest.mark.parametrize("name", sampled(GOOD, 6, pytest.mark.slow))
def test_a_workbook_taken_twice_changes_nothing_the_second_time(
    name: str, demo_worker: User
) -> None:
    door = CommandLine(demo_worker)
    door.carry_out(INDEX[name]["register"], FOLDER / name, event_for(name))
    _, first = command(*_again(name), "--take-good")
    assert first["rows"]["create"] == first["rows"]["update"] == 0
    assert first["rows"]["unchanged"] > 0


def _again(name: str) -> list[str]:
    event = event_for(name)
    return [INDEX[name]["register"], str(FOLDER / name), *(["--event", event] if event else [])]


@pytest.mark.parametrize("name", sampled(BAD, 6, pytest.mark.slow))
def test_a_bad_file_gets_one_sentence_and_writes_nothing(name: str, demo_worker: User) -> None:
    status, answer = command(*_again(name))
    assert status == 1
    assert answer["state"] == "refused"
    assert answer["batch"] is None
    assert set(answer["rows"].values()) == {0}
    (problem,) = answer["problems"]
    assert problem["row"] is None
    assert re.fullmatch(r"[^\n]{6,120}", problem["message"])
    assert re.search("[一-龥]{4}", problem["message"]), "in Chinese"
    assert "Error" not in problem["message"]
    assert not ImportBatch.objects.exists()
    assert not Attendance.objects.filter(event__code="pf-open").exists()


def test_undo_puts_everything_back(demo_worker: User) -> None:
    from django.core.management import call_command

    before = written()
    revisions = dict(Resident.objects.values_list("pk", "updated_at"))
    names = ("01_clean.xlsx", "26_residents.xlsx", "25_namesakes.xlsx", "44_volunteers.xlsx")
    for name in names:
        _, answer = command(*_again(name))
        assert written() != before
        call_command("undo_import", answer["batch"])
        assert written() == before, name
    assert set(revisions) == set(Resident.objects.values_list("pk", flat=True))
