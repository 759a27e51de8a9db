"""Opening a vote: the register, as it stands at this moment, becomes its basis."""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.owner_votes import rules
from backend.owner_votes.counting import thresholds_of
from backend.owner_votes.holding import holding
from backend.owner_votes.models import BasisHead, BasisRoom, OwnedRoom, Ownership, OwnerVote
from backend.owner_votes.register_models import owners_key, place_text


def open_vote(vote: OwnerVote, *, by: Actor) -> OwnerVote:
    """The vote, open: its rooms, their areas and owners, and what the law asks are fixed from now on.

    Raises: wrong_state; owner_vote_over; register_empty; room_without_owner; area_sum_too_large;
        not_allowed.
    """
    # Locked before the register is read: who opens it twice lays one basis.
    with holding(vote, "open", by=by) as (fresh, changes):
        moment = timezone.now()
        rules.may_open(fresh.ends_on, timezone.localdate(moment))
        # Who may open a vote lays its basis.
        _lay_basis(fresh, by=by.vouched_for(), within=changes)
        fresh.opened_at = moment
        saved = gate.save(fresh, by=by.vouched_for(), within=changes)
        return gate.move(saved, "open", by=by, occurred_at=moment, within=changes)


def _lay_basis(vote: OwnerVote, *, by: Actor, within: ChangeSet) -> None:
    rooms = list(
        OwnedRoom.objects.filter(building__estate=vote.estate_id)
        .order_by("pk")
        .values_list("pk", "building__name", "unit", "room", "size")
    )
    owned: dict[int, set[int]] = defaultdict(set)
    owners = Ownership.objects.filter(room__building__estate=vote.estate_id).order_by()
    for room, owner in owners.values_list("room_id", "owner_id"):
        owned[room].add(owner)
    area = sum(room[-1] for room in rooms)
    without = sum(1 for room in rooms if not owned[room[0]])
    rules.register_is_complete(len(rooms), without, area)
    rooms.sort(key=_as_one_walks)
    by_buyer: dict[str, list[Any]] = defaultdict(list)
    for row in rooms:
        by_buyer[owners_key(owned[row[0]])].append(row)
    heads = [
        BasisHead(
            community_id=vote.community_id,
            vote=vote,
            number=number,
            owners=key,
            size=sum(row[-1] for row in mine),
            rooms_count=len(mine),
            place=place_text(*mine[0][1:4]),
        )
        for number, (key, mine) in enumerate(by_buyer.items(), start=1)
    ]
    gate.save_many(heads, by=by, within=within)
    gate.save_many(
        [
            BasisRoom(
                community_id=vote.community_id,
                vote=vote,
                head=head,
                room_id=pk,
                building=building,
                unit=unit,
                number=number,
                place=place_text(building, unit, number),
                size=size,
            )
            for head in heads
            for pk, building, unit, number, size in by_buyer[head.owners]
        ],
        by=by,
        within=within,
    )
    needed = thresholds_of(vote.matter)
    vote.take_numerator = needed.take_part.numerator
    vote.take_denominator = needed.take_part.denominator
    vote.agree_numerator = needed.agree.numerator
    vote.agree_denominator = needed.agree.denominator
    vote.agree_strict = needed.agree.strict
    vote.rooms_all, vote.area_all, vote.heads_all = len(rooms), area, len(heads)


def _as_one_walks(room: tuple[Any, ...]) -> tuple[Any, ...]:
    """3 before 12, 501 before 1001: by length first."""
    return tuple((len(part), part) for part in room[1:4])
