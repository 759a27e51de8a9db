"""Which database holds what.

On SQLite there is one writer a file, so a job's progress could not be written while an import's
transaction holds the file: queue, progress and leases live in a second one. On PostgreSQL they share the
database.
"""

from pathlib import Path
from typing import Any

import environ
from django.conf import settings

QUEUE_APP = "django_tasks_database"
QUEUE = "queue"

SQLITE_OPTIONS = {
    # IMMEDIATE: a deferred transaction that turns into a writer fails at once with "database is
    # locked" instead of waiting for its turn.
    "transaction_mode": "IMMEDIATE",
    # Seconds. Waiting writers are not served in turn: a crowd at one event must not lose patience.
    "timeout": 60,
    # Secure deletion: what is erased is overwritten in the file, not merely let go.
    # A cache of 8 MB: with the usual two an import's pages go to the file and back before its end.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
    " PRAGMA secure_delete=ON; PRAGMA cache_size=-8000;",
}


def databases_from(url: str, var_dir: Path) -> dict[str, dict[str, Any]]:
    """The DATABASES setting for DATABASE_URL; without one, SQLite under `var_dir`."""
    default = environ.Env.db_url_config(url or f"sqlite:///{var_dir / 'linli.sqlite3'}")
    if default["ENGINE"] != "django.db.backends.sqlite3":
        default["CONN_MAX_AGE"] = 60
        default["CONN_HEALTH_CHECKS"] = True
        return {"default": default}
    default["OPTIONS"] = dict(SQLITE_OPTIONS)
    file = Path(default["NAME"])
    queue = default | {"NAME": str(file.with_name(f"{file.stem}.queue{file.suffix}"))}
    queue["OPTIONS"] = dict(SQLITE_OPTIONS)
    return {"default": default, QUEUE: queue}


class QueueRouter:
    """Sends the job queue, its progress rows and leases to the queue's database where there is one."""

    def _database(self, app_label: str, model_name: str | None) -> str:
        queued = app_label == QUEUE_APP or (app_label, model_name) in {
            ("core", "jobprogress"),
            ("jobs", "lease"),
            ("core", "workerheartbeat"),
            ("accounts", "requestcount"),
        }
        return QUEUE if queued and QUEUE in settings.DATABASES else "default"

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return self._database(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool:
        return db == self._database(app_label, model_name)
