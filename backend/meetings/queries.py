"""Named reads of joint meetings: what the chair's page shows, and what a counting rule has against
a move.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from backend.core.access import own_organizations
from backend.core.asking import asked_by
from backend.core.errors import RuleViolation
from backend.core.personal import mask
from backend.meetings import rules
from backend.meetings.choices import ItemStatus, MeetingStatus, PresenceKind, SeatTier, VoteStatus
from backend.meetings.minuting import current_text, texts_are_publishable
from backend.meetings.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    JointMeeting,
    MeetingAttendance,
    MinutesRevision,
    Resolution,
    RollSeat,
    Seat,
    Vote,
)
from backend.meetings.presence import Room, room_of
from backend.meetings.quorum import require_inquorate, require_quorum
from backend.meetings.terms import settings_of
from backend.people.models import Representative


def why_meeting_cannot(meeting: JointMeeting, verb: str) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    full = JointMeeting.objects.get(pk=meeting.pk)
    try:
        _ask(full, verb)
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(JointMeeting, lambda row, verb, by: why_meeting_cannot(row, verb))


def _ask(meeting: JointMeeting, verb: str) -> None:
    today = timezone.localdate()
    match verb:
        case "notice":
            rules.agenda_is_there(meeting.items.count())
            days = settings_of(meeting.community_id).notice_days
            rules.notice_is_long_enough(today, meeting.held_on, days)
        case "reconvene":
            rules.agenda_is_there(meeting.items.count())
        case "open":
            rules.may_open(meeting.held_on, today)
        case "declare_inquorate":
            require_inquorate(room_of(meeting).quorum)
        case "close":
            open_votes = Vote.objects.filter(item__meeting=meeting, status=VoteStatus.OPEN)
            rules.votes_are_counted(open_votes.count())
            counted = Vote.objects.filter(item__meeting=meeting, status=VoteStatus.COUNTED)
            if not counted.filter(called_at__gte=meeting.opened_at).exists():
                require_quorum(room_of(meeting).quorum)
        case "confirm":
            rules.minutes_are_there(current_text(meeting))
            without = meeting.resolutions.filter(action_items__isnull=True).order_by("number")
            rules.resolutions_have_actions([one.numbered for one in without])
        case "publish":
            texts_are_publishable(meeting)


@dataclass(frozen=True)
class SeatOnBoard:
    """One seat as the chair sees it."""

    row: RollSeat
    state: str
    label: str
    since: datetime | None
    here: bool
    in_person: bool
    proxy_name: str
    # Who came, masked, and whether by telephone or video.
    who: str
    online: bool
    # Who speaks for its body on the day, masked, and which of them as a rule.
    people: list[Representative]
    usual: int | None


@dataclass(frozen=True)
class Board:
    """Everything that the working page shows, in a fixed number of statements."""

    room: Room
    seats: list[SeatOnBoard]
    # Bodies and persons (masked) that sit in.
    observers: list[str]
    items: list[AgendaItem]
    active: AgendaItem | None
    # How many items nobody has dealt with.
    left: int


def board_of(meeting: JointMeeting) -> Board:
    """The roll, the quorum, and the items with all that hangs on them."""
    room = room_of(meeting)
    seats = seats_on_board(meeting, room)
    items = list(items_with_outcomes(meeting))
    active = next((item for item in items if item.status == ItemStatus.ACTIVE), None)
    left = sum(item.status in (ItemStatus.WAITING, ItemStatus.ACTIVE) for item in items)
    return Board(room, seats, observers_of(meeting), items, active, left)


def observers_of(meeting: JointMeeting) -> list[str]:
    """Who sits in without a seat, each once; persons masked."""
    lines = MeetingAttendance.objects.filter(meeting=meeting, seat=None)
    if meeting.noticed_at is not None:
        lines = lines.filter(occurred_at__gte=meeting.noticed_at)
    said = (
        str(line.organization or mask("name", line.attendee))
        for line in lines.select_related("organization").order_by("pk")
    )
    return [name for name in dict.fromkeys(said) if name]


def seats_on_board(meeting: JointMeeting, room: Room) -> list[SeatOnBoard]:
    """Each seat of the roll as it now is, and who came for it. Three statements."""
    names = {row.seat_id: row.name for row in room.roll}
    written = MeetingAttendance.objects.in_bulk([entry.order for entry in room.states.values()])
    holders = Seat.objects.in_bulk(list(names))
    people: defaultdict[int | None, list[Representative]] = defaultdict(list)
    bodies = {seat.organization_id for seat in holders.values()} - {None}
    for person in Representative.objects.valid_on(meeting.held_on).filter(organization__in=bodies):
        people[person.organization_id].append(person)
    seats = []
    for row in room.roll:
        entry = room.states.get(row.seat_id)
        kind = entry.kind if entry is not None else ""
        line = written.get(entry.order) if entry is not None else None
        holder = holders[row.seat_id]
        seats.append(
            SeatOnBoard(
                row=row,
                state=kind,
                label=str(PresenceKind(kind).label) if kind else "",
                since=entry.at if entry is not None else None,
                here=row.seat_id in room.here,
                in_person=kind in (PresenceKind.PRESENT, PresenceKind.LATE),
                proxy_name=names.get(entry.proxy or 0, "") if entry is not None else "",
                who=mask("name", line.attendee) if line is not None else "",
                online=line is not None and line.online,
                people=people[holder.organization_id],
                usual=holder.representative_id,
            )
        )
    return seats


def items_with_outcomes(meeting: JointMeeting) -> Any:
    """The agenda with its votes, ballots, resolutions and action items."""
    ballots = Ballot.objects.select_related("seat__organization").order_by("pk")
    actions = ActionItem.objects.select_related("organization").order_by("due_on", "pk")
    resolutions = Resolution.objects.order_by("number").prefetch_related(
        Prefetch("action_items", actions)
    )
    votes = Vote.objects.select_related("resolution").order_by("pk")
    votes = votes.prefetch_related(Prefetch("ballots", ballots))
    return (
        AgendaItem.objects.filter(meeting=meeting)
        .order_by("position", "pk")
        .prefetch_related(Prefetch("votes", votes), Prefetch("resolutions", resolutions))
    )


def minutes_text() -> Subquery:
    """The current revision of a meeting's minutes, as an expression."""
    current = MinutesRevision.objects.filter(
        meeting=OuterRef("pk"), number=OuterRef("current_minutes")
    )
    return Subquery(current.values("text")[:1])


def with_minutes(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Meetings with `minutes_text`, the current revision of their minutes."""
    return rows.annotate(minutes_text=minutes_text())


def own_bodies(user: Any) -> frozenset[int]:
    """The bodies for which a user speaks today."""
    return own_organizations(user)


def overdue_count(user: Any) -> int:
    """How many action items that the user may see are overdue: for the sidebar."""
    return int(ActionItem.objects.visible_to(user).overdue().count())


def has_successor() -> Exists:
    """Whether the next mandate of a seat is entered: of its body, or of the one core seat."""
    later = Seat.objects.filter(
        community=OuterRef("community"), valid_from__gt=OuterRef("valid_from")
    ).exclude(pk=OuterRef("pk"))
    same_body = Q(organization__isnull=False, organization=OuterRef("organization"))
    both_core = Q(tier=SeatTier.CORE) & Q(tier=OuterRef("tier"))
    return Exists(later.filter(same_body | both_core))


# Moves that are the party committee's own.
CONVENING_MOVES = frozenset({"notice", "reconvene", "postpone", "cancel"})
# While people prepare the meeting, its pages offer to carry over what the last one left.
PREPARING = (MeetingStatus.DRAFT, MeetingStatus.POSTPONED, MeetingStatus.INQUORATE)
