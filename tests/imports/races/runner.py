"""A command in a process of its own that says how far it is, can be held there, and can be robbed
of one protection: `python -m tests.imports.races.runner MARKS_FD OPTIONS COMMAND ARG…`.

The commands are manage.py's, and two steps of the import page, `upload` and `confirm`, `heads`,
and the control, `naive`.
"""

import json
import os
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import django
from django.core.management import execute_from_command_line
from django.db import connection, transaction

django.setup()

from django.core.files.base import ContentFile  # noqa: E402  they need the apps

from backend.core import facts, gate  # noqa: E402
from backend.core.access import COMMAND_LINE  # noqa: E402
from backend.core.errors import RuleViolation  # noqa: E402
from backend.education.models import Attendance, LegalEducationEvent  # noqa: E402
from backend.imports import actions, committing  # noqa: E402
from backend.imports.management.commands import import_sheet, undo_import  # noqa: E402
from backend.imports.models import ImportBatch  # noqa: E402
from backend.imports.sheet import sheet_of  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from tests.imports.races.naive_import import naive_import  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there, the first time, if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        HOLD.discard(name)
        sys.stdin.readline()


def watch() -> None:
    """Sets a mark where the plan is made, where it has been checked, and where an undo begins."""
    plan_file, check_many, take_back = (
        import_sheet.plan_file,
        gate.check_many,
        undo_import.undo_import,
    )

    def planned(*args: Any, **options: Any) -> Any:
        plan = plan_file(*args, **options)
        mark("ready")
        return plan

    def checked(records: Any, **options: Any) -> Any:
        violations = check_many(records, **options)
        if isinstance(records[0], Attendance):
            mark("checked")
        elif isinstance(records[0], Resident):
            mark("resident")
        return violations

    def taken_back(*args: Any, **options: Any) -> Any:
        mark("ready")
        return take_back(*args, **options)

    import_sheet.plan_file = planned
    gate.check_many = checked
    undo_import.undo_import = taken_back


def unheeded(check: Any) -> Any:
    """The check is made, as others go on from what it looked up; what it says is not heard."""

    def look(self: Any, record: Any) -> None:
        with suppress(RuleViolation):
            check(self, record)

    return look


def take_away(protection: str) -> None:
    """Works on without the rule that asks who is there, the lock, or the patience to wait for it."""
    sqlite = connection.vendor == "sqlite"
    match protection:
        case "rule":
            facts.Facts.check_unique = unheeded(facts.Facts.check_unique)
        case "lock":
            gate.lock_parents = lambda model, records: None
            gate.hold = lambda record: None
            if sqlite:
                # There the transaction is the lock: it begins IMMEDIATE.
                transaction.atomic = lambda *args, **options: nullcontext()
        case "basis":
            actions.basis_of = lambda rows: ImportBatch.objects.latest("pk").basis
        case "patience":
            impatient = {"timeout": 0} if sqlite else {"options": "-c lock_timeout=1ms"}
            connection.settings_dict["OPTIONS"].update(impatient)
        case _:
            raise LookupError(protection)


def upload(file: str, event: str) -> None:
    """Uploads and plans as the page does; prints the batch."""
    sheet, path = sheet_of("attendance"), Path(file)
    given = actions.Upload(ContentFile(path.read_bytes()), path.name, path.stat().st_size)
    community = sheet.find_target(event).community
    mark("ready")
    batch = actions.receive(given, sheet, community=community, by=COMMAND_LINE, target_code=event)
    batch = actions.plan_batch(batch, by=COMMAND_LINE)
    print(json.dumps({"batch": batch.code, "state": batch.status}))


def heads() -> None:
    """Prints the heads of every event that has some."""
    counted = LegalEducationEvent.objects.with_heads().values_list("code", "heads_total")
    print(json.dumps({code: count for code, count in counted if count}))


def sign_in(event: str) -> None:
    """Enters one person of the roster by hand."""
    found = LegalEducationEvent.objects.get(code=event)
    person = Resident.objects.order_by("-pk")[0]
    row = Attendance(
        community_id=found.community_id, event=found, resident=person, name=person.name
    )
    mark("ready")
    gate.save(row, by=COMMAND_LINE)


def move_in(name: str, phone: str) -> None:
    """Enters one person of the roster by hand."""
    community = LegalEducationEvent.objects.order_by("pk")[0].community
    gate.save(Resident(community=community, name=name, phone=phone), by=COMMAND_LINE)


def naive(file: str, event: str) -> None:
    """The control of the kills."""
    naive_import(file, event, mark)


def confirm(code: str, take_good: str = "") -> None:
    """Confirms as the page does; prints what came of it."""
    batch = ImportBatch.objects.get(code=code)
    mark("ready")
    try:
        state = actions.confirm_import(batch, by=COMMAND_LINE, take_good=bool(take_good)).status
    except committing.PlanOutdated as outdated:
        state = "outdated"
        assert all(problem.code == "changed_since_preview" for problem in outdated.problems)
    except RuleViolation as violation:
        state = violation.code
    print(json.dumps({"batch": code, "state": state}))


if __name__ == "__main__":
    watch()
    for protection in OPTIONS["without"]:
        take_away(protection)
    verb, *args = sys.argv[3:]
    own = {
        "upload": upload,
        "confirm": confirm,
        "heads": heads,
        "naive": naive,
        "sign_in": sign_in,
        "move_in": move_in,
    }
    if verb in own:
        own[verb](*args)
    else:
        execute_from_command_line(["manage.py", verb, *args])
    mark("done")
