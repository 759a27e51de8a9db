"""Inputs for the verbs of owners' votes, as `verbs.ASKED` wants them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.owner_votes.models import OwnerBallot, OwnerVote
from backend.owner_votes.queries import outstanding_rooms
from tests.access.world import HOME

ESTATE = "huayuan"


def _vote(status: str) -> OwnerVote:
    return OwnerVote.objects.filter(community__code=HOME, status=status)[0]


def room() -> dict[str, Any]:
    """A room that nobody has registered."""
    return {
        "estate": ESTATE,
        "building": _vote("open").rooms.all()[0].building,
        "unit": "9",
        "room": "901",
        "size": "88.88",
        "owners": [{"name": "业主新"}],
        "idempotencyKey": "cell",
    }


def new_vote() -> dict[str, Any]:
    """A draft."""
    today = timezone.localdate().isoformat()
    return {
        "estate": ESTATE,
        "title": "更换门禁",
        "question": "是否同意更换单元门禁？",
        "matter": "FUND_USE",
        "startsOn": today,
        "endsOn": today,
        "idempotencyKey": "cell",
    }


def vote(status: str, **given: Any) -> Callable[[], dict[str, Any]]:
    """A vote in a state: the rules may refuse the move."""
    return lambda: {"voteId": to_base64("OwnerVote", _vote(status).pk), **given}


def casting() -> dict[str, Any]:
    """A ballot that is not in."""
    running = _vote("open")
    return {
        "voteId": to_base64("OwnerVote", running.pk),
        "room": outstanding_rooms(running, 1)[0],
        "opinion": "FOR",
        "idempotencyKey": "cell",
    }


def ballot(**given: Any) -> Callable[[], dict[str, Any]]:
    """A ballot of the vote that is under way."""

    def asked() -> dict[str, Any]:
        row = OwnerBallot.objects.filter(vote=_vote("open"))[0]
        return {"ballotId": to_base64("OwnerBallot", row.pk), **given}

    return asked
