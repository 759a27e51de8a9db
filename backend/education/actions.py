"""Verbs of legal education."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.edits import edited_by
from backend.core.hangers_on import Upset, upset
from backend.education import registering, rules
from backend.education.models import LegalEducationEvent
from backend.people.queries import names_in


def save_event(event: LegalEducationEvent, *, by: Actor, reason: str = "") -> LegalEducationEvent:
    """The event as written; places that it gains go to those who wait. Raises: what the gate raises,
    capacity_below_registered among it.
    """
    with transaction.atomic():
        before = LegalEducationEvent.objects.filter(pk=event.pk).first()
        saved = gate.save(event, by=by, reason=reason)
        registering.give_places(saved.pk, by=by)
        if before is not None and _when_and_where(before) != _when_and_where(saved):
            upset(Upset(saved, by, before=before))
    return saved


edited_by(LegalEducationEvent, save_event)


def _when_and_where(event: LegalEducationEvent) -> tuple[object, ...]:
    return event.starts_at, event.ends_at, event.venue_id


def renew_poster(event: LegalEducationEvent, *, by: Actor) -> LegalEducationEvent:
    """The event with another code on its poster: the one that hangs outside is void. Raises: not_allowed."""
    fresh = LegalEducationEvent.objects.get(pk=event.pk)
    fresh.poster_version += 1
    return gate.save(fresh, by=by, reason="更换海报二维码")


def open_event(event: LegalEducationEvent, *, by: Actor) -> LegalEducationEvent:
    """The event, open for registration. Raises: wrong_state, text_has_personal_data, not_allowed."""
    return gate.move(event, "open", by=by, guard=_publishable)


def hold_event(
    event: LegalEducationEvent, *, by: Actor, occurred_at: datetime | None = None
) -> LegalEducationEvent:
    """The event, marked as held. Raises: wrong_state, event_not_started,
    occurred_in_future, not_allowed.
    """
    now = timezone.now()
    if occurred_at is not None:
        rules.has_happened(occurred_at, now)
        now = occurred_at
    return gate.move(
        event,
        "hold",
        by=by,
        occurred_at=occurred_at,
        guard=lambda fresh: rules.event_has_begun(fresh.starts_at, now),
    )


def archive_event(event: LegalEducationEvent, *, by: Actor) -> LegalEducationEvent:
    """The event, archived. Raises: wrong_state, event_without_heads, not_allowed."""
    return gate.move(event, "archive", by=by, guard=_has_heads)


def reopen_event(event: LegalEducationEvent, *, by: Actor, reason: str) -> LegalEducationEvent:
    """The event, held again so that late sheets can be entered.

    Raises: wrong_state, reason_required, not_allowed.
    """
    return gate.move(event, "reopen", by=by, reason=reason)


def cancel_event(event: LegalEducationEvent, *, by: Actor, reason: str) -> LegalEducationEvent:
    """The event, cancelled; who wanted to come is told.

    Raises: wrong_state, reason_required, event_has_attendance.
    """
    with transaction.atomic():
        moved = gate.move(
            event,
            "cancel",
            by=by,
            reason=reason,
            guard=lambda fresh: rules.event_may_be_cancelled(
                LegalEducationEvent.objects.heads_of(fresh.pk)
            ),
        )
        registering.cancelled(moved)
        upset(Upset(moved, by, reason=f"活动取消：{reason}"))
    return moved


def _publishable(event: LegalEducationEvent) -> None:
    texts = event.texts()
    rules.event_is_publishable(*texts, names_in(event.community_id, texts))


def _has_heads(event: LegalEducationEvent) -> None:
    rules.event_has_heads(LegalEducationEvent.objects.heads_of(event.pk))


# The machine's verbs, by name: what buttons and mutations call.
EVENT_VERBS = {
    "open": lambda event, *, by, reason: open_event(event, by=by),
    "hold": lambda event, *, by, reason: hold_event(event, by=by),
    "archive": lambda event, *, by, reason: archive_event(event, by=by),
    "reopen": lambda event, *, by, reason: reopen_event(event, by=by, reason=reason),
    "cancel": lambda event, *, by, reason: cancel_event(event, by=by, reason=reason),
}
