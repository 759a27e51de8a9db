"""The choices of owners' votes, as enums of the main API."""

import strawberry

from backend.meetings.choices import OwnerMatter
from backend.owner_votes.choices import Opinion, OwnerVoteStatus, VoteOutcome

strawberry.enum(OwnerMatter, description="What the owners decide together: Civil Code art. 278.")
strawberry.enum(OwnerVoteStatus, description="The states of an owners' vote.")
strawberry.enum(VoteOutcome, name="OwnerVoteOutcome", description="What a vote came to.")
strawberry.enum(Opinion, name="OwnerOpinion", description="What a ballot says.")

__all__ = ["Opinion", "OwnerMatter", "OwnerVoteStatus", "VoteOutcome"]
