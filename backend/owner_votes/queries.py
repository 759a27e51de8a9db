"""Named reads of owners' votes."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.gate_rights import may_write
from backend.owner_votes.models import BasisHead, BasisRoom, OwnerBallot, OwnerVote


def may_enter(vote: OwnerVote, user: Any) -> bool:
    """Whether somebody may enter ballots of a vote: office staff, or a contact of its organizer."""
    return _may(OwnerBallot(community_id=vote.community_id, vote=vote), user, "edit")


def may_hold(vote: OwnerVote, user: Any) -> bool:
    """Whether somebody may open and count a vote: the same people."""
    return _may(vote, user, "move")


def _may(record: Any, user: Any, verb: str) -> bool:
    try:
        by = Actor.of(user, "phone_page")
    except RuleViolation:
        return False
    return may_write(record, by, verb)


def latest_ballots(vote: OwnerVote, user: Any, most: int = 8) -> list[OwnerBallot]:
    """The ballots entered last, of those that the user may see."""
    rows = OwnerBallot.objects.visible_to(user).filter(vote=vote)
    return list(rows.select_related("head", "vote").order_by("-pk")[:most])


def outstanding_heads(vote: OwnerVote) -> "QuerySet[BasisHead]":
    """The heads whose ballot is not in."""
    given = OwnerBallot.objects.filter(head=OuterRef("pk"))
    return BasisHead.objects.filter(~Exists(given), vote=vote).order_by("number")


def outstanding_rooms(vote: OwnerVote, most: int) -> list[str]:
    """The rooms whose ballot is not in, as one would walk by: what the field of the page offers."""
    given = OwnerBallot.objects.filter(head=OuterRef("head"))
    rows = BasisRoom.objects.filter(~Exists(given), vote=vote).order_by("pk")
    return list(rows.values_list("place", flat=True)[:most])
