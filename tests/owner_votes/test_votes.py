"""A vote from its draft to its published result; what is fixed when it opens stays."""

from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.undo import undo
from backend.owner_votes import actions
from backend.owner_votes.models import BasisRoom, OwnedRoom, OwnerBallot, OwnerVote, PropertyOwner
from backend.people.models import Organization, Resident, User
from tests.owner_votes.conftest import DAY, Block, new_vote

pytestmark = pytest.mark.django_db


def refused(do: Any) -> str:
    with pytest.raises(RuleViolation) as found:
        do()
    return found.value.code


def everybody(vote: OwnerVote, **said: str) -> None:
    """Each head by the first of its rooms: 甲 1-1-101, 乙 1-1-102, 丙丁 1-2-101, 戊 2-1-101, 丙 2-1-102."""
    rooms = {
        "jia": "1-1-101",
        "yi": "1-1-102",
        "bingding": "1-2-101",
        "wu": "2-1-101",
        "bing": "2-1-102",
    }
    for who, opinion in said.items():
        actions.cast(vote, rooms[who], opinion, by=SYSTEM)


def over(vote: OwnerVote) -> OwnerVote:
    """The same, its last day past: as if time had gone by."""
    OwnerVote.objects.filter(pk=vote.pk).update(ends_on=timezone.localdate() - DAY)
    return OwnerVote.objects.get(pk=vote.pk)


def test_opening_fixes_rooms_areas_heads_and_what_the_law_asks(running: OwnerVote) -> None:
    assert running.status == "open"
    assert (running.rooms_all, running.heads_all, running.area_all) == (6, 5, 55925)
    assert (running.take_numerator, running.take_denominator) == (2, 3)
    assert (running.agree_numerator, running.agree_denominator, running.agree_strict) == (
        1,
        2,
        True,
    )
    heads = list(running.heads.order_by("number").values_list("place", "size", "rooms_count"))
    assert heads == [
        ("1-1-101", 14975, 2),
        ("1-1-102", 8950, 1),
        ("1-2-101", 12000, 1),
        ("2-1-101", 10000, 1),
        ("2-1-102", 10000, 1),
    ]


def test_a_vote_is_counted_and_published(running: OwnerVote, worker: User) -> None:
    by = Actor.of(worker, "test")
    everybody(running, jia="for", yi="for", bingding="for", wu="against", bing="abstain")
    counted = actions.count(running, by=by)
    assert counted.outcome == "carried"
    assert (counted.area_taking, counted.area_for, counted.heads_for) == (55925, 35925, 3)
    assert (counted.heads_against, counted.heads_abstain) == (1, 1)
    published = actions.publish(counted, by=by)
    assert published.status == "published"
    assert actions.withdraw(published, by=by, reason="再核对").status == "counted"


def test_a_later_change_of_the_register_changes_no_vote(running: OwnerVote, block: Block) -> None:
    everybody(running, jia="for", yi="for", bingding="for", wu="against")
    before = actions.count_now(running)
    room = block.rooms["1-1-101"]
    room.size = 1
    actions.enter_room(room, [block.owners["戊"]], by=SYSTEM)
    new = PropertyOwner(community=block.community, name="业主新")
    larger = OwnedRoom(
        community=block.community, building=room.building, unit="9", room="901", size=999_999
    )
    actions.enter_room(larger, [new], by=SYSTEM)
    assert actions.count_now(running) == before
    counted = actions.count(over(running), by=SYSTEM)
    actions.enter_room(block.rooms["2-1-102"], [block.owners["甲"]], by=SYSTEM)
    stored = OwnerVote.objects.get(pk=counted.pk)
    assert stored.count == before
    assert stored.outcome == "carried"


def test_a_later_change_of_the_law_changes_no_vote(
    running: OwnerVote, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.meetings.tallies import Share
    from backend.owner_votes import counting

    everybody(running, jia="for", yi="for", bingding="for", wu="against", bing="against")
    for name in ("TAKE_PART", "AGREE"):
        monkeypatch.setattr(counting, name, Share(9, 10))
    assert actions.count(running, by=SYSTEM).outcome == "carried"


def test_one_owner_of_two_rooms_votes_once_with_both(running: OwnerVote) -> None:
    actions.cast(running, "1-1-101", "for", by=SYSTEM)
    assert refused(lambda: actions.cast(running, "1-2-102", "against", by=SYSTEM)) == (
        "owner_ballot_taken"
    )
    found = actions.count_now(running)
    assert (found.area_taking, found.heads_taking) == (14975, 1)


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("1-1-103", "room_unknown"),
        ("9-1-101", "room_unknown"),
        ("1-101", "room_ambiguous"),
        ("", "room_unknown"),
        ("东门", "room_unknown"),
    ],
)
def test_a_ballot_of_no_room_of_the_basis_is_refused(
    running: OwnerVote, room: str, code: str
) -> None:
    assert refused(lambda: actions.cast(running, room, "for", by=SYSTEM)) == code
    assert not OwnerBallot.objects.exists()


