"""Many callers in a process of their own: `python -m tests.services.races.runner MARKS_FD OPTIONS
COMMAND SLOT FIRST COUNT [SEED]`. Prints what each of them was answered.

Commands: `rush`, `naive` (the control), `mixed`.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import django
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

django.setup()

from strawberry.relay import to_base64  # noqa: E402

from backend.core.access import SYSTEM, Actor  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.people.models import Resident, User  # noqa: E402
from backend.services import actions, booking  # noqa: E402
from backend.services.choices import ACTIVE, TAKING  # noqa: E402
from backend.services.models import ServiceBooking, Slot  # noqa: E402
from schema.main.view import main_api  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402
from tests.services.races.sizes import THREADS  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])
QUERY = """mutation ($input: BookServiceInput!) { answer: %s(input: $input) {
  serviceBooking { status } errors { code } } }"""


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def all_at_once(do: Callable[[int], str], first: int, count: int) -> None:
    """Each caller in a thread, as many at a time as there are threads; prints the answers."""

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


def ask(user: User, verb: str, slot: Slot) -> str:
    """What the API answers to a caller: a state or a code."""
    key = f"{verb} {slot.code}"
    given = {"slotId": to_base64("Slot", slot.pk), "idempotencyKey": key}
    body = {"query": QUERY % verb, "variables": {"input": given}}
    request = RequestFactory().post("/graphql/", body, content_type="application/json")
    request.user = user
    answer = json.loads(main_api(request).content)
    if "errors" in answer:
        return f"error: {answer['errors']}"
    found: dict[str, Any] = answer["data"]["answer"]
    made = found["serviceBooking"]
    return str(made["status"] if made else found["errors"][0]["code"])


def rush(code: str, first: str, count: str, seed: str = "") -> None:
    """Each books through the API; who finds it full stands in line."""
    slot = Slot.objects.get(code=code)

    def call(number: int) -> str:
        user = User.objects.get(username=f"caller{number}")
        said = ask(user, "bookService", slot)
        return ask(user, "joinSlotWaitlist", slot) if said == "slot_full" else said

    all_at_once(call, int(first), int(count))


def naive(code: str, first: str, count: str, seed: str = "") -> None:
    """The control: booking as one writes it at first. It looks, and then it writes."""
    slot = Slot.objects.get(code=code)
    people = {r.user.username: r for r in Resident.objects.select_related("user")}

    def call(number: int) -> str:
        taken = ServiceBooking.objects.filter(slot=slot, status__in=TAKING).count()
        if taken >= slot.capacity:
            return "full"
        resident = people[f"caller{number}"]
        as_a_page_comes_back()
        ServiceBooking.objects.create(
            community_id=slot.community_id,
            code=f"{code}-{number}",
            slot=slot,
            resident=resident,
            name=resident.name,
            status="confirmed",
        )
        return "confirmed"

    all_at_once(call, int(first), int(count))


def mixed(code: str, first: str, count: str, seed: str) -> None:
    """Bookings, cancellations, expiries, no-shows' verbs, moves, changes of capacity, in any order."""
    slot = Slot.objects.get(code=code)

    def call(number: int) -> str:
        chance = random.Random(f"{seed} {number}")
        user = User.objects.get(username=f"caller{number % 60}")
        by, roll = Actor.of(user, "test"), chance.random()
        if roll < 0.08:
            fresh = Slot.objects.get(pk=slot.pk)
            fresh.capacity = chance.randint(5, 20)
            actions.save_slot(fresh, by=SYSTEM)
            return "changed"
        if roll < 0.12:
            fresh = Slot.objects.get(pk=slot.pk)
            minutes = timedelta(minutes=chance.randint(1, 5))
            fresh.starts_at, fresh.ends_at = fresh.starts_at + minutes, fresh.ends_at + minutes
            actions.save_slot(fresh, by=SYSTEM)
            return "changed"
        if roll < 0.2:
            return _time_is_up(slot)
        mine = ServiceBooking.objects.filter(slot=slot, account=user, status__in=ACTIVE).first()
        if mine is not None and mine.status == "offered":
            return str(booking.accept_offer(mine, by=by).status)
        if mine is not None:
            return str(booking.cancel_booking(mine, by=by).status)
        try:
            return str(booking.place_booking(slot, by=by).status)
        except RuleViolation as violation:
            if violation.code != "slot_full":
                raise
            return str(booking.join_line(slot, by=by).status)

    all_at_once(call, int(first), int(count))


def _time_is_up(slot: Slot) -> str:
    """Some held place's time is over, and two workers notice it."""
    held = ServiceBooking.objects.filter(slot=slot, status="offered").order_by("pk").first()
    if held is None:
        return "nothing"
    past = timezone.now() - timedelta(seconds=1)
    ServiceBooking.objects.filter(pk=held.pk, status="offered").update(held_until=past)
    taken = booking.take_back_offer(held)
    return "lapsed" if taken is not None else "nothing"


if __name__ == "__main__":
    verb, *args = sys.argv[3:]
    {"rush": rush, "naive": naive, "mixed": mixed}[verb](*args)
    mark("done")
