"""Two openings that wait to be confirmed: `python -m tests.founding.races.world` fills a database."""

import django

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.founding import actions  # noqa: E402
from backend.places.models import Subdistrict  # noqa: E402
from tests.founding.making import GOOD, upload, workbook  # noqa: E402


def build() -> None:
    """One for the verb, one for the control."""
    for code, name in (("xinqiao", "新桥社区"), ("laoqiao", "老桥社区")):
        subdistrict = gate.save(Subdistrict(code=f"{code}-jd", name=f"{name}街道"), by=SYSTEM)
        rows = GOOD | {
            "社区": [(name, code)],
            "人员与岗位": [
                (person, post, estate, user and f"{user}-{code}", None, None)
                for person, post, estate, user, *_ in GOOD["人员与岗位"]
            ],
        }
        actions.look_at(upload(workbook(subdistrict, rows)), subdistrict, by=SYSTEM)


if __name__ == "__main__":
    build()
