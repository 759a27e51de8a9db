"""What becomes of assignments when their event, slot or festival is moved, or called off."""

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.core.hangers_on import Upset, hangs_on
from backend.education.models import LegalEducationEvent
from backend.festivals.models import NeighborFestival
from backend.services.models import Slot
from backend.volunteers.assigning import cancel, tell_moved
from backend.volunteers.choices import OPEN
from backend.volunteers.models import Assignment

CLASHES = "时间改了，与别的派工冲突"


def follow(name: str, happened: Upset) -> None:
    """Cancels the open assignments of what was called off; moves those of what was moved along.

    One that would then overlap another is cancelled. Whoever it is, is told.
    """
    rows = Assignment.objects.filter(**{name: happened.record.pk}, status__in=OPEN)
    # By person: two slots that move at once lock their volunteers in the same order.
    for assignment in rows.order_by("volunteer_id", "pk"):
        if happened.called_off:
            cancel(
                assignment,
                by=happened.by.vouched_for(),
                reason=happened.reason,
                within=happened.within,
            )
        else:
            _move_along(assignment, happened)


def _move_along(assignment: Assignment, happened: Upset) -> None:
    before, after = happened.before, happened.record
    by, was = happened.by.vouched_for(), assignment.starts_at
    later = after.starts_at - before.starts_at
    if assignment.ends_at == before.ends_at:
        assignment.ends_at = after.ends_at
    else:
        assignment.ends_at += later
    assignment.starts_at += later
    try:
        gate.save(assignment, by=by, within=happened.within)
    except RuleViolation:
        stored = Assignment.objects.get(pk=assignment.pk)
        cancel(stored, by=by, reason=CLASHES, within=happened.within)
    else:
        tell_moved(assignment, was)


def _of_event(happened: Upset) -> None:
    follow("event", happened)


def _of_slot(happened: Upset) -> None:
    follow("slot", happened)


def _of_festival(happened: Upset) -> None:
    follow("stall__festival", happened)


hangs_on(LegalEducationEvent, _of_event)
hangs_on(Slot, _of_slot)
hangs_on(NeighborFestival, _of_festival)
