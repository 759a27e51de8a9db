"""Verbs of assignments: asking a volunteer, their answer, coming and going."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may_within
from backend.core.asking import asked_by
from backend.core.edits import edited_by
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.education.models import Attendance
from backend.volunteers import rules
from backend.volunteers.assignment_models import TIMED, occasion
from backend.volunteers.choices import (
    OPEN,
    STANDING_RECORDS,
    AssignmentStatus,
    RecordSource,
)
from backend.volunteers.models import Assignment, ServiceRecord
from backend.volunteers.telling import clock, tell_assigned
from backend.volunteers.volunteering import is_oneself

BY_THEMSELVES = "本人谢绝"
EARLIEST = timedelta(hours=1)


def save_assignment(assignment: Assignment, *, by: Actor, reason: str = "") -> Assignment:
    """Writes an assignment, new or changed; the volunteer is told of a new one, and of another time
    or place.

    Raises: assignment_overlaps; volunteer_not_active; target_is_off; target_missing; target_twice;
        what the gate raises.
    """
    with _changes("save", assignment, by, reason) as changes:
        before = None
        if assignment.pk is None:
            assignment.asked_by = by.user
            _take_its_time(assignment)
        else:
            before = Assignment.objects.filter(pk=assignment.pk).first()
        saved = gate.save(assignment, by=by, within=changes)
        if before is None:
            tell_assigned(saved, "volunteer_assigned", "assigned")
        elif saved.status in OPEN and _when_and_where(before) != _when_and_where(saved):
            tell_moved(saved, before.starts_at)
    return saved


edited_by(Assignment, save_assignment)


def tell_moved(assignment: Assignment, before: datetime) -> None:
    """Tells the volunteer of another time or place."""
    tell_assigned(
        assignment,
        "volunteer_assignment_moved",
        f"moved {assignment.revision}",
        before=clock(before),
    )


def accept(assignment: Assignment, *, by: Actor) -> Assignment:
    """The assignment, accepted by the volunteer, or by staff who have rung them.

    Raises: wrong_state; not_allowed.
    """
    return gate.move(assignment, "accept", by=_oneself_or_staff(assignment, by))


def decline(assignment: Assignment, *, by: Actor, reason: str = "") -> Assignment:
    """The assignment, declined. Staff say why. Raises: wrong_state; reason_required; not_allowed."""
    own = is_own(assignment, by)
    acting = _oneself_or_staff(assignment, by)
    reason = reason or (BY_THEMSELVES if own else "")
    return gate.move(assignment, "decline", by=acting, reason=reason)


def cancel(assignment: Assignment, *, by: Actor, reason: str, within: Any = None) -> Assignment:
    """The assignment, called off; the volunteer is told. Raises: wrong_state; reason_required;
    not_allowed.
    """
    with _changes("cancel", assignment, by, reason) as changes:
        moved = gate.move(assignment, "cancel", by=by, reason=reason, within=within or changes)
        if moved.ends_at > timezone.now():
            tell_assigned(moved, "volunteer_assignment_cancelled", "cancelled", reason=reason)
    return moved


def check_in(assignment: Assignment, *, by: Actor, at: datetime | None = None) -> Assignment:
    """The volunteer has come; whoever had not answered has answered by it. `at` is for staff.

    Raises: already_checked_in; check_in_too_early; occurred_in_future; wrong_state; not_allowed.
    """
    acting, at = _oneself_or_staff(assignment, by), _moment(assignment, by, at)
    with _changes("check_in", assignment, by) as changes:
        fresh = _held(assignment)
        rules.may_check_in(fresh.checked_in_at, fresh.starts_at, at)
        if fresh.status == AssignmentStatus.PLANNED:
            fresh = gate.move(fresh, "accept", by=acting, within=changes)
        elif fresh.status != AssignmentStatus.ACCEPTED:
            raise _not_open(fresh)
        fresh.checked_in_at = at
        return gate.save(fresh, by=acting, within=changes)


def check_out(assignment: Assignment, *, by: Actor, at: datetime | None = None) -> Assignment:
    """The volunteer goes: the assignment is done, and the hours are drafted. `at` is for staff.

    Raises: not_checked_in; already_checked_out; occurred_in_future; ends_before_start;
        interval_too_long; records_overlap; nothing_left; wrong_state; not_allowed.
    """
    acting, at = _oneself_or_staff(assignment, by), _moment(assignment, by, at)
    with _changes("check_out", assignment, by) as changes:
        fresh = _held(assignment)
        rules.may_check_out(fresh.checked_in_at, fresh.checked_out_at)
        moved = gate.move(fresh, "complete", by=acting, within=changes)
        moved.checked_out_at = at
        moved = gate.save(moved, by=acting, within=changes)
        if not _is_told(moved):
            record = _draft(moved, moved.checked_in_at, at, RecordSource.CHECK_IN, by)
            gate.save(record, by=acting, within=changes)
    return moved


def complete(assignment: Assignment, *, by: Actor) -> Assignment:
    """The assignment, done, on the word of staff; hours are drafted where nobody has told them.

    They begin when the volunteer checked in, or signed in at the event, and else as planned; they
    end as planned. Raises: assignment_not_started; wrong_state; not_allowed.
    """
    now = timezone.now()
    with _changes("complete", assignment, by) as changes:
        fresh = _held(assignment)
        moved = gate.move(
            fresh,
            "complete",
            by=by,
            guard=lambda row: rules.has_begun(row.starts_at, now),
            within=changes,
        )
        seen = moved.checked_in_at or _signed_in_at(moved)
        source = RecordSource.STAFF if seen is None else RecordSource.CHECK_IN
        starts_at = moved.starts_at if seen is None else max(seen, moved.starts_at - EARLIEST)
        record = _draft(moved, starts_at, min(moved.ends_at, now), source, by)
        if not _is_told(moved) and _holds(record):
            gate.save(record, by=by.vouched_for(), within=changes)
    return moved


def miss(assignment: Assignment, *, by: Actor) -> Assignment:
    """The assignment, to which nobody came. Raises: assignment_not_started; wrong_state; not_allowed."""
    now = timezone.now()
    return gate.move(
        assignment, "miss", by=by, guard=lambda row: rules.has_begun(row.starts_at, now)
    )


def is_own(assignment: Assignment, by: Actor) -> bool:
    """Whether the actor is the volunteer who is asked."""
    return is_oneself(assignment.volunteer, by)


# The machine's verbs, by name: what buttons and mutations call.
ASSIGNMENT_VERBS = {
    "accept": lambda row, *, by, reason: accept(row, by=by),
    "decline": lambda row, *, by, reason: decline(row, by=by, reason=reason),
    "complete": lambda row, *, by, reason: complete(row, by=by),
    "miss": lambda row, *, by, reason: miss(row, by=by),
    "cancel": lambda row, *, by, reason: cancel(row, by=by, reason=reason),
}
# What the volunteer may answer.
OWN_VERBS = ("accept", "decline")


def why_assignment_cannot(assignment: Assignment, verb: str, now: datetime) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    try:
        if verb in ("complete", "miss"):
            rules.has_begun(assignment.starts_at, now)
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(Assignment, lambda row, verb, by: why_assignment_cannot(row, verb, timezone.now()))


# --- the steps -----------------------------------------------------------------------------------


def _take_its_time(assignment: Assignment) -> None:
    """Held, and read anew: an event or slot that has just been moved is met at its time of now."""
    name = assignment.target_name
    if name not in TIMED:
        return
    target: Any = getattr(assignment, name)
    read = occasion(name, target)
    fresh = gate.hold(read)
    for field in ("starts_at", "ends_at"):
        if getattr(assignment, field) in (None, getattr(read, field)):
            setattr(assignment, field, getattr(fresh, field))
    if name == "stall":
        target.festival = fresh
    else:
        setattr(assignment, name, fresh)


def _when_and_where(assignment: Assignment) -> tuple[object, ...]:
    return (
        assignment.starts_at,
        assignment.ends_at,
        assignment.event_id,
        assignment.item_id,
        assignment.slot_id,
        assignment.stall_id,
    )


def _held(assignment: Assignment) -> Assignment:
    """Locked, and what it hangs on before it: in the gate's own order."""
    for name in Assignment.parents:
        pk = getattr(assignment, f"{name}_id")
        if pk is not None:
            model: Any = Assignment._meta.get_field(name).related_model
            gate.hold(model(pk=pk))
    return gate.hold(Assignment(pk=assignment.pk))