def test_rooms_are_understood_as_staff_write_them(running: OwnerVote) -> None:
    for room in ("1号楼1单元101室", "万达华府1-1-102", "2－1－101", "2-102"):
        actions.cast(running, room, "for", by=SYSTEM)
    assert OwnerBallot.objects.count() == 4


def test_no_ballot_before_the_opening_and_none_after_the_close(
    draft: OwnerVote,
) -> None:
    assert refused(lambda: actions.cast(draft, "1-1-101", "for", by=SYSTEM)) == (
        "owner_vote_not_open"
    )
    running = actions.open_vote(draft, by=SYSTEM)
    kept = actions.cast(running, "1-1-101", "for", by=SYSTEM)
    counted = actions.count(over(running), by=SYSTEM)
    assert refused(lambda: actions.cast(counted, "1-1-102", "for", by=SYSTEM)) == (
        "owner_vote_not_open"
    )
    # Also by who still holds the vote as it was open.
    assert (
        refused(
            lambda: actions.cast(running, "1-1-102", "for", by=SYSTEM, given_on=running.starts_on)
        )
        == "owner_vote_not_open"
    )
    assert refused(lambda: actions.correct(kept, "against", by=SYSTEM, reason="改")) == (
        "owner_vote_not_open"
    )
    assert refused(lambda: actions.take_out(kept, by=SYSTEM, reason="改")) == "owner_vote_not_open"
    assert OwnerBallot.objects.get().opinion == "for"


def test_paper_that_came_in_time_is_entered_later_with_its_day(running: OwnerVote) -> None:
    last = over(running)
    day = last.ends_on
    assert refused(lambda: actions.cast(last, "1-1-101", "for", by=SYSTEM)) == "ballot_day_missing"
    late = day + DAY
    assert (
        refused(lambda: actions.cast(last, "1-1-101", "for", by=SYSTEM, given_on=late))
        == "ballot_outside_period"
    )
    assert actions.cast(last, "1-1-101", "for", by=SYSTEM, given_on=day).given_on == day


def test_a_ballot_is_corrected_with_a_reason_and_kept_in_history(running: OwnerVote) -> None:
    ballot = actions.cast(running, "1-1-101", "for", by=SYSTEM, paper_number="A1")
    assert refused(lambda: actions.correct(ballot, "against", by=SYSTEM, reason=" ")) == (
        "reason_required"
    )
    assert actions.correct(ballot, "against", by=SYSTEM, reason="录错").opinion == "against"
    assert (
        refused(lambda: actions.cast(running, "1-1-102", "for", by=SYSTEM, paper_number="A1"))
        == "paper_number_taken"
    )
    actions.take_out(ballot, by=SYSTEM, reason="录到别的户了")
    assert not OwnerBallot.objects.exists()


def test_a_vote_is_not_counted_early_unless_all_have_voted(running: OwnerVote) -> None:
    everybody(running, jia="for", yi="for", bingding="for", wu="for")
    assert refused(lambda: actions.count(running, by=SYSTEM)) == "owner_vote_still_runs"
    everybody(running, bing="for")
    assert actions.count(running, by=SYSTEM).status == "counted"


def test_a_count_is_taken_back_with_a_reason_and_made_anew(running: OwnerVote) -> None:
    everybody(running, jia="for", yi="for", bingding="for", wu="against")
    counted = actions.count(over(running), by=SYSTEM)
    assert refused(lambda: actions.recount(counted, by=SYSTEM, reason="")) == "reason_required"
    again = actions.recount(counted, by=SYSTEM, reason="漏录一张")
    assert (again.outcome, again.counted_at, again.area_for) == ("", None, 0)
    actions.cast(again, "2-1-102", "for", by=SYSTEM, given_on=again.ends_on)
    assert actions.count(again, by=SYSTEM).heads_taking == 5


def test_a_register_without_rooms_or_owners_opens_no_vote(draft: OwnerVote, block: Block) -> None:
    actions.enter_room(block.rooms["2-1-101"], [], by=SYSTEM)
    assert refused(lambda: actions.open_vote(draft, by=SYSTEM)) == "room_without_owner"
    from backend.places.models import Estate

    bare = gate.save(Estate(community=block.community, name="空小区"), by=SYSTEM)
    vote = new_vote(Block(block.community, bare, {}, {}, block.committee))
    assert refused(lambda: actions.open_vote(vote, by=SYSTEM)) == "register_empty"
    assert not BasisRoom.objects.exists()
    assert OwnerVote.objects.filter(status="draft").count() == 2


