"""The same by RQ and a real Redis: the extra `rq` and a redis-server, where there are."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import ROOT
from tests.imports.races.roster import LARGE_EVENT, LARGE_ROWS
from tests.jobs.races.scenes import Scene
from tests.jobs.races.test_killed_imports import ATTENDANCE

REDIS = shutil.which("redis-server")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("django_tasks_rq") is None or REDIS is None,
        reason="RQ is an extra (rq), and wants a redis-server",
    ),
]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of our own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(REDIS), "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture
def scene(database: Database, redis: str) -> Scene:
    # RQ's worker is the product's own and beats once a second: so long must it be thought alive.
    return Scene(
        database,
        LINLI_TASKS_BACKEND="django_tasks_rq.RQBackend",
        LINLI_REDIS_URL=redis,
        LINLI_JOBS_DEAD_AFTER_SECONDS="8",
    )


class Worker:
    """`manage.py worker`, which runs RQ's as its child."""

    def __init__(self, scene: Scene) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=scene.process_environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """The worker, RQ's worker and what that one has forked."""
        os.killpg(self._process.pid, signal.SIGKILL)
        for pid in _members(self._process.pid):
            os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Tells it to stop; answers its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(40)


def _members(session: int) -> list[int]:
    """The processes of a session: RQ gives what it forks a group of its own."""
    found = subprocess.run(
        ["ps", "-s", str(session), "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split() if int(pid) != session]


def test_a_large_import_by_rq_survives_its_workers(
    scene: Scene, large_import: tuple[str, ...]
) -> None:
    batch = scene.does("import_large", large_import[2], LARGE_EVENT)
    first = Worker(scene)
    scene.until(lambda: scene.running() or scene.state_of(batch) == "planned")
    first.kill()
    second = Worker(scene)
    scene.until(lambda: scene.state_of(batch) == "planned")
    second.kill()
    job = scene.does("confirm_large", batch)
    third = Worker(scene)
    scene.comes_to("running", job)
    third.kill()
    assert scene.job(job)["state"] == "running", "killed on its way"
    fourth = Worker(scene)
    scene.comes_to("done", job)
    assert scene.job(job)["tries"] == 2
    assert scene.state_of(batch) == "committed"
    assert scene.database.ask(ATTENDANCE) == [(LARGE_ROWS,)]
    assert fourth.stop() == 0


def test_a_job_by_rq_is_cancelled_while_it_waits_and_retried(
    scene: Scene, large_import: tuple[str, ...]
) -> None:
    batch = scene.does("import_large", large_import[2], LARGE_EVENT)
    ((job,),) = scene.database.ask("SELECT id FROM jobs_job")
    scene.does("cancel", str(job))
    worker = Worker(scene)
    try:
        time.sleep(5)
        assert (scene.job(job)["state"], scene.state_of(batch)) == ("cancelled", "reading")
        scene.does("retry", str(job))
        scene.comes_to("done", job)
        assert scene.state_of(batch) == "planned"
        assert scene.job(job)["result"] == f"读到 {LARGE_ROWS} 行。"
    finally:
        worker.kill()
