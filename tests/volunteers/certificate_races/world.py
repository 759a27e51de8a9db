"""The world of the rush: `python -m tests.volunteers.certificate_races.world` fills a database."""

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.volunteers.certificate_races.sizes import PEOPLE, RECORDS  # noqa: E402
from tests.volunteers.team import new_record, new_volunteer  # noqa: E402


def build() -> None:
    """One community; volunteers each with hours, of which every second are verified."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    for number in range(PEOPLE):
        name = f"志愿{'甲乙丙丁戊己庚辛'[number]}"
        one = new_volunteer(community, name, account=False, code=f"zy-{number}")
        for turn in range(RECORDS):
            record = new_record(one, 30 + 10 * turn, 28 + 10 * turn)
            if turn % 2:
                gate.move(record, "verify", by=SYSTEM)


if __name__ == "__main__":
    build()
