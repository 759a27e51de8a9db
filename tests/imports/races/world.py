"""The world of the races: `python -m tests.imports.races.world` fills a database."""

import datetime

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.education import actions  # noqa: E402
from backend.education.models import Attendance, LegalEducationEvent, Venue  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Building, Community, Estate, Subdistrict  # noqa: E402
from tests.imports.races.roster import (  # noqa: E402
    BUILDINGS,
    LARGE_EVENT,
    RECORDED,
    SMALL_EVENTS,
    known_people,
)


def build() -> None:
    """One community, its roster, open events; the large one has some people recorded."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    estate = gate.save(Estate(community=community, code="wanda", name="万达华府"), by=SYSTEM)
    gate.save_many(
        [Building(community=community, estate=estate, name=str(n + 1)) for n in range(BUILDINGS)],
        by=SYSTEM,
    )
    venue = gate.save(
        Venue(community=community, code="theatre", name="小马扎剧场", kind="stool_theatre"),
        by=SYSTEM,
    )
    residents = [Resident(community=community, name=n, phone=p) for n, p in known_people()]
    gate.save_many(residents, by=SYSTEM)
    start = timezone.now().replace(microsecond=0) - datetime.timedelta(days=1)
    for code in (*SMALL_EVENTS, LARGE_EVENT):
        event = LegalEducationEvent(
            community=community,
            venue=venue,
            code=code,
            title="民法典进万家",
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        )
        event = actions.open_event(gate.save(event, by=SYSTEM), by=SYSTEM)
    # They bear no age: the sheet tells it, so the import has something to update.
    gate.save_many(
        [
            Attendance(community=community, event=event, resident=r, name=r.name)
            for r in residents[:RECORDED]
        ],
        by=SYSTEM,
    )


if __name__ == "__main__":
    build()
