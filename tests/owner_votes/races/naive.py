"""Controls: a ballot as one enters it at first. It looks, and then it writes."""

from collections.abc import Callable

from backend.owner_votes.finding import head_of
from backend.owner_votes.models import OwnerBallot, OwnerVote
from tests.imports.races.looking import as_a_page_comes_back


def naive_cast(
    code: str, room: str, opinion: str, meanwhile: Callable[[], None] = as_a_page_comes_back
) -> str:
    """ "cast" if the buyer seemed to have no ballot yet, and the vote seemed to be open."""
    vote = OwnerVote.objects.get(code=code)
    if vote.status != "open":
        return "owner_vote_not_open"
    head = head_of(vote, room)
    if OwnerBallot.objects.filter(vote=vote, head=head).exists():
        return "owner_ballot_taken"
    meanwhile()
    OwnerBallot.objects.create(
        community_id=vote.community_id,
        vote=vote,
        head=head,
        opinion=opinion,
        given_on=vote.ends_on,
    )
    return "cast"
