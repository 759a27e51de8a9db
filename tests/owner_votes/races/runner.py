"""Many callers in a process of their own: `python -m tests.owner_votes.races.runner MARKS_FD OPTIONS
COMMAND FIRST COUNT`. Prints what each of them was answered.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

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
        return str(actions.count(_vote("yz-late"), by=SYSTEM).status)
    return enter("yz-late", f"2-1-{number % 23 + 1}", "for")


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
    "naive_close": lambda number: close(number, naive_cast),
}

if __name__ == "__main__":
    command, first_, count_ = sys.argv[3:]
    all_at_once(COMMANDS[command], int(first_), int(count_))
    mark("done")
