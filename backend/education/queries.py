"""Named reads of legal education."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation, not_found
from backend.education import rules
from backend.education.choices import EventStatus
from backend.education.models import LegalEducationEvent
from backend.places.models import Community


def why_event_cannot(event: LegalEducationEvent, verb: str) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    try:
        if verb == "hold":
            starts_at = LegalEducationEvent.objects.values_list("starts_at", flat=True)
            rules.event_has_begun(starts_at.get(pk=event.pk), timezone.now())
        elif verb == "archive":
            rules.event_has_heads(LegalEducationEvent.objects.heads_of(event.pk))
        elif verb == "cancel":
            rules.event_may_be_cancelled(LegalEducationEvent.objects.heads_of(event.pk))
    except RuleViolation as violation:
        return violation.message
    return None


@dataclass(frozen=True)
class HeldEvent:
    """What a public breakdown counts of one event that took place."""

    topic: str
    format: str
    heads: int


def held_in_year(community_code: str, year: int) -> list[HeldEvent]:
    """The events of a calendar year that took place, with their heads (人次)."""
    rows: Any = LegalEducationEvent.objects.filter(
        community__code=community_code,
        starts_at__year=year,
        status__in=(EventStatus.HELD, EventStatus.ARCHIVED),
    )
    found = rows.with_heads().order_by().values_list("topic", "format", "heads_total")
    return [HeldEvent(*row) for row in found]


def community_by_code(code: str, user: Any) -> Community:
    """The community, if `user` belongs to it. Raises: not_found."""
    community = Community.objects.visible_to(user).filter(code=code).first()
    if community is None:
        raise not_found("社区")
    return community
