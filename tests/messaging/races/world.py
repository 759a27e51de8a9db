"""The world of these races: `python -m tests.messaging.races.world` makes people and tells them."""

import django

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.messaging.actions import Recipient, tell  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402

MESSAGES = 40


def build() -> None:
    """One community, and a text message that waits for each of its people."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    people = [
        Resident(community=community, name=f"居民{n}", phone=f"139000{n:05d}")
        for n in range(MESSAGES)
    ]
    gate.save_many(people, by=SYSTEM)
    values = {"event_title": "民法典进小区", "starts_at": "11月28日 14:00", "place": "小马扎剧场"}
    told = tell(
        [Recipient(resident=person) for person in people],
        "event_reminder",
        values,
        community=community,
        once_key="reminder of event 1",
    )
    assert told == MESSAGES


if __name__ == "__main__":
    build()
