"""Neighbours with accounts, and an event with few places, for tests of registration."""

import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education import actions
from backend.education.models import LegalEducationEvent, Registration, Venue
from backend.messaging.models import InboxMessage
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from tests.conftest import TERM_START, new_event

NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def neighbour(community: Community, number: int) -> Actor:
    """A resident of the roster who has an account, as an actor."""
    name = f"{NAMES[number % len(NAMES)]}邻{number}"
    user = User.objects.create_user(f"neighbour{number}", password="x")
    gate.save(
        CommunityRole(user=user, role="resident", community=community, valid_from=TERM_START),
        by=SYSTEM,
    )
    phone = f"139000{number:05d}"
    gate.save(Resident(community=community, name=name, phone=phone, user=user), by=SYSTEM)
    return Actor.of(user, "test")


def neighbours(community: Community, count: int, first: int = 1) -> list[Actor]:
    """So many of them."""
    return [neighbour(community, number) for number in range(first, first + count)]


def small_event(venue: Venue, capacity: int | None = 2, **values: Any) -> LegalEducationEvent:
    """An open event in three days with few places."""
    start = timezone.now().replace(microsecond=0) + datetime.timedelta(days=3)
    given = {
        "code": "pf-small",
        "title": "小班普法课",
        "capacity": capacity,
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=2),
    }
    return actions.open_event(gate.save(new_event(venue, **(given | values)), by=SYSTEM), by=SYSTEM)


def states(event: LegalEducationEvent) -> list[str]:
    """The states of an event's registrations, in the order in which they came."""
    rows = Registration.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("status", flat=True))


def told(actor: Actor) -> list[str]:
    """The kinds of message in somebody's inbox, oldest first."""
    rows = InboxMessage.objects.filter(user=actor.user).order_by("pk")
    return list(rows.values_list("template", flat=True))
