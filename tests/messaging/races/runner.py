"""A sender in a process of its own that says how far it is and can be held there:
`python -m tests.messaging.races.runner MARKS_FD OPTIONS COMMAND`.

The commands are `send`, the worker's own loop until nothing waits, and three controls: one that
writes down what it has sent only after it, one that does so before, and one that takes nothing;
and `tell`, which tells everybody of one occasion, with a control that looks whether it was done.
"""

import json
import os
import sys
import time
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402  they need the apps
from django.utils import timezone  # noqa: E402

from backend.messaging import sending  # noqa: E402
from backend.messaging.actions import Recipient, tell  # noqa: E402
from backend.messaging.channels.file import FileSender  # noqa: E402
from backend.messaging.models import Delivery  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Community  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])
WAITING = ("pending", "failed")


def mark(name: str) -> None:
    """Says that this point is reached; waits there, the first time, if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        HOLD.discard(name)
        sys.stdin.readline()


def watch() -> None:
    """Sets a mark where a message has been taken, and where it has been handed over."""
    take, send = sending.take_next, FileSender.send

    def taken() -> Any:
        row = take()
        if row is not None:
            mark("taken")
        return row

    def sent(self: FileSender, message: Any) -> str:
        reference = send(self, message)
        mark("written")
        return reference

    sending.take_next = taken
    FileSender.send = sent  # type: ignore[method-assign]


def send() -> None:
    """Sends until nothing waits; a message in a dead worker's hands is waited for."""
    while Delivery.objects.filter(state__in=WAITING).exists():
        sending.send_due()
        time.sleep(0.02)


def _hand_over(row: Delivery) -> None:
    words = (row.address, row.title, row.body, row.values)
    FileSender().send(sending._outgoing(row, *words, again=False))


def _note(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())


def naive_after() -> None:
    """A control: sends, then writes down that it has."""
    for row in list(Delivery.objects.filter(state__in=WAITING)):
        _hand_over(row)
        _note(row)


def naive_before() -> None:
    """A control: writes down that it has sent, then sends."""
    for row in list(Delivery.objects.filter(state__in=WAITING)):
        _note(row)
        mark("taken")
        _hand_over(row)


def naive_together() -> None:
    """A control: looks up what waits, and takes nothing before it sends."""
    rows = list(Delivery.objects.filter(state__in=WAITING))
    mark("looked")
    for row in rows:
        _hand_over(row)
        _note(row)


def _tell_everybody(once_key: str) -> None:
    people = [Recipient(resident=person) for person in Resident.objects.all()]
    values = {"event_title": "反诈进楼栋", "starts_at": "11月29日 9:00", "place": "小马扎剧场"}
    community = Community.objects.get()
    with transaction.atomic():
        told = tell(people, "event_cancelled", values, community=community, once_key=once_key)
        mark("told")
    print(told)


def naive_tell() -> None:
    """A control: tells unless it sees that it has been told."""
    seen = Delivery.objects.filter(once_key__startswith="event 2 cancelled").exists()
    mark("looked")
    if not seen:
        _tell_everybody(f"event 2 cancelled {os.getpid()}")


if __name__ == "__main__":
    watch()
    mark("ready")
    {
        "send": send,
        "naive_after": naive_after,
        "naive_before": naive_before,
        "naive_together": naive_together,
        "tell": lambda: _tell_everybody("event 2 cancelled"),
        "naive_tell": naive_tell,
    }[sys.argv[3]]()
    mark("done")
