"""The background worker: the queue's own, with a heartbeat that /readyz looks at, and an eye on
what is due and what was lost."""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from backend.core import gate
from backend.core.models import WorkerHeartbeat
from backend.jobs.faults import what_and_where
from backend.jobs.leases import leave_all
from backend.jobs.lost import take_up_lost
from backend.jobs.routine_runs import queue_due
from backend.jobs.running import stopping

BEAT_SECONDS = 5
# What is rolled back at the end of WORKER_STOP_SECONDS gets this long to be handed back.
GRACE_SECONDS = 5
PR_SET_PDEATHSIG = 1
OWN_QUEUE = "django_tasks_db.DatabaseBackend"
# The workers of other queues: each runs as a child of this one.
OTHERS: dict[str, tuple[str, ...]] = {
    "django_tasks_rq.RQBackend": ("rqworker", "default", "--job-class", "django_tasks_rq.Job"),
}


class Command(DatabaseWorker):
    help = "Does background work, queues what falls due by itself, takes up what was lost"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        if _backend() == OWN_QUEUE:
            super().add_arguments(parser)
        else:
            parser.add_argument("--worker-id", default=get_random_string(32))

    def handle(self, **options: Any) -> None:
        worker_id = options["worker_id"]
        stop = threading.Event()
        # Before the threads: a process with threads had better not fork.
        child = None if _backend() == OWN_QUEUE else self._start_other()
        # Two threads: while one waits for a lock, the heart goes on beating.
        for name, step in (("heartbeat", lambda: _beat(worker_id)), ("keeper", _keep)):
            threading.Thread(target=self._repeat, args=(step, stop), name=name, daemon=True).start()
        try:
            if _backend() == OWN_QUEUE:
                with _ends_in_time(watching=not options["reload"]):
                    super().handle(**options)
            else:
                _watch(child)
        finally:
            stop.set()

    def _repeat(self, step: Callable[[], Any], stop: threading.Event) -> None:
        while True:
            try:
                step()
            except Exception as error:
                # Whatever it is, the next round may do; a thread that ends would end in silence.
                name = threading.current_thread().name
                self.stderr.write(f"{name} missed: {what_and_where(error)}")
            close_old_connections()
            if stop.wait(BEAT_SECONDS):
                connections.close_all()
                return

    def _start_other(self) -> "subprocess.Popen[bytes] | None":
        """The queue's own worker, where we know its command."""
        command = OTHERS.get(_backend())
        if command is None:
            self.stdout.write(f"{_backend()} brings its own worker: this one only keeps watch")
            return None
        return subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _end_with_parent() -> None:
    """In the child: if this process is killed outright, it does not stay behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _watch(child: "subprocess.Popen[bytes] | None") -> None:
    """Returns once told to stop, and the child with it; exits if the child ends by itself."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    while not told.wait(0.2):
        if child is not None and child.poll() is not None:
            sys.exit(child.returncode or 1)
    if child is None:
        return
    child.terminate()
    try:
        child.wait(settings.WORKER_STOP_SECONDS + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def _backend() -> str:
    return str(settings.TASKS["default"]["BACKEND"])


def _beat(worker_id: str) -> None:
    now = timezone.now()
    gate.note(WorkerHeartbeat, {"worker": worker_id}, {"beaten_at": now})
    gate.drop_notes(WorkerHeartbeat.objects.filter(beaten_at__lt=now - timedelta(days=1)))


def _keep() -> None:
    queue_due()
    take_up_lost()


@contextmanager
def _ends_in_time(*, watching: bool) -> Iterator[None]:
    """Told to stop, the worker ends what it does, hands it back, or is ended: in that order.

    The library lets a running task go on without an end, and a supervisor's patience has one.
    """
    if not watching:
        yield
        return
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_hear, args=(ours,), name="signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        theirs.close()


def _hear(signals: socket.socket) -> None:
    while numbers := signals.recv(16):
        if {signal.SIGTERM, signal.SIGINT} & set(numbers):
            hand_back = threading.Timer(settings.WORKER_STOP_SECONDS, stopping.set)
            end = threading.Timer(settings.WORKER_STOP_SECONDS + GRACE_SECONDS, _leave)
            for timer in (hand_back, end):
                timer.daemon = True
                timer.start()
            return


def _leave() -> None:
    """As if killed, but what this process held may be taken up at once."""
    try:
        leave_all()
    finally:
        os._exit(1)
