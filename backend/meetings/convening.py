"""Verbs before the meeting: calling people together, putting off, calling off, opening."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.models import ChangeSet
from backend.meetings import rules
from backend.meetings.choices import ActionStatus, ItemKind, ItemStatus, MeetingStatus
from backend.meetings.holding import holding, moment, step
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, RollSeat, Seat
from backend.meetings.numbering import Series, next_number
from backend.meetings.origins import ACTION_ORIGIN
from backend.meetings.telling import tell_roll
from backend.meetings.terms import copied, settings_of

_SAID = ("tier", "body", "name")


def notice(
    meeting: JointMeeting,
    *,
    by: Actor,
    occurred_at: datetime | None = None,
    reason: str = "",
    quiet: bool = False,
) -> JointMeeting:
    """The meeting, convened: numbered, its terms and its roll fixed, its people told.

    `quiet` tells nobody: for what a ledger says afterwards.
    Raises: not_allowed but for the party committee; wrong_state; agenda_empty; notice_too_short;
        roll_empty; core_seat_missing; occurred_in_future.
    """
    return _call_together(meeting, "notice", by, occurred_at, reason, quiet)


def reconvene(
    meeting: JointMeeting,
    *,
    by: Actor,
    starts_at: datetime | None = None,
    place: str | None = None,
    occurred_at: datetime | None = None,
    reason: str = "",
    quiet: bool = False,
) -> JointMeeting:
    """As `notice`, for a meeting that was put off or found inquorate; with a new time or place."""
    with holding(meeting, "reconvene", by=by) as (fresh, changes):
        require(by, "meetings.convene", fresh.community_id)
        step(fresh, "reconvene")
        if starts_at is not None:
            fresh.starts_at = starts_at
        if place is not None:
            fresh.place = place
        gate.save(fresh, by=by, within=changes)
        return _call_together(fresh, "reconvene", by, occurred_at, reason, quiet)


def _call_together(
    meeting: JointMeeting,
    verb: str,
    by: Actor,
    occurred_at: datetime | None,
    reason: str,
    quiet: bool,
) -> JointMeeting:
    with holding(meeting, verb, by=by) as (fresh, changes):
        require(by, "meetings.convene", fresh.community_id)
        step(fresh, verb)
        at = moment(occurred_at)
        items = list(fresh.items.order_by("position"))
        rules.agenda_is_there(len(items))
        settings = settings_of(fresh.community_id)
        noticed_on = timezone.localtime(at).date()
        rules.notice_is_long_enough(noticed_on, fresh.held_on, settings.notice_days)
        for name, value in copied(settings).items():
            setattr(fresh, name, value)
        fresh.noticed_at = at
        fresh.opened_at = None
        if fresh.number is None:
            fresh.year = fresh.held_on.year
            fresh.number = next_number(Series.MEETING, fresh.community_id, fresh.year)
        gate.save(fresh, by=by, within=changes)
        fix_roll(fresh, by=by, within=changes)
        moved = gate.move(fresh, verb, by=by, occurred_at=at, reason=reason, within=changes)
        if not quiet:
            agenda = "\n".join(f"{item.position}. {item.title}" for item in items)
            tell_roll(moved, "meeting_notice", f"notice {verb}", agenda=agenda)
    return moved


def fix_roll(meeting: JointMeeting, *, by: Actor, within: ChangeSet) -> None:
    """Writes which seats belong to the meeting: those whose mandate holds on its day.

    Raises: roll_empty; core_seat_missing.
    """
    held = Seat.objects.filter(community=meeting.community_id).held_on(meeting.held_on)
    seats = {seat.pk: seat for seat in held.select_related("organization").order_by("pk")}
    rules.roll_is_there([seat.rolled() for seat in seats.values()])
    stored = {row.seat_id: row for row in RollSeat.objects.filter(meeting=meeting)}
    gone = [row for seat, row in stored.items() if seat not in seats]
    gate.delete_many(gone, by=by, within=within, action="edit")
    rows = []
    for pk, seat in seats.items():
        row = stored.get(pk) or RollSeat(meeting=meeting, seat=seat)
        said = seat.rolled()
        if row.pk is None or any(getattr(row, name) != getattr(said, name) for name in _SAID):
            row.tier, row.body, row.name = said.tier, said.body, said.name
            rows.append(row)
    gate.save_many(rows, by=by, within=within)


def add_item(
    meeting: JointMeeting,
    title: str,
    *,
    by: Actor,
    kind: str = ItemKind.DELIBERATION,
    **more: Any,
) -> AgendaItem:
    """An item behind the others. Raises: meeting_is_fixed; not_allowed; what the gate raises."""
    with holding(meeting, "add an item", by=by) as (fresh, changes):
        last = fresh.items.order_by("-position").values_list("position", flat=True).first() or 0
        return gate.save(
            AgendaItem(
                community_id=fresh.community_id,
                meeting=fresh,
                position=last + 1,
                title=title,
                kind=kind,
                **more,
            ),
            by=by,
            within=changes,
        )


def postpone(
    meeting: JointMeeting, *, by: Actor, reason: str, occurred_at: datetime | None = None
) -> JointMeeting:
    """The meeting, put off; its people are told. Raises: not_allowed; wrong_state; reason_required."""
    with holding(meeting, "postpone", by=by, reason=reason) as (fresh, changes):
        require(by, "meetings.convene", fresh.community_id)
        moved = gate.move(
            fresh, "postpone", by=by, reason=reason, occurred_at=occurred_at, within=changes
        )
        tell_roll(moved, "meeting_postponed", "postponed", reason=reason)
    return moved


def cancel(meeting: JointMeeting, *, by: Actor, reason: str) -> JointMeeting:
    """The meeting, called off. Raises: not_allowed; wrong_state; reason_required."""
    with holding(meeting, "cancel", by=by, reason=reason) as (fresh, changes):
        require(by, "meetings.convene", fresh.community_id)
        told = fresh.status == MeetingStatus.NOTICED
        moved = gate.move(fresh, "cancel", by=by, reason=reason, within=changes)
        if told:
            tell_roll(moved, "meeting_cancelled", "cancelled", reason=reason)
    return moved


def open_meeting(
    meeting: JointMeeting, *, by: Actor, occurred_at: datetime | None = None, reason: str = ""
) -> JointMeeting:
    """The meeting, in session: from here on the roll is called. Raises: wrong_state;
    meeting_not_today; occurred_in_future.
    """
    with holding(meeting, "open", by=by) as (fresh, changes):
        step(fresh, "open")
        at = moment(occurred_at, fresh.noticed_at)
        rules.may_open(fresh.held_on, timezone.localtime(at).date())
        fresh.opened_at = at
        gate.save(fresh, by=by, within=changes)
        # Mandates may have changed hands since people were called together.
        fix_roll(fresh, by=by, within=changes)
        return gate.move(fresh, "open", by=by, occurred_at=at, reason=reason, within=changes)


def left_over(meeting: JointMeeting) -> tuple[Sequence[AgendaItem], Sequence[ActionItem]]:
    """What earlier meetings left undone, and is not on any later agenda: items, action items."""
    items = AgendaItem.objects.filter(
        meeting__community=meeting.community_id, carried_to__isnull=True
    ).exclude(meeting=meeting)
    deferred = items.filter(status=ItemStatus.DEFERRED) | items.filter(
        status=ItemStatus.WAITING, meeting__status=MeetingStatus.CANCELLED
    )
    actions = ActionItem.objects.filter(
        community=meeting.community_id, meeting__starts_at__lt=meeting.starts_at
    )
    actions = actions.exclude(meeting__status=MeetingStatus.VOID)
    unfinished = actions.exclude(status=ActionStatus.VERIFIED).exclude(
        carried_into__meeting=meeting
    )
    # The same matter once: what stands on this agenda already does not come a second time.
    here = {item.matter for item in meeting.items.all()}
    latest = {
        item.matter: item for item in deferred.distinct().order_by("meeting__starts_at", "position")
    }
    items_left = [item for matter, item in latest.items() if matter not in here]
    carried = {item.about_action_id for item in items_left}
    tasks = unfinished.select_related("organization").order_by("due_on", "pk")
    return items_left, [task for task in tasks if task.pk not in carried]


def carry_over(meeting: JointMeeting, *, by: Actor) -> int:
    """Puts what earlier meetings left undone on the agenda; answers how many items were added.

    Raises: meeting_is_fixed; not_allowed.
    """
    with holding(meeting, "carry over", by=by) as (fresh, changes):
        rules.meeting_takes_changes(fresh.status)
        items, actions = left_over(fresh)
        last = fresh.items.order_by("-position").values_list("position", flat=True).first() or 0
        rows = [
            AgendaItem(
                community_id=fresh.community_id,
                meeting=fresh,
                title=item.title,
                kind=item.kind,
                presenter=item.presenter,
                owner_matter=item.owner_matter,
                origin_kind=item.origin_kind,
                origin_label=item.origin_label,
                origin_code=item.origin_code,
                origin_count=item.origin_count,
                background=item.background,
                about_action=item.about_action,
                carried_from=item,
            )
            for item in items
        ] + [
            AgendaItem(
                community_id=fresh.community_id,
                meeting=fresh,
                title=ACTION_ORIGIN.title(action)[:200],
                kind=ItemKind.INFORMATION,
                presenter=str(action.organization)[:80],
                origin_kind=ACTION_ORIGIN.kind,
                origin_label=ACTION_ORIGIN.label,
                origin_code=action.code,
                about_action=action,
            )
            for action in actions
        ]
        for number, row in enumerate(rows, start=1):
            row.position = last + number
        gate.save_many(rows, by=by, within=changes)
    return len(rows)
