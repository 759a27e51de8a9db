"""What has just been written, for whoever follows it: the history read as an outbox.

Every write through the gate leaves a part of the history (its model, a range of keys), in the
transaction of the write: what was rolled back is not there, what was committed is. One thread a
process reads new parts and wakes those who follow the model. On PostgreSQL a NOTIFY of the commit
wakes the thread; on SQLite, and for a notice that got lost, it looks by itself.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Max

from backend.core.models import ChangePart

log = logging.getLogger("linli.live")
CHANNEL = "linli_changes"
# How long the thread sleeps between two looks: without notices, and with them.
LOOK_SECONDS = 0.5
LISTEN_SECONDS = 5.0
# A transaction may commit a part under a smaller key than one that is there already: parts are
# looked for again this long behind the newest, beyond the longest import.
LATE_SECONDS = 900.0
# The thread ends when nobody has followed anything for so long.
IDLE_SECONDS = 30.0
RETRY_SECONDS = 1.0


@dataclass(eq=False)
class Follower:
    """Somebody who wants to know when rows of some models were written."""

    models: frozenset[str]
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """From the thread."""
        try:
            self.loop.call_soon_threadsafe(self.woken.set)
        except RuntimeError:
            # The loop has ended, and whoever followed with it.
            log.debug("a follower's loop is gone")


class Outbox:
    """Tells new parts of the history from those that were seen."""

    def __init__(self) -> None:
        self.floor = ChangePart.objects.aggregate(last=Max("pk"))["last"] or 0
        self.seen: dict[int, float] = {}

    def written(self, now: float) -> set[str]:
        """The models of which rows were written since the last look."""
        rows = ChangePart.objects.filter(pk__gt=self.floor).order_by("pk")
        found = {pk: model for pk, model in rows.values_list("pk", "model") if pk not in self.seen}
        self.seen.update(dict.fromkeys(found, now))
        old = [pk for pk, at in self.seen.items() if now - at > LATE_SECONDS]
        if old:
            self.floor = max(self.floor, *old)
            self.seen = {pk: at for pk, at in self.seen.items() if pk > self.floor}
        return set(found.values())


class Hub:
    """The followers of this process, and the thread that wakes them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: set[Follower] = set()
        self._thread: threading.Thread | None = None

    @asynccontextmanager
    async def following(self, models: Collection[str]) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever rows of `models` (labels) were written; clear it yourself."""
        follower = Follower(frozenset(models), asyncio.get_running_loop())
        started = threading.Event()
        with self._lock:
            self._followers.add(follower)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(started,), name="linli-live", daemon=True
                )
                self._thread.start()
            else:
                started.set()
        try:
            # What is written from here on is heard of.
            await asyncio.to_thread(started.wait, 10)
            yield follower.woken
        finally:
            with self._lock:
                self._followers.discard(follower)

    def count(self) -> int:
        """How many follow something now."""
        return len(self._followers)

    def _run(self, started: threading.Event) -> None:
        outbox: Outbox | None = None
        idle_since = time.monotonic()
        try:
            while self._is_wanted(idle_since):
                try:
                    if outbox is None:
                        outbox = Outbox()
                        started.set()
                    _wait()
                    self._tell(outbox.written(time.monotonic()))
                except DatabaseError as error:
                    # The type alone. The database may be back in a moment; what it kept is read then.
                    log.error("the outbox cannot be read: %s", type(error).__name__)
                    connection.close()
                    time.sleep(RETRY_SECONDS)
                if self.count():
                    idle_since = time.monotonic()
        finally:
            started.set()
            connection.close()
            with self._lock:
                # Whatever ended it: the next who follows starts another.
                if self._thread is threading.current_thread():
                    self._thread = None

    def _is_wanted(self, idle_since: float) -> bool:
        """Whether the thread goes on; if not, the next who follows starts another."""
        with self._lock:
            if self._followers or time.monotonic() - idle_since <= IDLE_SECONDS:
                return True
            self._thread = None
            return False

    def _tell(self, models: set[str]) -> None:
        if not models:
            return
        with self._lock:
            wanted = [one for one in self._followers if not models.isdisjoint(one.models)]
        for follower in wanted:
            follower.wake()


def announce() -> None:
    """Wakes the threads of all processes when this transaction is committed, where there is a way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def _wait() -> None:
    if connection.vendor != "postgresql":
        time.sleep(LOOK_SECONDS)
        return
    connection.ensure_connection()
    raw = connection.connection
    # The driver's own errors, of a server that has gone, as Django's: the thread tries again.
    with connection.wrap_database_errors:
        if _LISTENS.get("connection") is not raw:
            raw.execute(f"LISTEN {CHANNEL}")
            _LISTENS["connection"] = raw
            # What was committed before it listened is looked for at once.
            return
        for _notice in raw.notifies(timeout=LISTEN_SECONDS, stop_after=1):
            return


# The connection of the thread that listens.
_LISTENS: dict[str, Any] = {}
hub = Hub()
