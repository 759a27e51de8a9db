"""Fills a database for the benchmark: 50 000 known residents, 500 events with 60 000 sign-ins."""

import os
from datetime import timedelta

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from django.db import connections  # noqa: E402  they need the apps
from django.utils import timezone  # noqa: E402

from backend.core import gate  # noqa: E402
from backend.core.access import SYSTEM  # noqa: E402
from backend.education.models import Attendance, LegalEducationEvent, Venue  # noqa: E402
from backend.people.models import Resident, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.bench.people import KNOWN, known_people  # noqa: E402

EVENTS, PER_EVENT = 500, 120


def fill() -> None:
    """Migrates and fills."""
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    venue = gate.save(
        Venue(community=community, code="theatre", name="小马扎剧场", kind="stool_theatre"),
        by=SYSTEM,
    )
    residents = [
        Resident(community=community, name=name, phone=phone) for name, phone in known_people()
    ]
    gate.save_many(residents, by=SYSTEM)
    start = timezone.now().replace(microsecond=0) - timedelta(days=600)
    events = [
        LegalEducationEvent(
            community=community,
            venue=venue,
            code="pf-open" if n == 0 else f"pf-{n}",
            title=f"普法活动{n}",
            starts_at=start + timedelta(days=n),
            ends_at=start + timedelta(days=n, hours=2),
        )
        for n in range(EVENTS)
    ]
    gate.save_many(events, by=SYSTEM)
    gate.move_many(events, "open", by=SYSTEM)
    rows = [
        Attendance(
            community=community,
            event=event,
            resident=(person := residents[(n * PER_EVENT + i) % KNOWN]),
            name=person.name,
        )
        for n, event in enumerate(events[1:])
        for i in range(PER_EVENT)
    ]
    gate.save_many(rows, by=SYSTEM)
    User.objects.create_superuser("bench", password="demo-bench")
    with connections["default"].cursor() as cursor:
        if cursor.db.vendor == "postgresql":
            # What the server does by itself after a minute.
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    fill()
