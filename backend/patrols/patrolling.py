"""Verbs of patrols: begun, answered point by point, finished."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.core.words import in_chinese
from backend.demands.actions import register_demand
from backend.demands.choices import Channel, DemandKind, Urgency
from backend.demands.models import Demand
from backend.patrols import rules
from backend.patrols.choices import PointKind
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


def pass_on(
    point: PatrolPoint,
    *,
    by: Actor,
    kind: str = DemandKind.COMPLAINT,
    urgency: str = Urgency.ORDINARY,
) -> PatrolPoint:
    """What was found, now a demand of its own, in the words of the point.

    Raises: no_issue_to_pass_on; point_passed_on; patrol_closed; not_allowed; what registering a
        demand raises.
    """
    patrol = Patrol.objects.select_related("grid").get(pk=point.patrol_id)
    allowed = walker(by, patrol)
    with changes_of("pass on", patrol, by) as changes:
        # The round first: of two taps, the second finds the demand of the first.
        rules.patrol_takes_answers(gate.hold(patrol).status)
        fresh: PatrolPoint = PatrolPoint.objects.get(pk=point.pk)
        rules.passed_on_once(fresh.result, fresh.demand_id)
        found = in_chinese(PointKind(fresh.kind).label)
        demand = Demand(
            community_id=patrol.community_id,
            estate_id=patrol.estate_id,
            grid_id=patrol.grid_id,
            channel=Channel.PATROL,
            kind=kind,
            urgency=urgency,
            content=f"巡查发现（{found}，{patrol.grid}）：{fresh.note}",
        )
        with gate.joining(changes):
            fresh.demand = register_demand(demand, by=by)
        saved: PatrolPoint = gate.save(fresh, by=allowed, within=changes)
        return saved


def finish(patrol: Patrol, *, by: Actor, at: datetime | None = None) -> Patrol:
    """The round, finished: all five points were looked at, and nothing waits.

    Raises: points_missing; issue_unhandled; wrong_state; not_allowed.
    """
    allowed = walker(by, patrol)
    with changes_of("finish", patrol, by) as changes:
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
    with changes_of("reopen", patrol, by, reason) as changes:
        moved = gate.move(
            patrol, "reopen", by=allowed, reason=reason, guard=_may_reopen, within=changes
        )
        moved.finished_at = None
        return gate.save(moved, by=allowed, within=changes)


def _may_reopen(patrol: Patrol) -> None:
    rules.reopened_on_its_day(patrol.day, timezone.localdate())


def cancel(patrol: Patrol, *, by: Actor, reason: str) -> Patrol:
    """The round, begun by mistake.

    Raises: patrol_has_demands; reason_required; wrong_state; not_allowed.
    """
    return gate.move(patrol, "cancel", by=walker(by, patrol), reason=reason, guard=_may_cancel)


def _may_cancel(patrol: Patrol) -> None:
    passed_on = PatrolPoint.objects.filter(patrol=patrol, demand__isnull=False)
    rules.nothing_was_passed_on(passed_on.count())


def changes_of(verb: str, patrol: Patrol, by: Actor, reason: str = "") -> Any:
    """The change set of a verb on a round."""
    name = f"{verb} {Patrol._meta.label}"
    return gate.change_set(name, by=by, community_id=patrol.community_id, reason=reason)


def record_walked(
    rounds: Sequence[tuple[Patrol, Sequence[PatrolPoint]]], *, by: Actor
) -> list[Patrol]:
    """Rounds of one community that were walked and written down elsewhere: all or none.

    Each comes with what was answered, and with its `finished_at`. Raises: ManyViolations, with what
    `answer` and `finish` raise; not_allowed.
    """
    if not rounds:
        return []
    patrols = [patrol for patrol, _ in rounds]
    handled: dict[Any, dict[str, str]] = {}
    name = f"record {Patrol._meta.label}"
    with gate.change_set(name, by=by, community_id=patrols[0].community_id) as changes:
        gate.save_many(patrols, by=by, within=changes)
        points = [point for _, some in rounds for point in some]
        for patrol, some in rounds:
            for point in some:
                point.patrol = patrol
        gate.save_many(points, by=by, within=changes)
        for point in points:
            handled.setdefault(point.patrol_id, {})[point.kind] = point.handling
        return gate.move_many(
            patrols,
            "finish",
            by=by,
            occurred_at=lambda row: row.finished_at or timezone.now(),
            guard=lambda row: rules.may_be_finished(handled.get(row.pk, {})),
            within=changes,
        )


def why_patrol_cannot(patrol: Patrol, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    asked: dict[str, Any] = {
        "finish": may_finish,
        "reopen": _may_reopen,
        "cancel": _may_cancel,
    }
    return refusal(lambda: asked[verb](patrol)) if verb in asked else None


asked_by(Patrol, lambda row, verb, by: why_patrol_cannot(row, verb))
PATROL_VERBS = {
    "finish": lambda row, *, by, reason: finish(row, by=by),
    "reopen": lambda row, *, by, reason: reopen(row, by=by, reason=reason),
    "cancel": lambda row, *, by, reason: cancel(row, by=by, reason=reason),
}
