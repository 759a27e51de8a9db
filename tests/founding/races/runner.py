"""Somebody confirms an opening in a process of their own: `python -m tests.founding.races.runner MARKS_FD
OPTIONS COMMAND SUBDISTRICT`. Prints what they were answered.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from backend.core.access import SYSTEM  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.founding import actions, planning  # noqa: E402
from backend.founding.models import Founding  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def confirm(founding: Founding) -> str:
    """The verb."""
    mark("ready")
    return str(actions.confirm(founding, by=SYSTEM).status)


def naive(founding: Founding) -> str:
    """The control: confirming as one writes it at first. It looks, and then it writes."""
    mark("ready")
    founding.refresh_from_db()
    if founding.status != "read":
        return "wrong_state"
    as_a_page_comes_back()
    mark("looked")
    read = planning.read_workbook(Path(founding.upload.path), founding.subdistrict)
    made = planning.make(read, by=SYSTEM)
    Founding.objects.filter(pk=founding.pk).update(status="made", change_set=made.change_set)
    return "made"


if __name__ == "__main__":
    command, subdistrict = sys.argv[3:]
    commands: dict[str, Callable[[Founding], str]] = {"confirm": confirm, "naive": naive}
    try:
        print(commands[command](Founding.objects.get(subdistrict__code=subdistrict)))
    except RuleViolation as violation:
        print(violation.code)
    mark("done")
