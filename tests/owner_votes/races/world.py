"""The world of the rush: `python -m tests.owner_votes.races.world` fills a database."""

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.owner_votes import actions  # noqa: E402
from backend.owner_votes.models import OwnerVote  # noqa: E402
from backend.places.models import Community, Estate, Subdistrict  # noqa: E402
from tests.owner_votes.conftest import DAY, build, new_vote  # noqa: E402

HEADS = 24


def make() -> None:
    """A vote that is open, one whose last day is past, and a draft; one owner has four rooms."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    estate = gate.save(Estate(community=community, code="wanda", name="万达华府"), by=SYSTEM)
    rooms = {f"1-1-{number}": ("80.00", "甲") for number in range(1, 5)}
    rooms |= {f"2-1-{number}": ("80.00", [f"业{number}"]) for number in range(1, HEADS)}
    block = build(estate, rooms)
    new_vote(block, code="yz-draft")
    actions.open_vote(new_vote(block, code="yz-open"), by=SYSTEM)
    late = actions.open_vote(new_vote(block, code="yz-late"), by=SYSTEM)
    yesterday = timezone.localdate() - DAY
    OwnerVote.objects.filter(pk=late.pk).update(ends_on=yesterday)


if __name__ == "__main__":
    make()
