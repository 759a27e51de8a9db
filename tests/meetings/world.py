"""A small community with its 1 + 3 + N, and meetings in it."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.meetings import actions
from backend.meetings.actions import RollCall
from backend.meetings.models import (
    AgendaItem,
    JointMeeting,
    Seat,
)
from backend.people.models import Organization, Representative, User
from backend.places.models import Community
from tests.conftest import TERM_START

BODIES = {
    "党委": ("新河社区党委", "party_committee", "core"),
    "居委会": ("新河社区居委会", "residents_committee", "tripartite"),
    "物业": ("诚信行物业", "property_company", "tripartite"),
    "业委会": ("万达华府业委会", "owners_committee", "tripartite"),
    "商户": ("惠民便利店", "merchant", "extended"),
    "协会": ("邻里互助会", "social_organization", "extended"),
}


@dataclass
class Town:
    """Its bodies and seats by short names."""

    community: Community
    bodies: dict[str, Organization] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)

    def call(self, name: str, kind: str = "present", **more: Any) -> RollCall:
        """One line of the roll."""
        proxy = more.pop("proxy", None)
        return RollCall(
            kind, seat=self.seats[name].pk, proxy=self.seats[proxy].pk if proxy else None, **more
        )

    def everybody(self) -> list[RollCall]:
        """All are there."""
        return [self.call(name) for name in self.seats]


def build_town(community: Community) -> Town:
    """Six bodies with a seat each."""
    town = Town(community)
    for short, (name, kind, tier) in BODIES.items():
        town.bodies[short] = gate.save(
            Organization(community=community, name=name, kind=kind), by=SYSTEM
        )
        town.seats[short] = gate.save(
            Seat(
                community=community,
                tier=tier,
                organization=town.bodies[short],
                valid_from=TERM_START,
            ),
            by=SYSTEM,
        )
    return town


def contact(town: Town, short: str, user: User) -> Representative:
    """An account that speaks for a body."""
    return gate.save(
        Representative(
            community=town.community,
            organization=town.bodies[short],
            name="周联络",
            user=user,
            valid_from=TERM_START,
        ),
        by=SYSTEM,
    )


def new_meeting(town: Town, days: int = 4, items: int = 1, **values: Any) -> JointMeeting:
    """A draft with items, `days` from now."""
    given = {"title": "联席会议", "place": "社区会议室"} | values
    meeting = gate.save(
        JointMeeting(
            community=town.community,
            starts_at=timezone.now() + datetime.timedelta(days=days),
            **given,
        ),
        by=SYSTEM,
    )
    for number in range(1, items + 1):
        gate.save(
            AgendaItem(
                community=town.community,
                meeting=meeting,
                position=number,
                title=f"第{number}项议题",
                kind="decision",
            ),
            by=SYSTEM,
        )
    return meeting


def in_session(
    town: Town, by: Actor = SYSTEM, here: list[RollCall] | None = None, items: int = 1
) -> JointMeeting:
    """A meeting that began an hour ago: people were called together five days before."""
    now = timezone.now()
    meeting = new_meeting(town, days=0, items=items)
    at = now - datetime.timedelta(days=5)
    meeting = actions.notice(meeting, by=by, occurred_at=at)
    # Today, though it has just begun.
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = max(now - datetime.timedelta(hours=1), midnight)
    meeting = actions.open_meeting(meeting, by=by, occurred_at=begun)
    calls = town.everybody() if here is None else here
    if calls:
        actions.call_roll(meeting, calls, by=by, occurred_at=begun)
    return meeting


def decided(meeting: JointMeeting, town: Town, by: Actor = SYSTEM, **choices: str) -> Any:
    """The first item, voted on; everybody is for it unless said otherwise."""
    item = actions.start_item(meeting.items.order_by("position")[0], by=by)
    vote = actions.call_vote(item, "同意", by=by)
    said = {ballot.seat_id: "for" for ballot in vote.ballots.all()} | {
        town.seats[name].pk: choice for name, choice in choices.items()
    }
    actions.cast(vote, said, by=by)
    return actions.count(vote, by=by)
