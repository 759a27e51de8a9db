"""Calls counted in a process of its own: `python -m tests.accounts.races.runner MARKS_FD OPTIONS
prepare | count LIMIT CALLS`. Prints how many passed.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

django.setup()

from backend.accounts.rates import COUNTER  # noqa: E402  it needs the apps

# One minute for all of them, whenever they come to it.
AT = 29_000_000 * 60.0
THREADS = 4


def main(marks: int, command: str, *numbers: str) -> None:
    if command == "prepare":
        for database in settings.DATABASES:
            call_command("migrate", database=database, verbosity=0)
        return
    limit, calls = map(int, numbers)

    def one(number: int) -> bool:
        return COUNTER.take("user 1", limit, AT) is None

    def share(_thread: int) -> int:
        try:
            return sum(map(one, range(calls // THREADS)))
        finally:
            connections.close_all()

    os.write(marks, b"ready\n")
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        print(sum(pool.map(share, range(THREADS))))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[3:])