@pytest.mark.parametrize(
    ("field", "value"), [("question", "别的问题"), ("matter", "rebuild"), ("title", "别的")]
)
def test_what_was_put_before_the_owners_stays(running: OwnerVote, field: str, value: str) -> None:
    setattr(running, field, value)
    assert refused(lambda: gate.save(running, by=SYSTEM)) == "owner_vote_begun"


def test_the_last_day_may_only_move_on(running: OwnerVote) -> None:
    running.ends_on += 5 * DAY
    running = gate.save(running, by=SYSTEM)
    running.ends_on -= DAY
    assert refused(lambda: gate.save(running, by=SYSTEM)) == "owner_vote_begun"


@pytest.mark.parametrize("field", ["area_all", "heads_all", "agree_strict", "take_numerator"])
def test_nobody_writes_the_basis_afterwards(running: OwnerVote, field: str) -> None:
    value = getattr(running, field)
    setattr(running, field, (not value) if value in (True, False) else value + 1)
    assert refused(lambda: gate.save(running, by=SYSTEM)) == "owner_vote_fixed"
    room = running.rooms.first()
    assert room is not None
    room.size = 1
    assert refused(lambda: gate.save(room, by=SYSTEM)) == "owner_vote_fixed"
    assert refused(lambda: gate.delete(room, by=SYSTEM)) == "owner_vote_fixed"


def test_nobody_writes_the_result_afterwards(running: OwnerVote) -> None:
    counted = actions.count(over(running), by=SYSTEM)
    assert counted.outcome == "not_carried"
    counted.outcome = "carried"
    assert refused(lambda: gate.save(counted, by=SYSTEM)) == "owner_vote_fixed"


def test_a_text_that_names_an_owner_on_the_roster_is_stopped(block: Block) -> None:
    gate.save(Resident(community=block.community, name="张安然", phone="13900000001"), by=SYSTEM)
    for question in ("是否同意张安然担任？", "请联系 13900000001", "3号楼2单元501漏水怎么办"):
        assert refused(lambda text=question: new_vote(block, question=text)) == (
            "text_has_personal_data"
        )


def test_the_property_company_holds_no_vote_of_the_owners(block: Block) -> None:
    company = gate.save(
        Organization(community=block.community, name="某物业", kind="property_company"), by=SYSTEM
    )
    assert refused(lambda: new_vote(block, organizer=company)) == "organizer_unsuitable"


def test_a_vote_that_is_cancelled_says_why_and_takes_no_ballots(running: OwnerVote) -> None:
    assert refused(lambda: actions.cancel(running, by=SYSTEM, reason="")) == "reason_required"
    cancelled = actions.cancel(running, by=SYSTEM, reason="方案要重做")
    assert refused(lambda: actions.cast(cancelled, "1-1-101", "for", by=SYSTEM)) == (
        "owner_vote_not_open"
    )
    assert refused(lambda: actions.count(cancelled, by=SYSTEM)) == "wrong_state"


def test_the_organizers_contact_holds_the_vote_and_no_other(
    running: OwnerVote, contact: User, block: Block
) -> None:
    by = Actor.of(contact, "test")
    assert list(OwnerVote.objects.visible_to(contact)) == [running]
    actions.cast(running, "1-1-101", "for", by=by)
    everybody(running, yi="for", bingding="for", wu="for", bing="for")
    assert OwnerBallot.objects.visible_to(contact).count() == 5
    counted = actions.count(running, by=by)
    # What everybody reads is the community's to publish.
    assert refused(lambda: actions.publish(counted, by=by)) == "not_allowed"
    assert not PropertyOwner.objects.visible_to(contact).exists()
    other = actions.open_vote(new_vote(block, organizer=None), by=SYSTEM)
    assert refused(lambda: actions.cast(other, "1-1-101", "for", by=by)) == "not_allowed"
    assert refused(lambda: actions.cancel(other, by=by, reason="不办了")) == "not_allowed"


def test_an_owner_is_a_person_or_a_body(block: Block) -> None:
    resident = gate.save(Resident(community=block.community, name="张安然"), by=SYSTEM)
    both = PropertyOwner(
        community=block.community, name="张安然", resident=resident, organization=block.committee
    )
    assert refused(lambda: gate.save(both, by=SYSTEM)) == "owner_of_two_kinds"
    one = {"community": block.community, "name": "张安然", "resident": resident}
    gate.save(PropertyOwner(**one), by=SYSTEM)
    assert refused(lambda: gate.save(PropertyOwner(**one), by=SYSTEM)) == "owner_taken"


def test_what_was_entered_can_be_taken_back_while_it_is_open(running: OwnerVote) -> None:
    from backend.core.models import ChangeSet

    actions.cast(running, "1-1-101", "for", by=SYSTEM)
    undo(ChangeSet.objects.latest("pk"), by=SYSTEM, reason="录错")
    assert not OwnerBallot.objects.exists()
