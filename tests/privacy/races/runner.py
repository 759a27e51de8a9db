"""An erasure or a day's retention in a process of its own, with marks at which it can be held:
`python -m tests.privacy.races.runner MARKS_FD OPTIONS fill|erase|finish|let_go`.
"""

import datetime
import json
import os
import sys
from contextlib import nullcontext
from typing import Any

import django
from django.db import connection, models, transaction
from django.utils import timezone

django.setup()


from backend.core import gate, gate_forget  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.education import actions  # noqa: E402
from backend.education.models import Attendance, LegalEducationEvent, Venue  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from backend.privacy import erasing, retention  # noqa: E402
from tests.privacy.people import NAME, OLD_PEOPLE, everywhere  # noqa: E402

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
    """Marks: rows chosen, rows written, history rewritten, committed."""
    update, rewrite, finish = (
        gate_forget.writer.update_rows,
        erasing.rewrite_history,
        erasing.finish_removals,
    )
    written = iter(range(1, 10_000))

    def updated(model: Any, records: Any, names: Any) -> None:
        if records and model is Attendance:
            mark("chosen")
        update(model, records, names)
        if records and model is Attendance:
            mark(f"written{next(written)}")

    def rewritten(*args: Any) -> int:
        count = rewrite(*args)
        mark("rewritten")
        return count

    def finished() -> int:
        mark("committed")
        return finish()

    gate_forget.writer.update_rows = updated
    erasing.rewrite_history = rewritten
    erasing.finish_removals = finished
    retention.CHUNK = 5


def take_away(protection: str) -> None:
    """Works on without the lock, or without the transaction (on SQLite that is the lock)."""
    if protection == "transaction" or connection.vendor == "sqlite":
        transaction.atomic = lambda *args, **options: nullcontext()
        models.QuerySet.select_for_update = lambda self, **options: self
    if protection == "lock":
        models.QuerySet.select_for_update = lambda self, **options: self


def _event(venue: Venue, code: str, days_ago: int) -> LegalEducationEvent:
    start = timezone.now().replace(microsecond=0) - datetime.timedelta(days=days_ago)
    event = LegalEducationEvent(
        community=venue.community,
        venue=venue,
        code=code,
        title=f"普法{code}",
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=2),
    )
    return actions.open_event(gate.save(event, by=SYSTEM), by=SYSTEM)


def fill() -> None:
    """A community, two events with the person in and about them, an old one."""
    district = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(Community(code="xinhe", name="新河社区", subdistrict=district), by=SYSTEM)
    venue = gate.save(
        Venue(community=community, name="小马扎剧场", kind="stool_theatre"), by=SYSTEM
    )
    everywhere(_event(venue, "pf-1", 1), _event(venue, "pf-2", 1))
    old = _event(venue, "pf-old", 400)
    rows = [Attendance(community=community, event=old, name=f"旧人{n}") for n in range(OLD_PEOPLE)]
    gate.save_many(rows, by=SYSTEM)


def erase() -> None:
    """Erases the person; prints what was left."""
    person = Resident.objects.get(name=NAME)
    erased = erasing.erase_resident(person, by=SYSTEM, reason="本人要求")
    print(json.dumps({"left": [str(trace) for trace in erased.left]}))


if __name__ == "__main__":
    watch()
    for protection in OPTIONS["without"]:
        take_away(protection)
    verbs = {
        "fill": fill,
        "erase": erase,
        "finish": erasing.finish_removals,
        "let_go": retention.let_go,
    }
    mark("ready")
    verbs[sys.argv[3]]()
    mark("done")
