"""The world of the rush: `python -m tests.stations.races.world` migrates and fills a database."""

import datetime

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.people.models import CommunityRole, User  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.stations.races.sizes import MIXED, NAIVE, RUSH, STOCK  # noqa: E402
from tests.stations.shelves import new_station, new_stock  # noqa: E402


def build() -> None:
    """One community, one worker, and three stations with one stock each."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    user = User.objects.create(username="worker", password="!")
    role = CommunityRole(
        user=user, role="worker", community=community, valid_from=datetime.date(2025, 1, 1)
    )
    gate.save(role, by=SYSTEM)
    for code in (RUSH, NAIVE, MIXED):
        new_stock(new_station(community, code), STOCK)


if __name__ == "__main__":
    build()
