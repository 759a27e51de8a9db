"""Sheets of owners' votes, planned and carried out as the doors do."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from backend.core.access import SYSTEM
from backend.imports import actions
from backend.imports.actions import Upload
from backend.imports.directions import Directions
from backend.imports.models import ImportBatch
from backend.imports.plan import Plan, SheetRow, unpack
from backend.imports.planning import plan_file
from backend.imports.problems import Level
from backend.imports.queries import all_problems
from backend.imports.sheet import sheet_of
from backend.places.models import Community


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a program that reads Chinese expects them."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def planned(
    folder: Path,
    register: str,
    community: Community,
    *lines: str,
    target: Any = None,
    answers: dict[str, str] | None = None,
) -> Plan:
    """The plan for these lines; nothing is written."""
    path = folder / "表.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return plan_file(
        path,
        sheet_of(register),
        community=community,
        target=target,
        directions=Directions(answers=answers or {}),
    )


def carried_out(
    register: str,
    community: Community,
    *lines: str,
    target: Any = None,
    answers: dict[str, str] | None = None,
    take_good: bool = False,
) -> ImportBatch:
    """The batch of these lines, written."""
    file = SimpleUploadedFile("表.csv", ("\n".join(lines) + "\n").encode("utf-8-sig"))
    batch = actions.receive(
        Upload(file, "表.csv", file.size or 0),
        sheet_of(register),
        community=community,
        by=SYSTEM,
        target_code=target.code if target is not None else "",
        directions=Directions(answers=answers or {}),
    )
    batch = actions.plan_batch(batch, by=SYSTEM)
    assert take_good or not batch.reject, [p.code for p in all_problems(batch)]
    return actions.confirm_import(batch, by=SYSTEM, take_good=take_good)


def rows_of(plan: Plan) -> list[SheetRow]:
    """The plan's rows."""
    return [row for _, chunk in plan.chunks for row in unpack(chunk)]


def said(plan: Plan) -> list[tuple[int | None, str]]:
    """What is wrong or asked: row and code."""
    found = [p for p in plan.file_problems if p.level != Level.NOTE and p.rejects]
    found += [p for row in rows_of(plan) for p in row.problems if p.level != Level.NOTE]
    return [(problem.row, problem.code) for problem in found]
