"""The world of the rush: `python -m tests.meetings.races.world` fills a database."""

import datetime

import django
from django.utils import timezone

django.setup()

from backend.core import gate  # noqa: E402  they need the apps
from backend.core.access import SYSTEM  # noqa: E402
from backend.meetings import actions  # noqa: E402
from backend.meetings.models import AgendaItem, JointMeeting  # noqa: E402
from backend.places.models import Community, Subdistrict  # noqa: E402
from tests.meetings.races.sizes import MEETINGS, ROOMS  # noqa: E402
from tests.meetings.world import Town, build_town, decided, in_session  # noqa: E402


def build() -> None:
    """A community with a meeting that can close, one that resolves, and many drafts."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    town = build_town(community)
    decided(_known_as("lx-close", in_session(town)), town)
    other = Community(code="dongfang", name="东方社区", subdistrict=subdistrict)
    towns = (town, build_town(gate.save(other, by=SYSTEM)))
    for number in range(ROOMS):
        _can_resolve(f"lx-resolve-{number}", towns[number % 2], years_ago=number // 2 % 2)
    _drafts(town)


def _can_resolve(code: str, town: Town, years_ago: int) -> None:
    """A meeting with an item on the table; of the year before, where it is to be numbered so."""
    meeting = _known_as(code, in_session(town))
    AgendaItem.objects.filter(meeting=meeting).update(kind="deliberation")
    actions.start_item(meeting.items.get(), by=SYSTEM)
    then = meeting.starts_at.replace(year=meeting.starts_at.year - years_ago, day=1)
    JointMeeting.objects.filter(pk=meeting.pk).update(starts_at=then)


def _known_as(code: str, meeting: JointMeeting) -> JointMeeting:
    JointMeeting.objects.filter(pk=meeting.pk).update(code=code)
    return JointMeeting.objects.get(pk=meeting.pk)


def _drafts(town: Town) -> None:
    """Of two years to come."""
    noon = timezone.now().replace(month=6, day=15, hour=4, minute=0, second=0, microsecond=0)
    for number in range(MEETINGS):
        starts_at = noon.replace(year=noon.year + 1 + number % 2)
        meeting = gate.save(
            JointMeeting(
                community=town.community,
                code=f"lx-draft-{number}",
                title="联席会议",
                starts_at=starts_at + datetime.timedelta(minutes=number),
            ),
            by=SYSTEM,
        )
        item = AgendaItem(community=town.community, meeting=meeting, position=1, title="议题")
        gate.save(item, by=SYSTEM)


if __name__ == "__main__":
    build()
