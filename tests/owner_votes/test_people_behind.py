"""Owners are people: who is erased leaves the count as it was, and two rows of one person are one owner."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.masking import ANONYMOUS
from backend.owner_votes import actions
from backend.owner_votes.models import BasisHead, Ownership, OwnerVote, PropertyOwner
from backend.owner_votes.tasks import note_former_owners
from backend.people.merging import merge_residents
from backend.people.models import Resident, User
from backend.privacy.erasing import erase_resident
from backend.privacy.retention import let_go
from tests.owner_votes.conftest import Block
from tests.owner_votes.test_votes import everybody, over

pytestmark = pytest.mark.django_db(databases="__all__")


def _living_here(block: Block, who: str, phone: str) -> Resident:
    """The owner, put on the roster."""
    owner = block.owners[who]
    resident = gate.save(
        Resident(community=block.community, name=owner.name, phone=phone), by=SYSTEM
    )
    owner.resident = resident
    gate.save(owner, by=SYSTEM)
    return resident


def test_who_is_erased_leaves_no_name_and_the_same_count(
    running: OwnerVote, block: Block, secretary: User
) -> None:
    resident = _living_here(block, "甲", "13900000000")
    everybody(running, jia="for", yi="for", bingding="for", wu="against")
    before = actions.count_now(running)
    erase_resident(resident, by=Actor.of(secretary, "test"), reason="本人要求删除")
    owner = PropertyOwner.objects.get(pk=block.owners["甲"].pk)
    assert owner.name.startswith(ANONYMOUS)
    assert (owner.phone, owner.resident) == ("", None)
    assert owner.ownerships.count() == 2
    assert actions.count_now(running) == before
    assert actions.count(over(running), by=SYSTEM).count == before
    assert not any("业主" in head.owners for head in BasisHead.objects.all())


def test_two_rows_of_one_person_are_one_owner_and_one_head(block: Block, secretary: User) -> None:
    keep = _living_here(block, "乙", "13900000031")
    drop = _living_here(block, "戊", "13900000032")
    merge_residents(keep, drop, by=Actor.of(secretary, "test"), reason="同一个人登记了两次")
    owner = PropertyOwner.objects.get(resident=keep)
    assert not PropertyOwner.objects.filter(resident=drop).exists()
    rooms = Ownership.objects.filter(owner=owner).values_list("room", flat=True)
    assert set(rooms) == {block.rooms["1-1-102"].pk, block.rooms["2-1-101"].pk}


def _sold(block: Block) -> PropertyOwner:
    """业主戊, whose one room is 乙's now."""
    actions.enter_room(block.rooms["2-1-101"], [block.owners["乙"]], by=SYSTEM)
    return PropertyOwner.objects.get(pk=block.owners["戊"].pk)


def _years_ago(owner: PropertyOwner, years: int) -> None:
    """As if it had been noticed so long ago that nobody owns a room by that name."""
    then = timezone.now() - datetime.timedelta(days=365 * years + 1)
    PropertyOwner.objects.filter(pk=owner.pk).update(without_rooms_since=then)


def test_who_has_sold_everything_is_forgotten_three_years_later(block: Block) -> None:
    assert note_former_owners.func() == 0
    owner = _sold(block)
    assert note_former_owners.func() == 1
    assert note_former_owners.func() == 0
    owner.refresh_from_db()
    assert owner.without_rooms_since is not None
    _years_ago(owner, 2)
    let_go()
    owner.refresh_from_db()
    assert (owner.name, owner.phone) == ("业主戊", block.owners["戊"].phone)
    _years_ago(owner, 3)
    let_go()
    owner.refresh_from_db()
    assert owner.name.startswith(ANONYMOUS)
    assert owner.phone == ""
    # Whoever owns a room keeps the name.
    assert not PropertyOwner.objects.filter(
        name__startswith=ANONYMOUS, ownerships__isnull=False
    ).exists()


def test_who_buys_again_before_the_routine_has_seen_it_is_not_forgotten(block: Block) -> None:
    owner = _sold(block)
    note_former_owners.func()
    _years_ago(owner, 4)
    actions.enter_room(block.rooms["2-1-101"], [owner], by=SYSTEM)
    let_go()
    owner.refresh_from_db()
    assert owner.name == "业主戊"
    assert note_former_owners.func() == 1
    owner.refresh_from_db()
    assert owner.without_rooms_since is None
