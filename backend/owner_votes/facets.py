"""What of owners' votes is shown where."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, anonymous_name, hold
from backend.core.masking import ANONYMOUS
from backend.owner_votes.choices import OwnerVoteStatus
from backend.owner_votes.models import OwnedRoom, OwnerBallot, Ownership, OwnerVote, PropertyOwner

# After somebody has sold the last room here.
KEPT_DAYS = 3 * 365


def published_votes() -> "QuerySet[OwnerVote]":
    """What anonymous readers may see: votes whose result is published."""
    return OwnerVote.objects.filter(status=OwnerVoteStatus.PUBLISHED)


VOTE = register(
    Facets(
        OwnerVote,
        form=(
            "community",
            "code",
            "estate",
            "organizer",
            "recommendation",
            "title",
            "matter",
            "question",
            "starts_on",
            "ends_on",
        ),
        listed=("title", "estate", "matter", "starts_on", "ends_on", "status", "outcome"),
        searched=("title", "=code", "question"),
        filtered=("status", "matter", "estate", "community"),
        exported=(
            *("code", "title", "estate", "matter", "question", "starts_on", "ends_on", "status"),
            *("rooms_all", "area_all", "heads_all", "area_taking", "heads_taking"),
            *("area_for", "heads_for", "outcome", "recommendation"),
        ),
        # How many were against or abstained is not said: few of them are soon known by their area.
        public=(
            *("code", "title", "matter", "question", "starts_on", "ends_on", "counted_at"),
            *("take_numerator", "take_denominator"),
            *("agree_numerator", "agree_denominator", "agree_strict"),
            *("area_all", "heads_all", "area_taking", "heads_taking", "area_for", "heads_for"),
            *("outcome", "recommendation"),
        ),
        public_rows=published_votes,
    )
)
register(
    Facets(
        OwnedRoom,
        form=("community", "building", "unit", "room", "size"),
        listed=("building", "unit", "room", "size"),
        searched=("=room", "=building__name", "building__estate__name"),
        filtered=("building", "community"),
        natural_key=("building", "unit", "room"),
        exported=("building", "unit", "room", "size"),
        attachments=False,
    )
)
register(
    Facets(
        PropertyOwner,
        form=("community", "name", "phone", "resident", "organization"),
        listed=("name", "phone", "organization"),
        searched=("=name", "organization__name"),
        filtered=("community",),
        exported=("name", "phone", "organization"),
        attachments=False,
    )
)
register(Facets(Ownership, form=("room", "owner"), listed=("room", "owner"), attachments=False))
register(
    Facets(
        OwnerBallot,
        form=("vote", "head", "opinion", "paper_number", "given_on"),
        listed=("head", "opinion", "paper_number", "given_on", "vote"),
        searched=("=head__place", "=paper_number", "vote__title"),
        filtered=("vote", "opinion"),
        exported=("vote", "head", "opinion", "paper_number", "given_on"),
    )
)
hold(
    Holding(
        code="property_owners",
        model=PropertyOwner,
        resident="resident",
        shown=("name", "phone", "organization"),
        # The owner stays: rooms and votes are counted by them.
        anonymous=lambda row: {"resident": None, "name": anonymous_name(row), "phone": ""},
        # Whoever owns here is needed for every vote; afterwards as long as a result may be asked about.
        kept_days=KEPT_DAYS,
        since="without_rooms_since",
        done=lambda: (
            Q(Exists(Ownership.objects.filter(owner=OuterRef("pk"))))
            | Q(organization__isnull=False)
            | Q(name__startswith=ANONYMOUS, phone="")
        ),
        label="房屋业主登记",
    )
)
