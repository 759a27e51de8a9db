"""Work that falls due by itself, once a day: apps name it, the worker queues it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.models import JobProgress

EVERY = timedelta(days=1)
_ROUTINES: list[Any] = []


def daily(task: Any) -> Any:
    """Registers a django-tasks task that takes no argument."""
    _ROUTINES.append(task)
    return task


def queue_due() -> list[str]:
    """Queues what has not been queued for a day; answers the names."""
    now = timezone.now()
    queued = []
    for task in _ROUTINES:
        key = f"daily {task.func.__name__}"
        # Two workers at once may both queue it: a routine may run twice without harm.
        if JobProgress.objects.filter(key=key, updated_at__gt=now - EVERY).exists():
            continue
        gate.note(JobProgress, {"key": key}, {"phase": "queued", "updated_at": now})
        task.enqueue()
        queued.append(task.func.__name__)
    return queued
