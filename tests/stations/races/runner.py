"""Many hands in a process of their own: `python -m tests.stations.races.runner MARKS_FD OPTIONS
COMMAND STATION FIRST COUNT`. Prints what each of them was answered.

Commands: `rush`, `naive` (the control), `mixed`.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connections

django.setup()

from backend.core.access import Actor  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.people.models import User  # noqa: E402
from backend.stations.ledger import correct_entry, count_stock, put_in, take_out  # noqa: E402
from backend.stations.models import StationStock, SupplyEntry  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402
from tests.stations.races.sizes import EACH, THREADS  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def all_at_once(do: Callable[[int], str], first: int, count: int) -> None:
    """Each hand in a thread, as many at a time as there are threads; prints the answers."""

    def one(number: int) -> str:
        try:
            return do(number)
        except RuleViolation as violation:
            return violation.code
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    mark("ready")
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps(list(pool.map(one, range(first, first + count)))))


def worker() -> Actor:
    """Who enters it."""
    return Actor.of(User.objects.get(username="worker"), "test")


def rush(station: str, first: str, count: str) -> None:
    """Each takes some, and (a bad line) sends it twice."""
    stock, by = StationStock.objects.get(station__code=station), worker()

    def call(number: int) -> str:
        entries = {take_out(stock, EACH, by=by, key=f"k{number}").pk for _ in range(2)}
        return "taken" if len(entries) == 1 else "taken twice"

    all_at_once(call, int(first), int(count))


def naive(station: str, first: str, count: str) -> None:
    """The control: as one writes it at first. It looks, and then it writes."""
    key = StationStock.objects.get(station__code=station).pk

    def call(number: int) -> str:
        stock = StationStock.objects.get(pk=key)
        if stock.balance < EACH:
            return "stock_short"
        left = stock.balance - EACH
        as_a_page_comes_back()
        SupplyEntry.objects.create(
            community_id=stock.community_id,
            stock=stock,
            number=1000 + number,
            kind="out",
            quantity=-EACH,
            balance_after=left,
        )
        StationStock.objects.filter(pk=key).update(balance=left)
        return "taken"

    all_at_once(call, int(first), int(count))


def mixed(station: str, first: str, count: str) -> None:
    """In, out, counted, put right, in any order."""
    stock, by = StationStock.objects.get(station__code=station), worker()

    def call(number: int) -> str:
        chance = random.Random(number)
        amount, roll = chance.randint(1, 40), chance.random()
        if roll < 0.2:
            put_in(stock, amount, by=by)
        elif roll < 0.7:
            take_out(stock, amount, by=by)
        elif roll < 0.85:
            count_stock(stock, amount, by=by, reason="盘点")
        else:
            entry = SupplyEntry.objects.filter(stock=stock).exclude(kind="correction").last()
            assert entry is not None
            correct_entry(entry, amount, by=by, reason="记错了")
        return "done"

    all_at_once(call, int(first), int(count))


if __name__ == "__main__":
    verb, *args = sys.argv[3:]
    {"rush": rush, "naive": naive, "mixed": mixed}[verb](*args)
    mark("done")
