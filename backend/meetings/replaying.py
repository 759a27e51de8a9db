"""A ledger's meeting, carried out by the same verbs as on the chair's page, at the times of then.

`occurred_at` is when it happened, `recorded_at` now. What the verbs refuse is refused here too.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.meetings import actions, rules, working
from backend.meetings.actions import RollCall
from backend.meetings.choices import Capacity, ItemKind, MeetingStatus
from backend.meetings.ledger import ENTERED, INFERRED, USUAL_LENGTH, LedgerItem, LedgerMeeting
from backend.meetings.ledger import title_of as title
from backend.meetings.minuting import verified_in
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, RollSeat
from backend.meetings.terms import settings_of
from backend.people.models import Organization


def replay(told: LedgerMeeting, *, community_id: int, by: Actor, within: ChangeSet) -> JointMeeting:
    """The meeting, as the ledger tells it: its minutes confirmed if every resolution has a task.

    Who may import the ledger vouches for what the party committee did then.
    Raises: whatever the verbs raise.
    """
    require(by, "meetings.edit", community_id)
    vouched = by.vouched_for()
    with gate.joining(within):
        meeting = _prepared(told, community_id, vouched, within)
        start = told.starts_at
        days = max(settings_of(community_id).notice_days, 1)
        meeting = actions.notice(
            meeting,
            by=vouched,
            occurred_at=start - timedelta(days=days),
            reason=INFERRED,
            quiet=True,
        )
        meeting = actions.open_meeting(meeting, by=vouched, occurred_at=start, reason=ENTERED)
        _call_roll(meeting, told, start, vouched)
        rows = zip(meeting.items.order_by("position"), told.items, strict=True)
        step = USUAL_LENGTH / (len(told.items) + 1)
        tasks: list[tuple[ActionItem, LedgerItem]] = []
        for number, (item, said) in enumerate(rows):
            begun, ended = start + step * number, start + step * (number + 1)
            tasks += [(task, said) for task in _item(item, said, begun, ended, vouched)]
        meeting = actions.close(
            meeting,
            by=vouched,
            occurred_at=min(start + USUAL_LENGTH, timezone.now()),
            reason=INFERRED,
        )
        if not meeting.resolutions.filter(action_items__isnull=True).exists():
            meeting = actions.confirm(
                meeting, by=vouched, occurred_at=meeting.closed_at, reason=INFERRED, quiet=True
            )
        for task, said in tasks:
            _task(task, said, start, vouched)
    return JointMeeting.objects.get(pk=meeting.pk)


def _prepared(told: LedgerMeeting, community_id: int, by: Actor, within: ChangeSet) -> JointMeeting:
    meeting = JointMeeting(
        community_id=community_id,
        title=title(told.items),
        starts_at=told.starts_at,
        place=told.place,
        chair=told.chair,
        remark=told.remark,
        from_ledger=True,
    )
    gate.save(meeting, by=by, within=within)
    items = [
        AgendaItem(
            community_id=community_id,
            meeting=meeting,
            position=number,
            title=item.title,
            kind=ItemKind.DELIBERATION,
        )
        for number, item in enumerate(told.items, start=1)
    ]
    gate.save_many(items, by=by, within=within)
    return meeting


def _call_roll(meeting: JointMeeting, told: LedgerMeeting, start: datetime, by: Actor) -> None:
    seats = RollSeat.objects.filter(meeting=meeting).values_list("seat", flat=True)
    named = told.seats
    calls = [
        RollCall(
            "present" if named is None or seat in named else "absent",
            seat=seat,
            attendee=told.speakers.get(seat, ""),
            note=INFERRED if named is None else ENTERED,
        )
        for seat in seats
    ]
    who: list[tuple[int | None, str]] = [(body, "") for body in told.bodies]
    who += [(None, name) for name in told.names]
    calls += [
        RollCall(
            "present", organization=body, attendee=name, capacity=Capacity.OBSERVER, note=ENTERED
        )
        for body, name in who
    ]
    actions.call_roll(meeting, calls, by=by, occurred_at=start)


def _item(
    item: AgendaItem, said: LedgerItem, begun: datetime, ended: datetime, by: Actor
) -> list[ActionItem]:
    """The item, dealt with; answers what came of it for each body that is to do something."""
    now = timezone.now()
    item = actions.start_item(item, by=by, occurred_at=min(begun, now))
    item = actions.finish_item(item, by=by, occurred_at=min(ended, now))
    if not said.resolution:
        return []
    resolution = actions.resolve(item, said.resolution, by=by)
    if said.organization is None:
        return []
    what, due_on, details = said.resolution[:200], said.due_on, said.details
    return [
        actions.add_action(
            resolution, Organization.objects.get(pk=pk), what, due_on, by=by, details=details
        )
        for pk in (said.organization, *said.others)
    ]


def _task(task: ActionItem, said: LedgerItem, start: datetime, by: Actor) -> None:
    """How far the ledger says it is. Nobody's verification stands in a ledger: it stays "done"."""
    told = said.told
    if told.status == "open" and not told.text:
        return
    # A day that nobody wrote: the due day, or today if that is still to come.
    day = told.day or min(task.due_on, timezone.localdate())
    at = min(max(start, _noon(day)), timezone.now())
    if told.status == "open":
        return
    task = working.start(task, by=by, occurred_at=max(start, min(at, timezone.now())))
    working.report(task, told.text, by=by, occurred_on=day)
    if told.status == "done":
        working.finish(ActionItem.objects.get(pk=task.pk), by=by, occurred_at=at)


def _noon(day: Any) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


Left = list[tuple[str, int, str]]


def would_stay(meetings: Iterable[JointMeeting]) -> Left:
    """Those of the meetings that `take_back` would leave as they are now, and why."""
    reasons = ((meeting, _why_it_stays(meeting)) for meeting in meetings)
    return [(meeting._meta.label, meeting.pk, why) for meeting, why in reasons if why]


def take_back(
    meetings: Iterable[JointMeeting], *, by: Actor, within: ChangeSet, reason: str
) -> Left:
    """Marks meetings that a ledger brought as void: their numbers stay. Answers those left as they
    are, because somebody has worked on them since, and why.
    """
    left: Left = []
    with gate.joining(within):
        for meeting in meetings:
            fresh = gate.hold(meeting)
            stays = would_stay([fresh])
            left += stays
            if not stays:
                actions.MEETING_VERBS["void"](fresh, by=by, reason=reason or "撤销导入")
    return left


def _why_it_stays(meeting: JointMeeting) -> str:
    """ "changed": it has gone on. "meeting_has_work": somebody has verified what came of it."""
    if meeting.status not in (MeetingStatus.MINUTES_DRAFT, MeetingStatus.CONFIRMED):
        return "changed"
    try:
        rules.nobody_has_verified(verified_in(meeting))
    except RuleViolation as violation:
        return violation.code
    return ""
