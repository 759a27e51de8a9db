"""A world to follow, made by a process of its own: `python -m tests.live.world`; or a booking written
into it by another: `python -m tests.live.world book CODE NAME`.
"""

import datetime
import sys

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402
from backend.core.access import SYSTEM  # noqa: E402
from backend.education import actions  # noqa: E402
from backend.education.models import LegalEducationEvent, Venue  # noqa: E402
from backend.people.models import CommunityRole, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from backend.services.booking import place_booking  # noqa: E402
from backend.services.models import ServiceCategory, Slot  # noqa: E402
from tests.services.counter import new_item, new_slot  # noqa: E402

ACCOUNTS = {"worker": "xinhe", "other": "dongfang"}


def make() -> None:
    """Two communities, a worker each, a slot of nine places and an open event each."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    for name, code in ACCOUNTS.items():
        community = gate.save(
            Community(code=code, name=f"{code}社区", subdistrict=subdistrict), by=SYSTEM
        )
        user = User.objects.create_user(name, password=f"demo-{name}", is_staff=True)
        gate.save(
            CommunityRole(
                user=user,
                role="worker",
                community=community,
                valid_from=datetime.date(2025, 1, 1),
            ),
            by=SYSTEM,
        )
        category = ServiceCategory(community=community, name="助老", code=f"{code}-zhu")
        gate.save(category, by=SYSTEM)
        new_slot(new_item(community, code=f"{code}-cut"), 9, code=f"{code}-slot")
        venue = Venue(community=community, name="小马扎剧场", kind="stool_theatre")
        gate.save(venue, by=SYSTEM)
        start = timezone.now()
        event = LegalEducationEvent(
            community=community,
            code=f"{code}-event",
            title="民法典进小区",
            topic="民法典",
            venue=venue,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        )
        actions.open_event(gate.save(event, by=SYSTEM), by=SYSTEM)


if __name__ == "__main__":
    if sys.argv[1:2] == ["book"]:
        place_booking(Slot.objects.get(code=sys.argv[2]), by=SYSTEM, name=sys.argv[3])
    else:
        make()
