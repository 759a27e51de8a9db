"""Exporting a register and importing what came out, for the tests of both."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.education import actions
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.imports.plan import Plan
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.conftest import new_event
from tests.imports.sheets_by_hand import command, sheet

WHY = "电话通知活动改期"
FORMS = list(Form)
WAYS = [(form, whole) for form in FORMS for whole in (False, True)]
REGISTERS = {
    "attendance": Attendance,
    "residents": Resident,
    "legal_education_events": LegalEducationEvent,
}
# Text as people write it, and as nobody should: what a program runs, what XML cannot hold.
TEXTS = st.one_of(
    st.sampled_from(
        ["", "补签", "=1+1", "'=1+1", "-3", "+86", "@小区", "''-", "_x000D_", "a&b<c>", "两\n行",
         '引"号', "，逗号", "\u3000空格 ", "0012", "3-2", "1e5", "2026-01-02", "无", "＊＊＊说明"]
    ),
    st.text(alphabet="张=+-@'\" ,;\n甲1_x", max_size=12),
)  # fmt: skip
NAMES = ["张安然", "张安宁", "李知远", "欧阳若谷", "阿依古丽·买买提", "王=五", "Anna Lee"]
PLACES = ["", "3-2-501", "河边平房", "万达华府3号楼", "9-1-101"]
PHONES = ["", *(f"1390000{n:04}" for n in range(12)), "0371-66001234"]


@dataclass
class World:
    """The community, and who exports from it."""

    community: Community
    user: User
    events: list[LegalEducationEvent]


def made_world(worker: User, community: Community, venue: Venue, building: Building) -> World:
    namesake = gate.save(Estate(community=community, name="万达"), by=SYSTEM)
    gate.save(Building(community=community, estate=namesake, name="3"), by=SYSTEM)
    gate.save(Building(community=community, estate=building.estate, name="12号楼"), by=SYSTEM)
    events = [
        actions.open_event(gate.save(new_event(venue, code=code), by=SYSTEM), by=SYSTEM)
        for code in ("pf-open", "pf-second")
    ]
    return World(community, worker, events)


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
