"""Many callers in a process of their own: `python -m tests.volunteers.races.runner MARKS_FD OPTIONS
COMMAND SEED`. Prints what each of them was answered.

Commands: `tell`, `ask`, `judge`, and `naive` (the control).
"""

import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import django
from django.db import connections
from django.utils import timezone

django.setup()

from backend.core.access import SYSTEM  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.services.actions import cancel_slot, save_slot  # noqa: E402
from backend.services.models import Slot  # noqa: E402
from backend.volunteers import actions, recording  # noqa: E402
from backend.volunteers.choices import STANDING_RECORDS  # noqa: E402
from backend.volunteers.models import Assignment, ServiceRecord, Volunteer  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402
from tests.volunteers.races.sizes import CALLS, HOURS, PEOPLE, THREADS  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])
DAY = timezone.make_aware(datetime(2025, 3, 1, 6))


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def all_at_once(do: Callable[[random.Random], str], seed: str) -> None:
    """Each call in a thread, as many at a time as there are threads; prints the answers."""

    def one(number: int) -> str:
        try:
            return do(random.Random(f"{seed} {number}"))
        except RuleViolation as violation:
            return violation.code
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    mark("ready")
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps(list(pool.map(one, range(CALLS)))))


def _hours(chance: random.Random) -> ServiceRecord:
    """Two hours of somebody, beginning at some full hour of one day."""
    volunteer = Volunteer.objects.get(code=f"zy-{chance.randrange(PEOPLE)}")
    starts_at = DAY + timedelta(hours=chance.randrange(HOURS))
    return ServiceRecord(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        content="巡逻",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )


def tell(seed: str) -> None:
    """Hours are told, verified, rejected and taken back."""

    def call(chance: random.Random) -> str:
        if chance.random() < 0.6:
            return str(recording.save_record(_hours(chance), by=SYSTEM).status)
        return _judge(chance)

    all_at_once(call, seed)


def _judge(chance: random.Random) -> str:
    rows = ServiceRecord.objects.filter(status__in=STANDING_RECORDS)
    found = list(rows.order_by("pk"))
    if not found:
        return "nothing"
    row = chance.choice(found)
    waits = ("verify", "verify", "reject", "withdraw")
    verb = chance.choice(waits) if row.status == "submitted" else "take_back"
    moved = actions.RECORD_VERBS[verb](row, by=SYSTEM, reason="核对")
    return str(moved.status)


def naive(seed: str) -> None:
    """The control: telling hours as one writes it at first. It looks, and then it writes."""

    def call(chance: random.Random) -> str:
        row = _hours(chance)
        row.code, row.minutes = f"sc-{chance.getrandbits(40):x}", 120
        taken = ServiceRecord.objects.filter(
            volunteer=row.volunteer,
            status__in=STANDING_RECORDS,
            starts_at__lt=row.ends_at,
            ends_at__gt=row.starts_at,
        )
        if taken.exists():
            return "records_overlap"
        as_a_page_comes_back()
        row.save()
        return "submitted"

    all_at_once(call, seed)


def ask(seed: str) -> None:
    """Volunteers are assigned, answer, and their slots are moved or called off meanwhile."""

    def call(chance: random.Random) -> str:
        slot = Slot.objects.get(code=f"slot-{chance.randrange(HOURS)}")
        roll = chance.random()
        if roll < 0.5:
            volunteer = Volunteer.objects.get(code=f"zy-{chance.randrange(PEOPLE)}")
            made = Assignment(
                community_id=slot.community_id, volunteer=volunteer, slot=slot, task="引导"
            )
            return str(actions.save_assignment(made, by=SYSTEM).status)
        if roll < 0.7:
            hours = timedelta(hours=chance.choice((-1, 1)))
            slot.starts_at, slot.ends_at = slot.starts_at + hours, slot.ends_at + hours
            save_slot(slot, by=SYSTEM)
            return "moved"
        if roll < 0.75:
            cancel_slot(slot, by=SYSTEM, reason="停水")
            return "off"
        row = Assignment.objects.filter(slot=slot, status__in=("planned", "accepted")).first()
        if row is None:
            return "nothing"
        verb = chance.choice(("accept", "decline", "cancel", "complete"))
        return str(actions.ASSIGNMENT_VERBS[verb](row, by=SYSTEM, reason="有事").status)

    all_at_once(call, seed)


if __name__ == "__main__":
    verb, seed = sys.argv[3:]
    {"tell": tell, "naive": naive, "ask": ask}[verb](seed)
    mark("done")
