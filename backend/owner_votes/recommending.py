"""From a joint meeting's recommendation to the owners' vote: what a draft says to begin with."""

from typing import Any

from django.db.models import QuerySet

from backend.meetings.choices import MeetingStatus, ResolutionKind
from backend.meetings.models import JointMeeting, Resolution
from backend.owner_votes.models import OwnerVote
from backend.people.choices import OrganizationKind
from backend.people.models import Organization
from backend.places.models import Estate

_LONGEST_TITLE = OwnerVote._meta.get_field("title").max_length or 0
FIRM = (MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED)


def recommendations_of(record: Resolution | JointMeeting) -> "QuerySet[Resolution]":
    """What a meeting, or this one resolution, recommends on matters that the owners decide."""
    rows = Resolution.objects.filter(kind=ResolutionKind.RECOMMENDATION).exclude(owner_matter="")
    if isinstance(record, JointMeeting):
        rows = rows.filter(meeting=record)
    else:
        rows = rows.filter(pk=record.pk)
    return rows.select_related("meeting").order_by("number")


def votes_on(resolution: Resolution, user: Any) -> "QuerySet[OwnerVote]":
    """The votes that were started from it, of those that the user sees."""
    rows: QuerySet[OwnerVote] = OwnerVote.objects.visible_to(user).filter(recommendation=resolution)
    return rows.select_related("estate").order_by("pk")


def draft_from(resolution: Resolution) -> dict[str, Any]:
    """What a draft says that is started from a recommendation; staff go over it.

    Estate and organizer only where there is one alone: which of several is no guess.
    """
    matter = resolution.item.title if resolution.item is not None else resolution.text
    community = resolution.community_id
    found: dict[str, Any] = {
        "recommendation": resolution.pk,
        "community": community,
        "matter": resolution.owner_matter,
        "title": matter[:_LONGEST_TITLE],
        "question": f"是否同意：{matter}？",
    }
    committees = Organization.objects.filter(
        community=community, kind=OrganizationKind.OWNERS_COMMITTEE
    )
    for name, rows in (
        ("estate", Estate.objects.filter(community=community)),
        ("organizer", committees),
    ):
        first: list[Any] = list(rows.order_by("pk")[:2])
        if len(first) == 1:
            found[name] = first[0].pk
    return found
