"""Fills a database for the benchmark of reading: events with sign-ins of residents, `times` as many.

python -m tests.bench.reading_fill TIMES
"""

import os
import sys
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
from backend.people.models import CommunityRole, Resident, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402

EVENTS, RESIDENTS, PER_EVENT = 500, 20_000, 120
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", "安平和顺康宁福寿春秋"


def fill(times: float, more_events: int = 1) -> None:
    """Migrates and fills."""
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    worker = User.objects.create_user("worker", password="demo-worker")
    today = timezone.localdate()
    gate.save(
        CommunityRole(user=worker, role="worker", community=community, valid_from=today), by=SYSTEM
    )
    venues = [
        Venue(community=community, code=f"venue-{n}", name=f"阵地{n}", kind="stool_theatre")
        for n in range(20)
    ]
    gate.save_many(venues, by=SYSTEM)
    residents = [
        Resident(
            community=community,
            name=FAMILY[n % 10] + GIVEN[n // 10 % 10] + GIVEN[n // 100 % 10],
            phone=f"139{n:08d}",
        )
        for n in range(int(RESIDENTS * times))
    ]
    gate.save_many(residents, by=SYSTEM)
    now = timezone.now().replace(microsecond=0)
    events = [
        LegalEducationEvent(
            community=community,
            venue=venues[n % len(venues)],
            code=f"pf-{n}",
            title=f"普法活动{n}",
            topic="民法典" if n % 3 else "反诈",
            speaker="法官",
            starts_at=now - timedelta(hours=7 * n + 2),
            ends_at=now - timedelta(hours=7 * n),
        )
        for n in range(int(EVENTS * times) * more_events)
    ]
    gate.save_many(events, by=SYSTEM)
    gate.move_many(events, "open", by=SYSTEM)
    rows = [
        Attendance(
            community=community,
            event=event,
            resident=(person := residents[(n * PER_EVENT + i) % len(residents)]),
            name=person.name,
        )
        for n, event in enumerate(events)
        for i in range(PER_EVENT // more_events)
    ]
    gate.save_many(rows, by=SYSTEM)
    with connections["default"].cursor() as cursor:
        if cursor.db.vendor == "postgresql":
            # What the server does by itself after a minute.
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    fill(float(sys.argv[1]), *map(int, sys.argv[2:]))
