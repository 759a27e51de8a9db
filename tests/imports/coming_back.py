"""Exports on disk, what the importer makes of them, and of one whose cells were changed."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.core.access import Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.plan import Plan
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.volunteers.models import ServiceRecord, Volunteer
from tests.imports.sheets_by_hand import command, sheet

WHY = "电话通知活动改期"
FORMS = list(Form)
WAYS = [(form, whole) for form in FORMS for whole in (False, True)]
REGISTERS = {
    "attendance": Attendance,
    "residents": Resident,
    "legal_education_events": LegalEducationEvent,
    "volunteers": Volunteer,
    "service_records": ServiceRecord,
}


@dataclass
class World:
    """The community, and who exports from it."""

    community: Community
    user: User
    events: list[LegalEducationEvent]


@contextmanager
def exported(
    world: World, register: str, form: Form, *, whole: bool, columns: tuple[str, ...] = ()
) -> Iterator[Path]:
    """The register's file, on disk."""
    model = REGISTERS[register]
    order = ExportOrder(
        form=form, whole=whole, reason=WHY, maker="王工作", columns=columns, details="test"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{form.extension}"
        rows = model._default_manager.order_by("pk")
        with path.open("wb") as target:
            write_export(rows, order, by=Actor.of(world.user, "test"), target=target)
        yield path


def planned(world: World, register: str, path: Path) -> Plan:
    return plan_file(path, sheet_of(register), community=world.community)


def assert_nothing_to_do(world: World, register: str, form: Form, *, whole: bool) -> None:
    count = REGISTERS[register]._default_manager.count()
    with exported(world, register, form, whole=whole) as path:
        plan = planned(world, register, path)
    counts = plan.counts_dict()
    told = [p.as_dict() for p in plan.problems() if p.rejects]
    below = 2 if form == Form.LEDGER else 0
    expected = {"read": count + below, "create": 0, "update": 0, "unchanged": count}
    assert counts == expected | {"skip": below, "reject": 0}, (form, whole, told)
    assert told == []


def import_rows(register: str, rows: list[tuple[Any, ...]]) -> dict[str, int]:
    """Takes what can be taken; answers the counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = sheet(Path(folder), [])
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8")
        _, answer = command(register, str(path), "--take-good")
    found: dict[str, int] = answer["rows"]
    return found


def edited(path: Path, **changes: Any) -> Path:
    """The exported CSV with cells of one row changed: row is counted from 0."""
    text = path.read_text(encoding="utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    row = rows[changes.pop("row")]
    for heading, value in changes.items():
        row[header.index(heading)] = value
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def outcome(
    world: World, register: str, *, whole: bool = False, **changes: Any
) -> tuple[str, list[str]]:
    """What the changed row comes to, and the codes of what is said of it."""
    row = changes["row"]
    with exported(world, register, Form.CSV, whole=whole) as path:
        plan = planned(world, register, edited(path, **changes))
    found = list(plan.rows())[row]
    others = [other.outcome for other in plan.rows() if other.number != found.number]
    assert set(others) <= {"unchanged"}, "only the row that was edited"
    return found.outcome, [problem.code for problem in found.problems if problem.rejects]