def _not_open(assignment: Assignment) -> RuleViolation:
    return RuleViolation(
        "wrong_state", f"当前状态是“{assignment.get_status_display()}”，不能到岗签到。"
    )


def _moment(assignment: Assignment, by: Actor, at: datetime | None) -> datetime:
    """When it happened: now, or what staff say. Raises: occurred_in_future; not_allowed."""
    now = timezone.now()
    if at is None:
        return now
    if not by.system and not may_within(by, "assignments.edit", assignment.community_id):
        raise not_allowed()
    if at > now:
        raise RuleViolation("occurred_in_future", "时间还没有到，请核对。", field="at")
    return at


def _signed_in_at(assignment: Assignment) -> datetime | None:
    """When the volunteer signed in at the event."""
    resident = assignment.volunteer.resident_id
    if assignment.event_id is None or resident is None:
        return None
    rows = Attendance.objects.filter(event=assignment.event_id, resident=resident)
    found: datetime | None = rows.values_list("signed_in_at", flat=True).first()
    return found


def _draft(
    assignment: Assignment, starts_at: Any, ends_at: datetime, source: str, by: Actor
) -> ServiceRecord:
    return ServiceRecord(
        community_id=assignment.community_id,
        volunteer_id=assignment.volunteer_id,
        assignment=assignment,
        event_id=assignment.event_id,
        item_id=assignment.item_id,
        content=assignment.task,
        starts_at=starts_at,
        ends_at=ends_at,
        source=source,
        entered_by=by.user,
    )


def _is_told(assignment: Assignment) -> bool:
    """Whether the hours of an assignment have been told already."""
    rows = ServiceRecord.objects.filter(assignment=assignment, status__in=STANDING_RECORDS)
    return rows.exists()


def _holds(record: ServiceRecord) -> bool:
    """Whether hours may be told as they are; staff who mark a job as done are not kept from it."""
    try:
        gate.check(record)
    except RuleViolation:
        return False
    return True


def _oneself_or_staff(assignment: Assignment, by: Actor) -> Actor:
    """The actor, who is asked, or who may do this for others. Raises: not_allowed; not_found."""
    own = is_own(assignment, by)
    if own and may_within(by, "assignments.answer", assignment.community_id):
        return by.vouched_for()
    rows = Assignment.objects.filter(pk=assignment.pk)
    if not by.system and not rows.visible_to(by.user).exists():
        raise not_found("志愿者派工")
    if not by.system and not may_within(by, "assignments.edit", assignment.community_id):
        raise not_allowed()
    return by.vouched_for()


def _changes(verb: str, assignment: Assignment, by: Actor, reason: str = "") -> Any:
    return gate.change_set(
        f"{verb} {Assignment._meta.label}",
        by=by,
        community_id=assignment.community_id,
        reason=reason,
    )
