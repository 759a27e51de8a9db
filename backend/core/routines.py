"""Work that falls due by itself, once a day or oftener: apps name it, the worker queues it.

A routine finds by itself what is due, and marks what it has done in the transaction that does it:
then a killed worker leaves it to the next run, and two workers at once do nothing twice.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.models import JobProgress

DAY = timedelta(days=1)
_ROUTINES: list[tuple[Any, timedelta]] = []


def daily(task: Any) -> Any:
    """Registers a django-tasks task that takes no argument, for once a day."""
    return every(DAY)(task)


def every(interval: timedelta) -> Callable[[Any], Any]:
    """Registers a django-tasks task that takes no argument, for once an interval."""

    def register(task: Any) -> Any:
        _ROUTINES.append((task, interval))
        return task

    return register


def queue_due() -> list[str]:
    """Queues what has not been queued for its interval; answers the names."""
    now = timezone.now()
    queued = []
    for task, interval in _ROUTINES:
        key = f"routine {task.func.__name__}"
        # Two workers at once may both queue it: a routine may run twice without harm.
        if JobProgress.objects.filter(key=key, updated_at__gt=now - interval).exists():
            continue
        gate.note(JobProgress, {"key": key}, {"phase": "queued", "updated_at": now})
        task.enqueue()
        queued.append(task.func.__name__)
    return queued
