"""Attaching and erasing in a process of its own that says how far it is and can be held there:
`python -m tests.files.runner MARKS_FD OPTIONS attach|naive|erase|sweep ARG…`.
"""

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

django.setup()

from django.core.files.base import ContentFile  # noqa: E402  they need the apps
from django.core.files.storage import default_storage  # noqa: E402

from backend.core import gate  # noqa: E402
from backend.core.access import COMMAND_LINE  # noqa: E402
from backend.core.errors import RuleViolation  # noqa: E402
from backend.education.models import LegalEducationEvent  # noqa: E402
from backend.files import actions, rules, storing, tasks  # noqa: E402
from backend.files.examining import examine  # noqa: E402
from backend.files.models import FOLDER, Attachment  # noqa: E402
from tests.files.making import upload  # noqa: E402

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
    """Sets marks: bytes stored, rules asked, row written, rows deleted, bytes deleted."""
    write, check_many, insert, drop = (
        storing.Staged.write,
        gate.check_many,
        gate.insert,
        storing.drop_files,
    )

    def written(files: Any) -> None:
        mark("examined")
        write(files)
        mark("stored")

    def checked(records: Any, **options: Any) -> Any:
        found = check_many(records, **options)
        mark("checked")
        return found

    def inserted(*args: Any) -> None:
        insert(*args)
        mark("inserted")

    def dropped(names: Any) -> None:
        mark("dropping")
        drop(names)

    storing.Staged.write = written  # type: ignore[method-assign]
    gate.check_many = checked
    gate.insert = inserted
    actions.drop_files = dropped


def without_lock() -> None:
    """Works on without the lock under which what hangs on a record is counted."""
    gate.hold = lambda record: None
    if connection.vendor == "sqlite":
        # There the transaction is the lock: it begins IMMEDIATE.
        transaction.atomic = lambda *args, **options: nullcontext()


def attach(event: str, path: str, at_most: str = "30") -> None:
    """Puts the file on the event; prints what came of it."""
    rules.MAX_PER_RECORD = int(at_most)
    record = LegalEducationEvent.objects.get(code=event)
    given = Path(path)
    try:
        actions.attach(record, upload(given.name, given.read_bytes()), by=COMMAND_LINE)
        state = "attached"
    except RuleViolation as violation:
        state = violation.code
    print(json.dumps({"state": state}))


def naive(event: str, path: str) -> None:
    """The control: the row first, the file when there is time."""
    record = LegalEducationEvent.objects.get(code=event)
    found = examine(upload("a.jpg", Path(path).read_bytes()))
    name = f"{FOLDER}/naive"
    row = Attachment(
        community_id=record.community_id,
        target_model=record._meta.label,
        target_id=record.pk,
        code="fj-naive",
        stored=name,
        size=len(found.content),
        sha256=found.sha256,
        content_type=found.content_type,
    )
    row.save()
    mark("inserted")
    default_storage.save(name, ContentFile(found.content))


def erase() -> None:
    """Deletes all attachments and their files."""
    actions.erase_attachments(list(Attachment.objects.all()), by=COMMAND_LINE)


def sweep() -> None:
    """What the daily routine does, a day and more later."""
    print(json.dumps({"done": tasks.put_away_files.call()}))


if __name__ == "__main__":
    watch()
    if OPTIONS["without"]:
        without_lock()
    verb, *args = sys.argv[3:]
    {"attach": attach, "naive": naive, "erase": erase, "sweep": sweep}[verb](*args)
    mark("done")
