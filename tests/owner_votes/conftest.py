"""An estate with two buildings, its rooms and invented owners; a vote on it, and who organizes it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.owner_votes import actions
from backend.owner_votes.areas import area_of
from backend.owner_votes.models import OwnedRoom, OwnerVote, PropertyOwner
from backend.people.models import Organization, Representative, User
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role

DAY = datetime.timedelta(days=1)
SINCE = datetime.date(2025, 1, 1)
# Place -> square metres, owners.
ROOMS = {
    "1-1-101": ("89.50", "甲"),
    "1-1-102": ("89.50", "乙"),
    "1-2-101": ("120.00", "丙丁"),
    "1-2-102": ("60.25", "甲"),
    "2-1-101": ("100.00", "戊"),
    "2-1-102": ("100.00", "丙"),
}


@dataclass(frozen=True)
class Block:
    """What the tests stand on."""

    community: Community
    estate: Estate
    owners: dict[str, PropertyOwner]
    rooms: dict[str, OwnedRoom]
    committee: Organization


def named(owner: str) -> str:
    """The invented name of an owner."""
    return f"业主{owner}"


def build(estate: Estate, rooms: dict[str, tuple[str, Sequence[str]]] = ROOMS) -> Block:
    """The register of an estate."""
    community = estate.community
    owners: dict[str, PropertyOwner] = {}
    made: dict[str, OwnedRoom] = {}
    for place, (metres, who) in rooms.items():
        building, unit, number = place.split("-")
        of, _ = Building.objects.filter(estate=estate, name=building).first(), None
        if of is None:
            of = gate.save(Building(community=community, estate=estate, name=building), by=SYSTEM)
        for one in who:
            if one not in owners:
                phone = f"139000{len(owners):05}"
                owner = PropertyOwner(community=community, name=named(one), phone=phone)
                owners[one] = gate.save(owner, by=SYSTEM)
        room = OwnedRoom(
            community=community, building=of, unit=unit, room=number, size=area_of(metres)
        )
        made[place] = actions.enter_room(room, [owners[one] for one in who], by=SYSTEM)
    committee = gate.save(
        Organization(community=community, name="业主委员会", kind="owners_committee"), by=SYSTEM
    )
    return Block(community, estate, owners, made, committee)


def new_vote(block: Block, **values: Any) -> OwnerVote:
    """A draft that runs from yesterday for ten days."""
    today = timezone.localdate()
    given = {
        "title": "电梯大修",
        "question": "是否同意使用维修资金大修电梯？",
        "matter": "fund_use",
        "starts_on": today - DAY,
        "ends_on": today + 9 * DAY,
        "organizer": block.committee,
    } | values
    return gate.save(OwnerVote(community=block.community, estate=block.estate, **given), by=SYSTEM)


@pytest.fixture
def block(estate: Estate) -> Block:
    return build(estate)


@pytest.fixture
def draft(block: Block) -> OwnerVote:
    return new_vote(block)


@pytest.fixture
def running(draft: OwnerVote) -> OwnerVote:
    return actions.open_vote(draft, by=SYSTEM)


@pytest.fixture
def contact(block: Block) -> User:
    """Who speaks for the owners' committee."""
    user = user_with_role("yeweihui", "partner", community=block.community)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    gate.save(
        Representative(
            community=block.community,
            organization=block.committee,
            name="联系人",
            user=user,
            valid_from=SINCE,
        ),
        by=SYSTEM,
    )
    return User.objects.get(pk=user.pk)
