"""Many callers in a process of their own: `python -m tests.meetings.races.runner MARKS_FD OPTIONS
COMMAND FIRST COUNT`. Prints what each of them was answered.
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import IntegrityError, connections, transaction

django.setup()

from backend.core.access import SYSTEM  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.meetings import actions  # noqa: E402
from backend.meetings.models import AgendaItem, JointMeeting  # noqa: E402
from tests.meetings.races.naive import naive_close, naive_number  # noqa: E402
from tests.meetings.races.sizes import ROOMS, THREADS  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def _meeting(code: str) -> JointMeeting:
    return JointMeeting.objects.get(code=code)


def close(number: int) -> str:
    """Everybody closes the one meeting."""
    return str(actions.close(_meeting("lx-close"), by=SYSTEM).status)


def notice(number: int) -> str:
    """Each convenes a meeting of their own; every fifth fails after its number was taken."""
    if number % 5 == 4:
        JointMeeting.objects.filter(code=f"lx-draft-{number}").update(title="会" * 100)
        return _fails(number)
    meeting = actions.notice(_meeting(f"lx-draft-{number}"), by=SYSTEM)
    return f"{meeting.year}-{meeting.number}"


def _fails(number: int) -> str:
    with transaction.atomic():
        actions.notice(_meeting(f"lx-draft-{number}"), by=SYSTEM)
        transaction.set_rollback(True)
    return "rolled back"


def resolve(number: int) -> str:
    """Each writes a resolution of one of the meetings, of two communities and years; every fifth
    fails after its number was taken.
    """
    item = AgendaItem.objects.get(meeting__code=f"lx-resolve-{number % ROOMS}")
    with transaction.atomic():
        made = actions.resolve(item, f"第{number}条", by=SYSTEM)
        if number % 5 == 4:
            transaction.set_rollback(True)
            return "rolled back"
    return f"{made.community_id}-{made.year}-{made.number}"


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
    "close": close,
    "notice": notice,
    "resolve": resolve,
    "naive_close": lambda number: naive_close(_meeting("lx-close")),
    "naive_number": lambda number: naive_number(_meeting(f"lx-draft-{number}")),
}

if __name__ == "__main__":
    command, first_, count_ = sys.argv[3:]
    all_at_once(COMMANDS[command], int(first_), int(count_))
    mark("done")
