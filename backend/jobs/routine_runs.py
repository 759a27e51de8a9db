"""Routines: queueing what is due, and running each of them one at a time.

A routine's lease is its only row. It falls due by a conditional write, so one worker of several
queues it; it is claimed by another, so one worker of several runs it. One whose worker is lost is
queued again, a few times, and then at its next interval.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, router, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.routines import Routine, all_routines, routine_called
from backend.jobs import leases
from backend.jobs.faults import what_and_where
from backend.jobs.models import Lease
from backend.jobs.running import Pulse, beating

logger = logging.getLogger(__name__)
MAX_TRIES = 3
# The queue may be long: one that has not been begun by then is announced once more.
ANNOUNCED_AGAIN_AFTER = timedelta(minutes=2)


def queue_due() -> list[str]:
    """Queues the routines that are due, or were lost; answers the names."""
    now = timezone.now()
    known = {lease.name: lease for lease in Lease.objects.filter(name__startswith="routine ")}
    queued = []
    for routine in all_routines():
        lease = known.get(lease_name(routine.name))
        if _falls_to_us(routine, lease, now):
            run_routine.enqueue(routine.name)
            queued.append(routine.name)
    return queued


def lease_name(name: str) -> str:
    """Under which name a routine's lease is kept."""
    return f"routine {name}"


def _falls_to_us(routine: Routine, lease: Lease | None, now: datetime) -> bool:
    """Whether it is time to queue the routine, and no other worker was quicker."""
    if lease is None:
        try:
            with transaction.atomic(using=router.db_for_write(Lease)):
                gate.keep_notes(
                    [Lease(name=lease_name(routine.name), due_at=now, announced_at=now)]
                )
        except IntegrityError:
            return False
        return True
    held = bool(lease.token)
    if held and not leases.is_dead(lease, None):
        return False
    # What was seen is the condition: the second of two workers finds it changed.
    seen = Lease.objects.filter(
        pk=lease.pk, due_at=lease.due_at, announced_at=lease.announced_at, token=lease.token
    )
    if lease.due_at is None or lease.due_at <= now - routine.interval:
        fresh: dict[str, Any] = {"due_at": now, "finished_at": None, "tries": 0, "token": ""}
        return bool(gate.change_notes(seen, **fresh, announced_at=now))
    waits_long = lease.announced_at is None or lease.announced_at < now - ANNOUNCED_AGAIN_AFTER
    if lease.finished_at is None and lease.tries < MAX_TRIES and (held or waits_long):
        return bool(gate.change_notes(seen, announced_at=now, token=""))
    return False


@task()
def run_routine(name: str) -> str:
    """What the queue calls: runs a routine, unless it runs elsewhere or is over already."""
    token = leases.new_token()
    open_ = Lease.objects.filter(leases.silent(), name=lease_name(name), finished_at=None)
    now = timezone.now()
    claim = {"token": token, "beaten_at": now, "tries": F("tries") + 1}
    if not gate.change_notes(open_, **claim):
        return "not now"
    pulse = Pulse(lease_name(name), token)
    over: dict[str, Any] = {"token": ""}
    try:
        with leases.held(token), beating(pulse):
            routine_called(name).run()
        over["finished_at"] = timezone.now()
    except Exception as error:
        # Its text may hold what somebody typed, and the queue would keep it.
        logger.error("routine %s: %s", name, what_and_where(error))
    mine = Lease.objects.filter(name=pulse.name, token=token)
    gate.change_notes(mine, **over)
    return "done" if "finished_at" in over else "failed"
