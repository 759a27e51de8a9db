"""What of joint meetings is shown where."""

from django.db.models import Q, QuerySet

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, anonymous_name, hold
from backend.meetings.choices import MeetingStatus
from backend.meetings.models import (
    ActionItem,
    ActionProgress,
    AgendaItem,
    JointMeeting,
    MeetingAttendance,
    MeetingSettings,
    MinutesRevision,
    Resolution,
    Seat,
)

# Who was at a meeting is part of its record for longer than a sign-in list is.
KEPT_DAYS = 3 * 365


def published_meetings() -> "QuerySet[JointMeeting]":
    """What anonymous readers may see: meetings whose minutes are published."""
    return JointMeeting.objects.filter(status=MeetingStatus.PUBLISHED)


def published_resolutions() -> "QuerySet[Resolution]":
    """The resolutions of these meetings."""
    return Resolution.objects.filter(meeting__status=MeetingStatus.PUBLISHED)


def published_actions() -> "QuerySet[ActionItem]":
    """Who answers for what, of these meetings."""
    return ActionItem.objects.filter(meeting__status=MeetingStatus.PUBLISHED)


MEETING = register(
    Facets(
        JointMeeting,
        form=("community", "code", "title", "starts_at", "place", "chair", "remark"),
        listed=("title", "year", "number", "starts_at", "place", "chair", "status"),
        searched=("title", "=code", "place"),
        filtered=("status", "community"),
        natural_key=("code",),
        exported=("code", "year", "number", "title", "starts_at", "place", "chair", "status"),
        # The chair's name is nobody's business but the meeting's.
        public=("code", "year", "number", "title", "starts_at", "place", "quorum_words"),
        public_rows=published_meetings,
    )
)
register(
    Facets(
        AgendaItem,
        form=(
            "meeting",
            "position",
            "title",
            "kind",
            "presenter",
            "owner_matter",
            "origin_label",
            "origin_code",
            "origin_count",
        ),
        attachments=False,
    )
)
SEAT = register(
    Facets(
        Seat,
        form=(
            "community",
            "code",
            "tier",
            "holder",
            "organization",
            "representative",
            "resident",
            "person_name",
            "valid_from",
            "valid_to",
        ),
        listed=("code", "tier", "holder", "organization", "person_name", "valid_from", "valid_to"),
        searched=("=code", "organization__name"),
        filtered=("tier", "holder", "community"),
        exported=(
            "code",
            "tier",
            "holder",
            "organization",
            "person_name",
            "valid_from",
            "valid_to",
        ),
        attachments=False,
    )
)
register(
    Facets(
        MeetingSettings,
        form=(
            "community",
            "notice_days",
            "core_required",
            "tripartite_least",
            "over_numerator",
            "over_denominator",
            "proxies_most",
            "majority",
            "denominator",
            "method",
            "action_days",
            "seat_term_months",
        ),
        listed=("community", "notice_days", "majority", "denominator", "action_days"),
        filtered=("community",),
    )
)
register(
    Facets(
        MeetingAttendance,
        listed=("meeting", "seat", "kind", "attendee", "capacity", "proxy", "occurred_at"),
        searched=("meeting__title", "=meeting__code"),
        filtered=("kind", "capacity"),
        exported=("meeting", "seat", "kind", "attendee", "capacity", "proxy", "occurred_at"),
    )
)
RESOLUTION = register(
    Facets(
        Resolution,
        form=("meeting", "item", "kind", "text"),
        listed=("year", "number", "text", "kind", "meeting"),
        searched=("text", "=code", "meeting__title"),
        filtered=("kind", "community"),
        exported=("code", "year", "number", "kind", "text", "meeting"),
        public=(
            "code",
            "year",
            "number",
            "kind",
            "text",
            "meeting",
            "votes_for",
            "votes_against",
            "votes_abstain",
        ),
        public_rows=published_resolutions,
    )
)
ACTION = register(
    Facets(
        ActionItem,
        form=("resolution", "organization", "title", "details", "due_on"),
        listed=("title", "organization", "due_on", "status", "meeting"),
        searched=("title", "=code", "organization__name", "meeting__title"),
        filtered=("status", "organization", "community"),
        exported=("code", "title", "organization", "due_on", "status", "meeting"),
        public=("code", "title", "due_on", "status", "meeting"),
        public_rows=published_actions,
    )
)
register(
    Facets(
        ActionProgress,
        form=("action_item", "occurred_on", "text"),
        listed=("action_item", "occurred_on", "text"),
    )
)
register(Facets(MinutesRevision, listed=("meeting", "number"), attachments=False))


hold(
    Holding(
        code="seats",
        model=Seat,
        resident="resident",
        shown=("tier", "holder", "person_name", "valid_from", "valid_to"),
        # The seat stays: votes were cast from it.
        anonymous=lambda row: {"resident": None, "person_name": anonymous_name(row)},
        label="联席会议席位",
    )
)
hold(
    Holding(
        code="meeting_roll",
        model=MeetingAttendance,
        resident="representative__resident",
        shown=("meeting", "attendee", "kind", "occurred_at"),
        anonymous=lambda row: {"representative": None, "attendee": ""},
        kept_days=KEPT_DAYS,
        since="occurred_at",
        done=lambda: Q(representative__isnull=True, attendee=""),
        label="会议点名记录",
    )
)
