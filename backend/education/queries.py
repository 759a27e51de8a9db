"""Named reads of legal education."""

from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from backend.core.errors import RuleViolation, not_found
from backend.education import rules
from backend.education.choices import ACTIVE, EventStatus, RegistrationSource
from backend.education.models import LegalEducationEvent, Registration
from backend.education.registrations import own_rows
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


def community_by_code(code: str, user: Any) -> Community:
    """The community, if `user` belongs to it. Raises: not_found."""
    community = Community.objects.visible_to(user).filter(code=code).first()
    if community is None:
        raise not_found("社区")
    return community


def events_with_places_to_give() -> list[int]:
    """Keys of open events at which somebody waits and a place is free, in order."""
    rows: Any = LegalEducationEvent.objects
    found = (
        rows.with_places()
        .filter(status=EventStatus.OPEN, waitlist_count__gt=0)
        .filter(Q(capacity__isnull=True) | Q(places_left__gt=0))
        .order_by("pk")
    )
    return list(found.values_list("pk", flat=True))


def is_ones_own(user: Any) -> Q:
    """The registrations that are about a user, not those that they entered for others."""
    about = Q(source=RegistrationSource.APP) | Q(resident__user=user.pk)
    return own_rows(user, Registration.area) & about


def own_registrations(user: Any, to_attr: str) -> Prefetch:
    """A user's active registrations beside each event, with the place in line."""
    rows: Any = Registration.objects.filter(is_ones_own(user), status__in=ACTIVE)
    return Prefetch("registrations", rows.with_position(), to_attr=to_attr)
