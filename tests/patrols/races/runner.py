"""Many hands in a process of their own: `python -m tests.patrols.races.runner MARKS_FD OPTIONS
COMMAND COUNT`. Prints what each of them was answered.

Commands: `start`, `pass_on`, `naive` (the control).
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connections

django.setup()

from backend.core.access import Actor  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.demands.actions import register_demand  # noqa: E402
from backend.demands.models import Demand  # noqa: E402
from backend.patrols import patrolling  # noqa: E402
from backend.patrols.models import PatrolPoint  # noqa: E402
from backend.people.models import User  # noqa: E402
from backend.places.models import Grid  # noqa: E402
from tests.patrols.races.sizes import GRID, THREADS  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def all_at_once(do: Callable[[], object], count: int) -> None:
    """Each hand in a thread, as many at a time as there are threads; prints the answers."""

    def one(_number: int) -> str:
        try:
            do()
        except RuleViolation as violation:
            return violation.code
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()
        return "done"

    mark("ready")
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps(list(pool.map(one, range(count)))))


def worker() -> Actor:
    """Who taps."""
    return Actor.of(User.objects.get(username="worker"), "test")


def start(count: int) -> None:
    """All begin the same round."""
    grid, by = Grid.objects.get(code=GRID), worker()
    all_at_once(lambda: patrolling.start_patrol(grid, shift="evening", by=by), count)


def pass_on(count: int) -> None:
    """All make a demand of the same issue."""
    point, by = PatrolPoint.objects.get(kind="safety"), worker()
    all_at_once(lambda: patrolling.pass_on(point, by=by), count)


def naive(count: int) -> None:
    """The control: as one writes it at first. It looks, and then it writes."""
    key, by = PatrolPoint.objects.get(kind="facilities").pk, worker()

    def call() -> None:
        point = PatrolPoint.objects.select_related("patrol").get(pk=key)
        if point.demand_id is not None:
            raise RuleViolation("point_passed_on", "")
        demand = Demand(
            community_id=point.community_id,
            estate_id=point.patrol.estate_id,
            channel="patrol",
            content="路灯不亮",
            address="naive",
        )
        made = register_demand(demand, by=by)
        PatrolPoint.objects.filter(pk=key).update(demand=made)

    all_at_once(call, count)


if __name__ == "__main__":
    verb, count = sys.argv[3:]
    {"start": start, "pass_on": pass_on, "naive": naive}[verb](int(count))
    mark("done")
