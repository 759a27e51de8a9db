"""`make demo` as somebody runs it: it serves, refuses a taken port, keeps its data, and stops."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

# It has its SQLite wherever the others run.
pytestmark = [pytest.mark.slow, pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PORT": str(port), "LINLI_VAR": str(folder), "DATABASE_URL": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "fixtures.serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def wait_for(port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE
    while status(port, path) != 200:
        assert time.monotonic() < until, f"{path} never answered"
        time.sleep(0.3)


def stop(process: Any) -> str:
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return str(said)


def nothing_left_to_migrate(folder: Path, alias: str) -> str:
    """What `migrate` would still do, where the tables were made from the models at once."""
    asked = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check", "--plan", "--database", alias],
        cwd=ROOT, env=os.environ | {"LINLI_VAR": str(folder), "DATABASE_URL": ""},
        capture_output=True, text=True,
    )  # fmt: skip
    return "" if asked.returncode == 0 else asked.stdout + asked.stderr


def test_serves_keeps_its_data_and_stops_cleanly(tmp_path: Path) -> None:
    port = free_port()
    first = start(tmp_path, port)
    try:
        for path in ("/healthz", "/readyz", "/admin/login/", "/graphql/", "/open-data/graphql/"):
            wait_for(port, path)
        second = start(tmp_path / "other", port)
        said, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert "已被占用" in said
        assert "Traceback" not in said
    finally:
        said = stop(first)
    assert "演示数据已载入" in said
    assert "demo-worker" in said
    assert "Traceback" not in said
    assert status(port, "/healthz") is None, "nobody is left behind"
    assert [nothing_left_to_migrate(tmp_path, alias) for alias in ("default", "queue")] == ["", ""]
    again = start(tmp_path, port)
    try:
        wait_for(port, "/readyz")
    finally:
        said = stop(again)
    assert "原样保留" in said
