"""The background worker: django-tasks' own, with a heartbeat that /readyz looks at."""

import threading
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from backend.core import gate
from backend.core.models import WorkerHeartbeat
from backend.core.routines import queue_due

BEAT_SECONDS = 5


class Command(DatabaseWorker):
    help = "Runs background work: large imports, expiry of uploads"

    def handle(self, **options: Any) -> None:
        stop = threading.Event()
        beat = threading.Thread(
            target=self._beat, args=(options["worker_id"], stop), name="heartbeat", daemon=True
        )
        beat.start()
        try:
            super().handle(**options)
        finally:
            stop.set()

    def _beat(self, worker_id: str, stop: threading.Event) -> None:
        while True:
            try:
                gate.note(WorkerHeartbeat, {"worker": worker_id}, {"beaten_at": timezone.now()})
                gate.drop_notes(
                    WorkerHeartbeat.objects.filter(beaten_at__lt=timezone.now() - timedelta(days=1))
                )
                queue_due()
            except DatabaseError as error:
                self.stderr.write(f"heartbeat missed: {error}")
            close_old_connections()
            if stop.wait(BEAT_SECONDS):
                return
