"""The live door as it is served: Granian over ASGI, a database of its own, real connections."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.demo.test_serve import free_port
from tests.imports.races.databases import ROOT, Database, new_world, run_in

PATIENCE = 60


@dataclass(frozen=True)
class Server:
    """A server, and who is signed in there."""

    host: str
    database: Database

    def token(self, name: str) -> str:
        """A session token, as an app gets one."""
        answer = requests.post(
            f"http://{self.host}/_allauth/app/v1/auth/login",
            json={"username": name, "password": f"demo-{name}"},
            timeout=30,
        )
        return str(answer.json()["meta"]["session_token"])

    def ask(self, token: str, query: str, **variables: Any) -> Any:
        """The data of an ordinary POST."""
        answer = requests.post(
            f"http://{self.host}/graphql/",
            json={"query": query, "variables": variables},
            headers={"X-Session-Token": token},
            timeout=30,
        )
        return answer.json()["data"]

    def run(self, *arguments: str) -> None:
        """Runs the world's script in a process of its own."""
        run_in(self.database, "-m", "tests.live.world", *arguments)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with new_world(tmp_path_factory.mktemp("live") / "var", "tests.live.world") as database:
        port = free_port()
        found = Server(f"127.0.0.1:{port}", database)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi"),
                *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
                *("--workers-kill-timeout", "5", "--log-level", "warning"),
                "backend.asgi:application",
            ],
            cwd=ROOT,
            env={**os.environ, **database.environment},
        )
        try:
            _wait_for(found.host)
            yield found
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(host: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if requests.get(f"http://{host}/healthz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < until, "the server never answered"
        time.sleep(0.2)
