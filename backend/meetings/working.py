"""Verbs of action items: the accountable body works and reports; another person verifies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may
from backend.core.asking import asked_by, refusal
from backend.core.errors import not_allowed, not_found
from backend.core.gate_rights import all_own
from backend.core.models import ChangeSet, Transition
from backend.meetings import rules
from backend.meetings.choices import ActionStatus
from backend.meetings.holding import moment
from backend.meetings.models import ActionItem, ActionProgress
from backend.meetings.telling import tell_of_reopening


def may_report(item: ActionItem, by: Actor) -> bool:
    """Whether the actor may say how far it is: staff, or who speaks for the accountable body."""
    if may(by, "action_items.move", item.community_id):
        return True
    return all_own(ActionItem, [item], by, "report")


@contextmanager
def _working(
    item: ActionItem, verb: str, by: Actor, reason: str = ""
) -> Iterator[tuple[ActionItem, ChangeSet, Actor]]:
    """The item, locked, and who works on it: the body's own contact is vouched for."""
    if not may_report(item, by):
        raise not_allowed()
    allowed = by if may(by, "action_items.move", item.community_id) else by.vouched_for()
    label = f"{verb} meetings.ActionItem"
    with gate.change_set(label, by=by, community_id=item.community_id, reason=reason) as changes:
        try:
            yield gate.hold(item), changes, allowed
        except ActionItem.DoesNotExist:
            raise not_found("落实事项") from None


def start(item: ActionItem, *, by: Actor, occurred_at: datetime | None = None) -> ActionItem:
    """The item, being worked on. Raises: wrong_state; not_allowed."""
    with _working(item, "start", by) as (fresh, changes, allowed):
        return gate.move(fresh, "start", by=allowed, occurred_at=occurred_at, within=changes)


def report(
    item: ActionItem, text: str, *, by: Actor, occurred_on: date | None = None
) -> ActionProgress:
    """A line of progress; evidence is attached to it. Work that is reported on has begun.

    Raises: action_is_over; report_empty; occurred_in_future; not_allowed.
    """
    with _working(item, "report", by) as (fresh, changes, allowed):
        rules.action_takes_reports(fresh.status)
        today = timezone.localdate()
        day = occurred_on or today
        rules.day_is_past(day, today)
        if fresh.status == ActionStatus.OPEN:
            gate.move(fresh, "start", by=allowed, within=changes)
        return gate.save(
            ActionProgress(
                community_id=fresh.community_id,
                action_item=fresh,
                text=text,
                occurred_on=day,
                reported_by=by.user,
            ),
            by=allowed,
            within=changes,
        )


def finish(item: ActionItem, *, by: Actor, occurred_at: datetime | None = None) -> ActionItem:
    """The item, reported as done; somebody else verifies it. Raises: wrong_state; report_missing;
    occurred_in_future; not_allowed.
    """
    with _working(item, "finish", by) as (fresh, changes, allowed):
        at = moment(occurred_at)
        moved = gate.move(
            fresh,
            "finish",
            by=allowed,
            occurred_at=at,
            guard=lambda one: rules.something_was_reported(one.progress.count()),
            within=changes,
        )
        moved.done_by, moved.done_at = by.user, at
        return gate.save(moved, by=allowed, within=changes)


def verify(item: ActionItem, *, by: Actor, occurred_at: datetime | None = None) -> ActionItem:
    """The item, verified by another than who reported it as done.

    Raises: wrong_state; verifier_is_doer; not_allowed.
    """

    return gate.move(
        item, "verify", by=by, occurred_at=occurred_at, guard=lambda fresh: _another(fresh, by)
    )


def reopen(item: ActionItem, *, by: Actor, reason: str) -> ActionItem:
    """The item, to be done again; the accountable body is told why.

    Raises: wrong_state; reason_required; not_allowed.
    """
    with transaction.atomic():
        moved = gate.move(item, "reopen", by=by, reason=reason)
        tell_of_reopening(moved, reason)
    return moved


def sent_back_because() -> Subquery:
    """Why an item was reopened the last time, as an expression; null if it never was."""
    rows = Transition.objects.filter(
        model=ActionItem._meta.label, object_id=OuterRef("pk"), move="reopen"
    )
    return Subquery(rows.order_by("-pk").values("reason")[:1])


def why_action_cannot(item: ActionItem, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    asks: dict[str, Callable[[], None]] = {
        "finish": lambda: rules.something_was_reported(item.progress.count()),
        "verify": lambda: _another(item, by),
    }
    return refusal(asks[verb]) if verb in asks else None


asked_by(ActionItem, why_action_cannot)


def _another(item: ActionItem, by: Actor) -> None:
    rules.another_person_verifies(item.done_by_id, by.user.pk if by.user else None)
