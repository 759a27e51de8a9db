"""The world of the rush: `python -m tests.patrols.races.world` fills a database."""

import datetime

import django

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.patrols import patrolling  # noqa: E402
from backend.people.models import CommunityRole, User  # noqa: E402
from backend.places.models import Community, Estate, Subdistrict  # noqa: E402
from tests.patrols.races.sizes import GRID  # noqa: E402
from tests.patrols.rounds import new_grid  # noqa: E402


def build() -> None:
    """A worker, a grid without a round, and one with two issues to pass on."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    user = User.objects.create(username="worker", password="!")
    role = CommunityRole(
        user=user, role="worker", community=community, valid_from=datetime.date(2025, 1, 1)
    )
    gate.save(role, by=SYSTEM)
    estate = gate.save(Estate(community=community, code="wanda", name="万达华府"), by=SYSTEM)
    new_grid(estate, GRID)
    walked = patrolling.start_patrol(new_grid(estate, "wg-other"), shift="morning", by=SYSTEM)
    for kind in ("safety", "facilities"):
        patrolling.answer(walked, kind, "issue", by=SYSTEM, note="路灯不亮")


if __name__ == "__main__":
    build()
