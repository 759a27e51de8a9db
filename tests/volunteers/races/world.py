"""The world of the rush: `python -m tests.volunteers.races.world` migrates and fills a database."""

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.services.counter import new_item, new_slot  # noqa: E402
from tests.volunteers.races.sizes import HOURS, PEOPLE  # noqa: E402
from tests.volunteers.team import NAMES, new_volunteer  # noqa: E402


def build() -> None:
    """One community, a few volunteers, and a slot an hour to help in."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    for number in range(PEOPLE):
        new_volunteer(community, NAMES[number], code=f"zy-{number}")
    item = new_item(community)
    for number in range(HOURS):
        # Two hours each, one apart: neighbours overlap.
        new_slot(item, in_days=2 + number / 24, code=f"slot-{number}")


if __name__ == "__main__":
    build()
