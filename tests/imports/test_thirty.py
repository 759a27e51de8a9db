"""All thirty kinds of mess that staff's sheets have, each from its file to its outcome, by every door."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from backend.people.models import User
from tests.imports.doors import DOORS, Answer, CommandLine, command, written
from tests.imports.test_doors import FOLDER, INDEX, event_for
from tests.imports.thirty import ASKED, REFUSED, TAKEN, THIRTY, Case

CASES = [
    # One case of each kind for the fast suite.
    pytest.param(
        case,
        id=f"{number}-{case.outcome}-{case.file}{'+' if case.given else ''}",
        marks=() if at == 0 else pytest.mark.slow,
    )
    for number, (_, cases) in sorted(THIRTY.items())
    for at, case in enumerate(cases)
]
COUNTED = ("create", "update", "unchanged", "skip", "reject")


def test_no_kind_of_mess_is_left_out() -> None:
    assert sorted(THIRTY) == list(range(1, 31))
    for number, (what, cases) in THIRTY.items():
        assert what, number
        assert cases, number
        assert {case.file for case in cases} <= set(INDEX), number


def _levels(answer: Answer) -> set[str]:
    return {problem["level"] for problem in answer.problems}


def _is_as_said(answer: Answer, case: Case) -> None:
    assert tuple(answer.rows[name] for name in COUNTED) == case.counts
    said = [p for p in answer.problems if p["code"] != "event_title_differs"]
    assert Counter(p["code"] for p in said) == Counter(case.codes)
    assert [p["column"] for p in said if p["column"]] == list(case.columns)
    assert answer.refused is (not any(case.counts))
    levels = _levels(answer)
    match case.outcome:
        case str(sign) if sign == TAKEN:
            assert levels <= {"note"}
        case str(sign) if sign == ASKED:
            assert "question" in levels
            assert "error" not in levels
        case str(sign) if sign == REFUSED:
            assert "error" in levels
    for problem in said:
        # A question and an error say what to do.
        assert problem["level"] == "note" or "请" in problem["message"]


@pytest.mark.once
@pytest.mark.parametrize("case", CASES)
def test_a_kind_of_mess_comes_to_its_outcome_by_every_door(case: Case, demo_worker: User) -> None:
    register, event = INDEX[case.file]["register"], event_for(case.file)
    if case.given is not None:
        case.given()
    before = written()
    # Where nothing is given before, test_doors holds the doors' plans of the same file together.
    for door in DOORS if case.given else DOORS[:1]:
        _is_as_said(door(demo_worker).plan(register, FOLDER / case.file, event), case)
    assert written() == before
    if case.holds is None:
        return
    found: list[Any] = []
    for door in DOORS:
        with transaction.atomic():
            door(demo_worker).carry_out(register, FOLDER / case.file, event)
            found.append(case.holds())
            transaction.set_rollback(True)
    assert found == [case.expected] * 3


def test_the_same_file_twice_changes_nothing(demo_worker: User) -> None:
    """The thirtieth; test_doors does it with every file."""
    file = "23_all_known.xlsx"
    CommandLine(demo_worker).carry_out("attendance", FOLDER / file, "pf-open")
    before = written()
    status, again = command("attendance", str(FOLDER / file), "--event", "pf-open")
    assert (status, again["state"]) == (0, "committed")
    assert again["rows"]["unchanged"] == 45
    assert written() == before
