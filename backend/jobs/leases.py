"""Who works on what: taking a lease, keeping it alive, seeing that one is dead."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from backend.core import gate
from backend.core.models import JobProgress
from backend.jobs.models import Lease


def new_token() -> str:
    """A word by which a worker knows its own claim."""
    return secrets.token_hex(16)


def dead_before() -> datetime:
    """Who has not beaten since then is taken for dead."""
    return timezone.now() - timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS)


def take(name: str, token: str) -> None:
    """The lease is this token's, whoever had it before; the claim itself is another row's."""
    gate.note(Lease, {"name": name}, {"token": token, "beaten_at": timezone.now()})


def beat(name: str, token: str) -> str | None:
    """A sign of life; answers who asked for the end ("" for nobody), None if the lease is lost."""
    mine = Lease.objects.filter(name=name, token=token)
    if not gate.change_notes(mine, beaten_at=timezone.now()):
        return None
    return mine.values_list("cancel_asked_by", flat=True).first()


def report(name: str, done: int, total: int, phase: str) -> None:
    """Writes down how far the work is."""
    values: dict[str, Any] = {
        "done": done,
        "total": total,
        "phase": phase,
        "updated_at": timezone.now(),
    }
    gate.note(JobProgress, {"key": name}, values)


def unannounce(name: str) -> None:
    """Work goes back into the queue, which is about to be told: if that fails, whoever looks next
    tells it at once."""
    gate.change_notes(Lease.objects.filter(name=name), announced_at=None)


def forget(name: str) -> None:
    """Drops lease and progress of work that is over."""
    gate.drop_notes(Lease.objects.filter(name=name))
    gate.drop_notes(JobProgress.objects.filter(key=name))


def is_dead(lease: Lease | None, since: datetime | None) -> bool:
    """Whether work begun at `since` has lost its worker."""
    signs = [at for at in (since, lease.beaten_at if lease is not None else None) if at is not None]
    return not signs or max(signs) < dead_before()


def silent() -> Q:
    """The leases that nobody keeps alive."""
    return Q(token="") | Q(beaten_at__isnull=True) | Q(beaten_at__lt=dead_before())


_held: set[str] = set()


@contextmanager
def held(token: str) -> Iterator[None]:
    """Remembers what this process works on, for `leave_all`."""
    _held.add(token)
    try:
        yield
    finally:
        _held.discard(token)


def leave_all() -> None:
    """This process is about to end: what it holds may be taken up at once."""
    gate.change_notes(Lease.objects.filter(token__in=list(_held)), beaten_at=None)
