"""Invented volunteers, and what they are asked to do, for the tests."""

import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.roles import Role
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from backend.volunteers.models import ServiceRecord, Volunteer

# One moment for all hours of a run: two of them lie exactly as far apart as they say.
NOW = timezone.now().replace(microsecond=0)
NAMES = ("钱志愿", "孙志愿", "李志愿", "周志愿", "吴志愿", "郑志愿")


def new_resident(community: Community, name: str, *, account: bool = True) -> Resident:
    """Somebody of the roster, with an account of their own if so said."""
    user = None
    if account:
        user = User.objects.create_user(f"v-{name}", password="a good passphrase 42")
        gate.save(
            CommunityRole(
                user=user,
                role=Role.RESIDENT,
                community=community,
                valid_from=datetime.date(2025, 1, 1),
            ),
            by=SYSTEM,
        )
    number = Resident.objects.count()
    person = Resident(community=community, name=name, phone=f"1390002{number:04d}", user=user)
    return gate.save(person, by=SYSTEM)


def new_volunteer(
    community: Community, name: str = NAMES[0], *, account: bool = True, **more: Any
) -> Volunteer:
    """An active volunteer."""
    resident = new_resident(community, name, account=account)
    made = gate.save(Volunteer(community=community, resident=resident, **more), by=SYSTEM)
    return gate.move(made, "approve", by=SYSTEM)


def hours_ago(hours: float) -> datetime.datetime:
    """A full moment that has passed."""
    return NOW - datetime.timedelta(hours=hours)


def new_record(volunteer: Volunteer, start: float, end: float, **more: Any) -> ServiceRecord:
    """Hours served, by how many hours ago they began and ended."""
    values = {"content": "门口秩序引导"} | more
    record = ServiceRecord(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        starts_at=hours_ago(start),
        ends_at=hours_ago(end),
        **values,
    )
    return gate.save(record, by=SYSTEM)
