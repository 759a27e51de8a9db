"""The world of the rush: `python -m tests.education.races.world` fills a database."""

import datetime

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.education import actions  # noqa: E402
from backend.education.models import LegalEducationEvent, Registration, Venue  # noqa: E402
from backend.people.models import CommunityRole, Resident, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.education.races.sizes import (  # noqa: E402
    CALLERS,
    FULL_EVENTS,
    MIXED_EVENTS,
    PLACES,
    RUSH_EVENTS,
    WAITING,
)


def build() -> None:
    """One community, its residents with accounts, and events with few places."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    users = User.objects.bulk_create(
        [User(username=f"caller{number}", password="!") for number in range(CALLERS)]
    )
    term = {"role": "resident", "community": community, "valid_from": datetime.date(2025, 1, 1)}
    gate.save_many([CommunityRole(user=user, **term) for user in users], by=SYSTEM)
    residents = [
        Resident(community=community, name=f"邻居{n}", phone=f"139000{n:05d}", user=user)
        for n, user in enumerate(users)
    ]
    gate.save_many(residents, by=SYSTEM)
    venue = gate.save(
        Venue(community=community, code="theatre", name="小马扎剧场", kind="stool_theatre"),
        by=SYSTEM,
    )
    start = timezone.now().replace(microsecond=0) + datetime.timedelta(hours=20)
    for code in (*RUSH_EVENTS, *MIXED_EVENTS, *FULL_EVENTS):
        event = LegalEducationEvent(
            community=community,
            venue=venue,
            code=code,
            title="名额不多的普法课",
            capacity=PLACES,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        )
        event = actions.open_event(gate.save(event, by=SYSTEM), by=SYSTEM)
        if code in FULL_EVENTS:
            fill(event, residents)


def fill(event: LegalEducationEvent, residents: list[Resident]) -> None:
    """Every place is taken, and some wait."""
    given = {"community": event.community, "event": event}
    rows = [Registration(resident=r, name=r.name, **given) for r in residents[:PLACES]]
    gate.save_many(rows, by=SYSTEM)
    gate.move_many(rows, "confirm", by=SYSTEM)
    late = [
        Registration(resident=r, name=r.name, queue_number=n + 1, **given)
        for n, r in enumerate(residents[PLACES : PLACES + WAITING])
    ]
    gate.save_many(late, by=SYSTEM)
    gate.move_many(late, "wait", by=SYSTEM)


if __name__ == "__main__":
    build()
