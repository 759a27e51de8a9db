"""Verbs of the notice board."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.notices import rules
from backend.notices.models import PublicNotice
from backend.people.queries import names_in


def publish(
    notice: PublicNotice, *, by: Actor, reason: str = "", occurred_at: datetime | None = None
) -> PublicNotice:
    """The notice, for everybody to read until its last day, from today on, or from when it went up.

    Raises: notice_over; objection_period_short; contact_missing; text_has_personal_data;
        wrong_state; not_allowed.
    """
    day = timezone.localdate(occurred_at)
    with _changes("publish", notice, by, reason) as changes:
        moved = gate.move(
            notice,
            "publish",
            by=by,
            reason=reason,
            guard=lambda fresh: _may_go_up(fresh, day),
            occurred_at=occurred_at,
            within=changes,
        )
        moved.published_on, moved.withdrawn_because = day, ""
        return gate.save(moved, by=by.vouched_for(), within=changes)


def withdraw(notice: PublicNotice, *, by: Actor, reason: str) -> PublicNotice:
    """The notice, taken down: staff alone see it. Raises: reason_required; wrong_state; not_allowed."""
    with _changes("withdraw", notice, by, reason) as changes:
        moved = gate.move(notice, "withdraw", by=by, reason=reason, within=changes)
        moved.withdrawn_because = reason.strip()
        return gate.save(moved, by=by.vouched_for(), within=changes)


def revise(notice: PublicNotice, *, by: Actor, reason: str = "") -> PublicNotice:
    """The notice, a draft again, to be published from another day on. Raises: wrong_state; not_allowed."""
    with _changes("revise", notice, by, reason) as changes:
        moved = gate.move(notice, "revise", by=by, reason=reason, within=changes)
        moved.published_on = None
        return gate.save(moved, by=by.vouched_for(), within=changes)


def why_notice_cannot(notice: PublicNotice, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    today = timezone.localdate()
    return refusal(lambda: _may_go_up(notice, today)) if verb == "publish" else None


asked_by(PublicNotice, lambda row, verb, by: why_notice_cannot(row, verb))


def _may_go_up(notice: PublicNotice, day: date) -> None:
    texts = notice.texts()
    names = names_in(notice.community_id, [text for _, text in texts.values()])
    rules.notice_may_go_up(notice.kind, texts, notice.until, day, names)


def _changes(verb: str, notice: PublicNotice, by: Actor, reason: str) -> Any:
    return gate.change_set(
        f"{verb} {PublicNotice._meta.label}",
        by=by,
        community_id=notice.community_id,
        reason=reason,
    )


# The machine's verbs, by name: what buttons and mutations call.
NOTICE_VERBS: dict[str, Any] = {"publish": publish, "withdraw": withdraw, "revise": revise}
