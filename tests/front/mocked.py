"""The stand-in server as a process of its own, as a front-end developer starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def mock_server(*command: str) -> Iterator[str]:
    """Its address, while it runs. There is no database: DATABASE_URL leads nowhere."""
    environment = os.environ | {"DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/nowhere"}
    with subprocess.Popen(
        [sys.executable, *command, "--port", "0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().removesuffix("/graphql/")
        finally:
            process.terminate()
