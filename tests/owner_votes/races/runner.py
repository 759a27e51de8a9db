"""Many callers in a process of their own: `python -m tests.owner_votes.races.runner MARKS_FD OPTIONS
COMMAND FIRST COUNT`. Prints what each of them was answered.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import django
from django.db import IntegrityError, connections

django.setup()

from backend.core.access import SYSTEM  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.owner_votes import actions  # noqa: E402
from backend.owner_votes.models import OwnerVote  # noqa: E402
from tests.owner_votes.races.naive import naive_cast  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])
THREADS = 5
OPINIONS = ("for", "against", "abstain")
# Who counts, among those who still enter ballots.
COUNTER = 7
LOOKED, COUNTED = threading.Event(), threading.Event()
PATIENCE = 60


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def _vote(code: str) -> OwnerVote:
    return OwnerVote.objects.select_related("estate").get(code=code)


def _one_buyer(number: int) -> tuple[str, str]:
    """One of the four rooms of one owner, and some opinion."""
    return f"1-1-{number % 4 + 1}", OPINIONS[number % 3]


def cast(number: int) -> str:
    """Everybody enters the one buyer's ballot, each by a room and with an opinion of their own."""
    room, opinion = _one_buyer(number)
    actions.cast(_vote("yz-open"), room, opinion, by=SYSTEM)
    return "cast"


def close(number: int, enter: Callable[[str, str, str], str]) -> str:
    """Each enters another ballot of the vote that is over, and one counts it meanwhile."""
    if number == COUNTER:
        time.sleep(0.02)
        try:
            return str(actions.count(_vote("yz-late"), by=SYSTEM).status)
        finally:
            COUNTED.set()
    return enter("yz-late", f"2-1-{number % 23 + 1}", "for")


def naive_close(number: int) -> str:
    """The same by the naive way; one of them looks before the count and writes after it."""
    if number == COUNTER:
        LOOKED.wait(PATIENCE)
    if number != COUNTER - 1:
        return close(number, naive_cast)

    def until_counted() -> None:
        LOOKED.set()
        COUNTED.wait(PATIENCE)

    return close(number, partial(naive_cast, meanwhile=until_counted))


def _entered(code: str, room: str, opinion: str) -> str:
    vote = _vote(code)
    actions.cast(vote, room, opinion, by=SYSTEM, given_on=vote.ends_on)
    return "cast"


def open_it(number: int) -> str:
    """Everybody opens the one draft."""
    return str(actions.open_vote(_vote("yz-draft"), by=SYSTEM).status)


def all_at_once(do: Callable[[int], str], first: int, count: int) -> None:
    """Each caller in a thread, as many at a time as there are threads; prints the answers."""

    def one(number: int) -> str:
        try:
            return do(number)
        except RuleViolation as violation:
            return violation.code
        except IntegrityError:
            return "IntegrityError"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    mark("ready")
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps(list(pool.map(one, range(first, first + count)))))


COMMANDS: dict[str, Callable[[int], str]] = {
    "cast": cast,
    "close": lambda number: close(number, _entered),
    "open": open_it,
    "naive_cast": lambda number: naive_cast("yz-open", *_one_buyer(number)),
    "naive_close": naive_close,
}

if __name__ == "__main__":
    command, first_, count_ = sys.argv[3:]
    all_at_once(COMMANDS[command], int(first_), int(count_))
    mark("done")
