"""Who is told of a meeting: the accounts of those who speak for the seats on its roll."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from backend.core.roles import Role
from backend.meetings.models import ActionItem, JointMeeting, RollSeat, Seat
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import InboxMessage
from backend.people.models import Representative, User
from backend.people.queries import accounts_in_roles, accounts_of_bodies

# So many seats are named in one reminder; of more, how many.
SEATS_NAMED = 5


def accounts_of_roll(meeting: JointMeeting) -> list[User]:
    """The accounts that speak for the seats of a meeting, and those of persons who hold one."""
    seats = RollSeat.objects.filter(meeting=meeting)
    bodies = seats.filter(seat__organization__isnull=False)
    speak = accounts_of_bodies(bodies.values_list("seat__organization", flat=True))
    own = seats.filter(seat__resident__user__is_active=True).values("seat__resident__user")
    known = {user.pk for user in speak}
    return [*speak, *User.objects.filter(pk__in=own).exclude(pk__in=known).order_by("pk")]


def told_of(meeting: JointMeeting) -> int:
    """How many accounts were sent the notice of a meeting."""
    sent = InboxMessage.objects.filter(
        about_model=meeting._meta.label, about_id=meeting.pk, template="meeting_notice"
    )
    return int(sent.values("user").distinct().count())


def unreachable_seats(meeting: JointMeeting) -> list[RollSeat]:
    """Seats that nobody with an account speaks for or holds: these are told by telephone."""
    today = timezone.localdate()
    with_account = Representative.objects.valid_on(today).filter(user__isnull=False)
    rows = RollSeat.objects.filter(meeting=meeting).select_related("seat")
    rows = rows.exclude(seat__resident__user__is_active=True)
    return list(rows.exclude(seat__organization__in=with_account.values("organization")))


def tell_roll(meeting: JointMeeting, template: str, occasion: str, **more: str) -> int:
    """Tells everybody on the roll, once an occasion; answers how many were told now."""
    whom = [Recipient(user=user) for user in accounts_of_roll(meeting)]
    if not whom:
        return 0
    starts_at = timezone.localtime(meeting.starts_at)
    values = {
        "meeting": str(meeting),
        "starts_at": f"{starts_at:%Y-%m-%d %H:%M}",
        "place": meeting.place or "社区会议室",
    }
    return tell(
        whom,
        template,
        values | more,
        community=meeting.community,
        once_key=f"meeting {meeting.pk} {occasion} {starts_at:%Y%m%d%H%M}",
        about=meeting,
    )


def tell_accountable(meeting: JointMeeting) -> int:
    """Tells each body what it has to do, once an action item; answers how many were told now."""
    told = 0
    items = ActionItem.objects.filter(meeting=meeting).select_related("organization")
    for item in items.order_by("pk"):
        whom = [Recipient(user=user) for user in accounts_of_bodies([item.organization_id])]
        if whom:
            told += tell(
                whom,
                "action_given",
                {
                    "meeting": str(meeting),
                    "action": item.title,
                    "due_on": f"{item.due_on:%Y-%m-%d}",
                },
                community=meeting.community,
                once_key=f"action {item.pk} given",
                about=item,
            )
    return told


def tell_of_action(item: ActionItem, occasion: str) -> int:
    """Reminds the accountable body and the secretary of an item, once an occasion; answers how many
    were told now.
    """
    whom = [*accounts_of_bodies([item.organization_id]), *_secretaries(item.community_id)]
    if not whom:
        return 0
    return tell(
        [Recipient(user=user) for user in whom],
        "action_due" if occasion == "soon" else "action_overdue",
        {
            "meeting": str(item.meeting),
            "action": item.title,
            "organization": str(item.organization),
            "due_on": f"{item.due_on:%Y-%m-%d}",
        },
        community=item.community,
        once_key=f"action {item.pk} {occasion} {item.due_on:%Y%m%d}",
        about=item,
    )


def tell_of_reopening(item: ActionItem, reason: str) -> int:
    """Tells the accountable body that its report was not enough, and why; answers how many."""
    whom = accounts_of_bodies([item.organization_id])
    if not whom:
        return 0
    return tell(
        [Recipient(user=user) for user in whom],
        "action_reopened",
        {
            "meeting": str(item.meeting),
            "action": item.title,
            "reason": reason.strip().rstrip("。"),
            "due_on": f"{item.due_on:%Y-%m-%d}",
        },
        community=item.community,
        once_key=f"action {item.pk} reopened {item.revision}",
        about=item,
    )


def tell_of_terms(seats: Sequence[Seat], occasion: str, ends_on: date) -> int:
    """Reminds the secretary, in one message, of a community's seats that end on one day, once an
    occasion; answers how many were told now.
    """
    first = seats[0]
    whom = _secretaries(first.community_id)
    if not whom:
        return 0
    named = "、".join(seat.label for seat in seats[:SEATS_NAMED])
    more = f"等 {len(seats)} 席" if len(seats) > SEATS_NAMED else ""
    return tell(
        [Recipient(user=user) for user in whom],
        "seat_term",
        {"seat": named + more, "ends_on": f"{ends_on:%Y-%m-%d}"},
        community=first.community,
        once_key=f"seats {first.community_id} {occasion} {ends_on:%Y%m%d}",
        about=first,
    )


def _secretaries(community_id: int) -> list[User]:
    return list(accounts_in_roles(community_id, Role.SECRETARY))
