"""Callers in a process of their own: `python -m tests.demands.races.runner MARKS_FD OPTIONS COMMAND CALLERS`.

Each caller is a thread with a connection of its own: it registers a demand, and assigns the one that all
of them want. Prints, as JSON, what they were answered: [number or code, "assigned" or code] each.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

django.setup()

from django.db import IntegrityError, connection  # noqa: E402  they need the apps
from django.db.models import Max  # noqa: E402

from backend.core.access import SYSTEM  # noqa: E402
from backend.core.errors import RuleViolation  # noqa: E402
from backend.demands import handling  # noqa: E402
from backend.demands.actions import register_demand  # noqa: E402
from backend.demands.models import Demand  # noqa: E402
from backend.people.models import Organization  # noqa: E402
from backend.places.models import Community  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])
COMMAND, CALLERS = sys.argv[3], int(sys.argv[4])
TOGETHER = threading.Barrier(CALLERS + 1)
WANTED = {"verbs": 1, "naive": 2}


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def new() -> Demand:
    """What each brings forward."""
    return Demand(community=Community.objects.get(), content="楼道灯不亮")


def registers() -> int:
    """The verb."""
    return register_demand(new(), by=SYSTEM).number


def assigns(demand: Demand, body: Organization) -> str:
    """The verb."""
    return str(handling.assign(demand, body, by=SYSTEM).status)


def naive_registers() -> int:
    """The control: the next number is one more than the highest that one sees."""
    demand = new()
    highest = Demand.objects.aggregate(last=Max("number"))["last"]
    as_a_page_comes_back()
    demand.year, demand.number = Demand.objects.earliest("pk").year, highest + 1
    demand.code = f"sq-{demand.year}-{demand.number}"
    Demand.objects.bulk_create([demand])
    return demand.number


def naive_assigns(demand: Demand, body: Organization) -> str:
    """The control: it looks whether anybody has it, and then it writes."""
    demand.refresh_from_db()
    if demand.status != "registered":
        return "wrong_state"
    as_a_page_comes_back()
    Demand.objects.filter(pk=demand.pk).update(status="assigned", assigned_to=body)
    return "assigned"


def answered(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except RuleViolation as violation:
        return violation.code
    except IntegrityError:
        return "refused_by_the_database"


def caller(number: int) -> list[Any]:
    bodies = list(Organization.objects.order_by("pk"))
    wanted = Demand.objects.get(number=WANTED[COMMAND])
    connection.close()
    TOGETHER.wait()
    register, assign = (
        (registers, assigns) if COMMAND == "verbs" else (naive_registers, naive_assigns)
    )
    try:
        body = bodies[number % len(bodies)]
        assignment = answered(lambda: assign(wanted, body))
        return [answered(register), assignment]
    finally:
        connection.close()


if __name__ == "__main__":
    with ThreadPoolExecutor(CALLERS) as pool:
        found = [pool.submit(caller, number) for number in range(CALLERS)]
        mark("ready")
        TOGETHER.wait()
        print(json.dumps([one.result() for one in found]))
    mark("done")
