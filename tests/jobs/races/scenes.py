"""Workers and the jobs that they are given, in processes of their own."""

import json
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process

# A worker that has not beaten for so long is dead, for the workers of these scenes.
DEAD_AFTER = 2.0
PATIENCE = 180.0


@dataclass(frozen=True)
class _Elsewhere:
    """What `Process` asks of a database, with more in the environment."""

    folder: Path
    environment: dict[str, str]


class Scene:
    """One database, and what goes on in it."""

    def __init__(self, database: Database, **environment: str) -> None:
        self.database = database
        self.environment = environment
        self.workers: list[Process] = []
        (self.estates_before,) = self._one("SELECT count(*) FROM places_estate")

    def does(self, *command: str) -> Any:
        """A command, to its end; answers what it said."""
        process = self._process(*command)
        outcome = process.finish()
        assert outcome.status == 0, outcome.complained
        return json.loads(outcome.said) if outcome.said else None

    def worker(self, *, hold: Sequence[str] = (), without: Sequence[str] = ()) -> Process:
        """A worker that has begun to look for work."""
        process = self._process("work", hold=hold, without=without)
        self.workers.append(process)
        return process

    @property
    def process_environment(self) -> dict[str, str]:
        """What a process of the scene needs."""
        return (
            self.database.environment
            | {
                "LINLI_JOBS_DEAD_AFTER_SECONDS": str(DEAD_AFTER),
                "LINLI_WORKER_STOP_SECONDS": "2",
            }
            | self.environment
        )

    def _process(self, *command: str, **options: Any) -> Process:
        return Process(
            _Elsewhere(self.database.folder, self.process_environment),
            *command,
            runner="tests.jobs.races.runner",
            **options,
        )

    def written(self) -> int:
        """How many estates the jobs have registered."""
        (now,) = self._one("SELECT count(*) FROM places_estate")
        return now - self.estates_before

    def job(self, pk: int) -> dict[str, Any]:
        """What the row of a job says."""
        names = ("state", "tries", "done", "error_code", "result", "cancelled_by")
        row = self._one(f"SELECT {', '.join(names)} FROM jobs_job WHERE id = {pk}")
        return dict(zip(names, row, strict=True))

    def state_of(self, batch: str) -> str:
        """The state of an import."""
        (state,) = self._one(f"SELECT status FROM imports_importbatch WHERE code = '{batch}'")
        return str(state)

    def running(self) -> bool:
        """Whether a job runs."""
        return bool(self.database.ask("SELECT 1 FROM jobs_job WHERE state = 'running'"))

    def comes_to(self, state: str, *jobs: int, within: float = PATIENCE) -> None:
        """Waits until the jobs are in this state."""
        self.until(lambda: all(self.job(pk)["state"] == state for pk in jobs), within)

    def until(self, true: Callable[[], bool], within: float = PATIENCE) -> float:
        """Waits; answers how long."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() < began + within, self._how_it_stands()
            time.sleep(0.05)
        return time.monotonic() - began

    def _how_it_stands(self) -> str:
        jobs = self.database.ask(
            "SELECT id, kind, state, tries, worker, error_code, started_at FROM jobs_job"
        )
        leases = self.database.ask_queue("SELECT name, beaten_at, announced_at FROM jobs_lease")
        queue = self.database.ask_queue(
            "SELECT status, args_kwargs, started_at FROM django_tasks_database_dbtaskresult"
        )
        said = [worker.complaint()[-1500:] for worker in self.workers]
        return f"it did not come to that: {jobs=} {leases=} {queue=} {said=}"

    def puts_to_sleep(self, worker: Process, *, holding: int = 0) -> None:
        """Stops a worker that holds just so many transactions: not in the midst of a heartbeat,
        whose lock would stop everybody else for as long as it sleeps."""
        for _ in range(20):
            worker.stop()
            if self.database.open_transactions() == holding:
                return
            worker.send(signal.SIGCONT)
            time.sleep(0.1)
        raise AssertionError("it never lets go of its locks")

    def ends(self) -> None:
        """Kills whoever is left."""
        for worker in self.workers:
            if worker.runs:
                worker.kill()

    def _one(self, sql: str) -> tuple[Any, ...]:
        return self.database.ask(sql)[0]
