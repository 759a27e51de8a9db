"""Work that falls due by itself, once a day or oftener: apps name it, the worker queues it.

A routine finds by itself what is due, and marks what it has done in the transaction that does it:
then a killed worker leaves it to the next run, and doing it twice does nothing twice. When it is
queued, and by whom it is done, is backend/jobs/routine_runs.py's business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Routine:
    """A task without arguments, and how often it falls due."""

    name: str
    run: Callable[[], Any]
    interval: timedelta


_ROUTINES: dict[str, Routine] = {}


def daily(task: Any) -> Any:
    """Registers a django-tasks task that takes no argument, for once a day."""
    return every(DAY)(task)


def every(interval: timedelta) -> Callable[[Any], Any]:
    """Registers a django-tasks task that takes no argument, for once an interval."""

    def register(task: Any) -> Any:
        name = task.func.__name__
        known = _ROUTINES.get(name)
        if known is not None and known.run.__module__ != task.func.__module__:
            raise LookupError(f"two routines are called {name}")
        _ROUTINES[name] = Routine(name, task.func, interval)
        return task

    return register


def all_routines() -> list[Routine]:
    """Every one, by name."""
    return [_ROUTINES[name] for name in sorted(_ROUTINES)]


def routine_called(name: str) -> Routine:
    """The routine of that name. Raises KeyError."""
    return _ROUTINES[name]
