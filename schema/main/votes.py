"""Votes of joint meetings in the main API."""

import strawberry_django
from strawberry import relay

from backend.meetings import models
from backend.meetings.choices import Outcome, VoteMethod, VoteStatus
from schema.main import meeting_choices  # noqa: F401  the enums, before they are used
from schema.main.base import Seen
from schema.main.labels import in_words


@strawberry_django.type(models.Vote, description="表决: one motion, its rule frozen when called.")
class Vote(Seen, relay.Node):
    id: relay.NodeID[int]
    motion: str
    method: VoteMethod
    majority: str
    denominator: str
    seats_present: int
    seats_all: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    status: VoteStatus
    status_label = in_words(VoteStatus, "status", "The state in words.")
    outcome: str = strawberry_django.field(description=f"{', '.join(Outcome.values)}, or empty.")
