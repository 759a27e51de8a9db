"""Verbs of patrols: begun, answered point by point, finished."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.patrols import rules
from backend.patrols.models import Patrol, PatrolPoint
from backend.patrols.rights import walker
from backend.places.models import Grid


def start_patrol(grid: Grid, *, shift: str, by: Actor, day: date | None = None) -> Patrol:
    """A round of the grid, begun by the actor, today or on the day before.

    Raises: patrol_taken; patrol_day_wrong; grid_without_estate; not_allowed.
    """
    allowed = walker(by, grid)
    rules.grid_has_an_estate(grid.estate_id)
    today = timezone.localdate()
    rules.patrolled_now(day or today, today)
    patrol = Patrol(
        community_id=grid.community_id,
        grid=grid,
        day=day or today,
        shift=shift,
        patroller=by.user,
    )
    return gate.save(patrol, by=allowed)


def answer(
    patrol: Patrol,
    kind: str,
    result: str,
    *,
    by: Actor,
    note: str = "",
    fixed_how: str = "",
) -> PatrolPoint:
    """What was seen at a point; said again, it is another word on the same point.

    Raises: patrol_closed; issue_note_missing; answer_contradicts; text_has_personal_data;
        not_allowed.
    """
    allowed = walker(by, patrol)
    with transaction.atomic():
        # Two taps, or two phones: the second finds what the first has written.
        fresh = gate.hold(patrol)
        rules.patrol_takes_answers(fresh.status)
        point = PatrolPoint.objects.filter(patrol=fresh, kind=kind).first()
        if point is None:
            point = PatrolPoint(community_id=fresh.community_id, patrol=fresh, kind=kind)
        point.result, point.note, point.fixed_how = result, note.strip(), fixed_how.strip()
        saved: PatrolPoint = gate.save(point, by=allowed)
        return saved


def finish(patrol: Patrol, *, by: Actor, at: datetime | None = None) -> Patrol:
    """The round, finished: all five points were looked at, and nothing waits.

    Raises: points_missing; issue_unhandled; wrong_state; not_allowed.
    """
    allowed = walker(by, patrol)
    name = f"finish {Patrol._meta.label}"
    with gate.change_set(name, by=by, community_id=patrol.community_id) as changes:
        moved = gate.move(
            patrol, "finish", by=allowed, occurred_at=at, guard=may_finish, within=changes
        )
        moved.finished_at = at or timezone.now()
        return gate.save(moved, by=allowed, within=changes)


def may_finish(patrol: Patrol) -> None:
    """Raises: points_missing; issue_unhandled."""
    rows = PatrolPoint.objects.filter(patrol=patrol).order_by()
    rules.may_be_finished(dict(rows.values_list("kind", "handling")))


def reopen(patrol: Patrol, *, by: Actor, reason: str) -> Patrol:
    """The round, open again on its day.

    Raises: patrol_day_over; reason_required; wrong_state; not_allowed.
    """
    allowed = walker(by, patrol)
    name = f"reopen {Patrol._meta.label}"
    with gate.change_set(name, by=by, community_id=patrol.community_id, reason=reason) as changes:
        moved = gate.move(
            patrol, "reopen", by=allowed, reason=reason, guard=_may_reopen, within=changes
        )
        moved.finished_at = None
        return gate.save(moved, by=allowed, within=changes)


def _may_reopen(patrol: Patrol) -> None:
    rules.reopened_on_its_day(patrol.day, timezone.localdate())


def cancel(patrol: Patrol, *, by: Actor, reason: str) -> Patrol:
    """The round, begun by mistake. Raises: reason_required; wrong_state; not_allowed."""
    return gate.move(patrol, "cancel", by=walker(by, patrol), reason=reason)


def why_patrol_cannot(patrol: Patrol, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    asked: dict[str, Any] = {"finish": may_finish, "reopen": _may_reopen}
    return refusal(lambda: asked[verb](patrol)) if verb in asked else None


asked_by(Patrol, lambda row, verb, by: why_patrol_cannot(row, verb))
PATROL_VERBS = {
    "finish": lambda row, *, by, reason: finish(row, by=by),
    "reopen": lambda row, *, by, reason: reopen(row, by=by, reason=reason),
    "cancel": lambda row, *, by, reason: cancel(row, by=by, reason=reason),
}
