"""Kinds of background work: apps name them in their tasks.py, the worker finds them by name."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.access import Actor


class Stopped(Exception):
    """The work may not go on; what it has written so far is rolled back."""


class Cancelled(Stopped):
    """Somebody asked for the end."""


class HandedBack(Stopped):
    """The worker has to stop; another one takes the job up again."""


class TakenOver(Stopped):
    """Another worker has the job: this one was thought dead."""


class JobContext(ABC):
    """What a job's function is given."""

    arguments: Mapping[str, Any]
    # In whose name it works: the one who asked, through the door "worker".
    actor: Actor
    community_id: int | None

    @abstractmethod
    def progress(self, done: int, total: int = 0, phase: str = "") -> None:
        """Says how far the work is. Raises: Cancelled, HandedBack, TakenOver: let them through."""

    @abstractmethod
    def done(self, result: str = "") -> None:
        """Writes the job's end into the transaction at hand: both are committed, or neither.

        Called by itself for a kind whose whole run is one transaction. Raises: TakenOver.
        """

    @abstractmethod
    def link_to(self, address: str) -> None:
        """Where the result is to be seen: the path of a page of ours."""


Run = Callable[[JobContext], str | None]
# What each of some jobs of a kind is about, by its key, as far as a user may know: a file, a list. Asked
# when it is shown, for the row of a job holds no words.
Names = Callable[[Sequence[Any], Any], Mapping[int, str]]


@dataclass(frozen=True)
class JobKind:
    """One kind: its function, and how it is treated."""

    name: str
    # Chinese; pages in another language translate it.
    title: str
    run: Run
    # How often a job is begun whose worker was lost, before it is given up.
    tries: int
    cancellable: bool
    names: Names | None
    # Whether the whole run is one transaction. On SQLite that keeps every other writer out, so
    # work that reads for long says False, and calls `done` in the transaction in which it writes.
    whole: bool


_KINDS: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    title: str,
    tries: int = 3,
    cancellable: bool = True,
    whole: bool = True,
    names: Names | None = None,
) -> Callable[[Run], Run]:
    """Registers a function as a kind of job; it answers the result's text, or nothing.

    The text is read by staff and stays for weeks: figures and codes, nothing of people.
    """

    def register(run: Run) -> Run:
        _KINDS[name] = JobKind(name, title, run, tries, cancellable, names, whole)
        return run

    return register


def kind_of(name: str) -> JobKind:
    """The kind of that name. Raises KeyError."""
    return _KINDS[name]


def all_kinds() -> list[JobKind]:
    """Every one, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
