"""A community with bodies and demands: `python -m tests.demands.races.world` fills a database."""

import django

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.demands.actions import register_demand  # noqa: E402
from backend.demands.models import Demand  # noqa: E402
from backend.people.models import Organization  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402

# Who asks at once.
CALLERS = 40
BODIES = 4


def build() -> None:
    """Two demands that wait: one for the verb, one for the control."""
    street = gate.save(Subdistrict(code="nanhu-jd", name="南湖街道"), by=SYSTEM)
    place = gate.save(Community(subdistrict=street, code="xinhe", name="新河社区"), by=SYSTEM)
    for number in range(BODIES):
        body = Organization(community=place, name=f"物业{number}", kind="property_company")
        gate.save(body, by=SYSTEM)
    for _ in range(2):
        register_demand(Demand(community=place, content="三号楼门前路灯不亮"), by=SYSTEM)


if __name__ == "__main__":
    build()
