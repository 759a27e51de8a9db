"""Many callers in a process of their own: `python -m tests.education.races.runner MARKS_FD OPTIONS
COMMAND ARG…`. Prints what each of them was answered.

Commands: `rush EVENT FIRST COUNT`, `naive EVENT FIRST COUNT`, `mixed EVENT FIRST COUNT SEED`,
`routine NAME`, `withdraw EVENT`.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from django.db import connections
from django.test import RequestFactory

django.setup()

from strawberry.relay import to_base64  # noqa: E402

from backend.core.access import SYSTEM, Actor  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.education import actions, tasks  # noqa: E402
from backend.education.choices import ACTIVE  # noqa: E402
from backend.education.models import LegalEducationEvent, Registration  # noqa: E402
from backend.education.registering import (  # noqa: E402
    join_waitlist,
    register,
    withdraw_registration,
)
from backend.people.models import Resident, User  # noqa: E402
from schema.main.view import main_api  # noqa: E402
from tests.education.races.naive import naive_register  # noqa: E402
from tests.education.races.sizes import THREADS  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])
QUERY = """mutation ($input: RegisterForEventInput!) { answer: %s(input: $input) {
  registration { status } errors { code } } }"""


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


def ask(user: User, verb: str, event: LegalEducationEvent) -> str:
    """What the API answers to a caller: a state or a code."""
    given = {
        "eventId": to_base64("LegalEducationEvent", event.pk),
        "idempotencyKey": f"{verb} {event.code}",
    }
    body = {"query": QUERY % verb, "variables": {"input": given}}
    request = RequestFactory().post("/graphql/", body, content_type="application/json")
    request.user = user
    answer = json.loads(main_api(request).content)
    if "errors" in answer:
        return f"error: {answer['errors']}"
    found: dict[str, Any] = answer["data"]["answer"]
    return str(
        found["registration"]["status"] if found["registration"] else found["errors"][0]["code"]
    )


def rush(code: str, first: str, count: str) -> None:
    """Each registers through the API; who finds it full stands in line."""
    event = LegalEducationEvent.objects.get(code=code)

    def call(number: int) -> str:
        user = User.objects.get(username=f"caller{number}")
        said = ask(user, "registerForEvent", event)
        return ask(user, "joinEventWaitlist", event) if said == "event_full" else said

    all_at_once(call, int(first), int(count))


def naive(code: str, first: str, count: str) -> None:
    """The control."""
    event = LegalEducationEvent.objects.get(code=code)
    people = {r.user.username: r for r in Resident.objects.select_related("user")}
    all_at_once(lambda n: naive_register(event, people[f"caller{n}"]), int(first), int(count))


def mixed(code: str, first: str, count: str, seed: str) -> None:
    """Registrations, withdrawals and changes of the capacity, in any order."""
    event = LegalEducationEvent.objects.get(code=code)

    def call(number: int) -> str:
        chance = random.Random(f"{seed} {number}")
        user = User.objects.get(username=f"caller{number % 200}")
        by, said = Actor.of(user, "test"), ""
        mine = Registration.objects.filter(event=event, account=user, status__in=ACTIVE).first()
        if chance.random() < 0.1:
            fresh = LegalEducationEvent.objects.get(pk=event.pk)
            fresh.capacity = chance.randint(5, 25)
            actions.save_event(fresh, by=SYSTEM)
            return "changed"
        if mine is not None:
            return str(withdraw_registration(mine, by=by).status)
        size = chance.choice((1, 1, 1, 2, 3))
        try:
            said = register(event, by=by, size=size).status
        except RuleViolation as violation:
            if violation.code != "event_full":
                raise
            said = join_waitlist(event, by=by, size=size).status
        return str(said)

    all_at_once(call, int(first), int(count))


def routine(name: str) -> None:
    """What the worker runs by itself."""
    mark("ready")
    print(json.dumps(getattr(tasks, name).func()))


def withdraw(code: str) -> None:
    """Everybody who has a place at the event gives it up, one after the other."""
    rows = Registration.objects.filter(event__code=code, status="confirmed").order_by("pk")
    found = list(rows.select_related("resident")[:10])
    mark("ready")
    for row in found:
        withdraw_registration(row, by=SYSTEM, reason="来电取消")
    print(json.dumps(len(found)))


if __name__ == "__main__":
    verb, *args = sys.argv[3:]
    {"rush": rush, "naive": naive, "mixed": mixed, "routine": routine, "withdraw": withdraw}[verb](
        *args
    )
    mark("done")
