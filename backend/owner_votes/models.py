"""The tables of owners' votes, each in a file of its own."""

from backend.owner_votes.register_models import OwnedRoom, Ownership, PropertyOwner
from backend.owner_votes.vote_models import BasisHead, BasisRoom, OwnerBallot, OwnerVote

__all__ = [
    "BasisHead",
    "BasisRoom",
    "OwnedRoom",
    "OwnerBallot",
    "OwnerVote",
    "Ownership",
    "PropertyOwner",
]
