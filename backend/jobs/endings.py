"""How a job ends: its last word is written together with what those write who wanted to hear of it."""

from collections.abc import Callable
from typing import Any

from django.db import router, transaction
from django.db.models import QuerySet

from backend.core import gate
from backend.jobs.models import Job

Listener = Callable[[Job], None]
_LISTENERS: list[Listener] = []


def when_over(listener: Listener) -> Listener:
    """Registers who hears of every job that is over, in the transaction that ends it."""
    _LISTENERS.append(listener)
    return listener


def end(mine: QuerySet[Job], pk: int, **values: Any) -> bool:
    """Whether the job was still one of `mine`, and so has got its end; whoever listens has heard."""
    with transaction.atomic(using=router.db_for_write(Job)):
        if not gate.change_notes(mine, **values):
            return False
        job = Job.objects.get(pk=pk)
        for listener in _LISTENERS:
            listener(job)
    return True
