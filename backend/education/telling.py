"""What people are told of their registrations: in the transaction of what it tells of."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.education.choices import RegistrationSource
from backend.education.models import LegalEducationEvent, Registration
from backend.messaging.actions import Recipient, tell
from backend.messaging.addresses import addresses_of_residents
from backend.messaging.channels import sender_of
from backend.messaging.choices import Channel


def tell_registrant(registration: Registration, template: str, occasion: str, **more: str) -> None:
    """Tells the person of one registration, once an occasion."""
    event = LegalEducationEvent.objects.select_related("venue", "community").get(
        pk=registration.event_id
    )
    whom = _recipient(registration)
    if whom is not None:
        tell(
            [whom],
            template,
            _values(event) | more,
            community=event.community,
            once_key=f"registration {registration.pk} {occasion}",
            about=event,
        )


def is_told_by_the_system(registration: Registration) -> bool:
    """Whether the person hears of it by themselves: by their account, or by a text message."""
    whom = _recipient(registration)
    if whom is None:
        return False
    resident = whom.resident
    if whom.user is not None or resident.user_id is not None:
        return True
    return sender_of(Channel.SMS) is not None and bool(addresses_of_residents([resident]))


def tell_all(
    event: LegalEducationEvent, rows: "QuerySet[Registration]", template: str, once_key: str
) -> int:
    """Tells everybody of these registrations of an event; answers how many were told now."""
    event = LegalEducationEvent.objects.select_related("venue", "community").get(pk=event.pk)
    found = [_recipient(row) for row in rows.select_related("account", "resident")]
    whom = [recipient for recipient in found if recipient is not None]
    if not whom:
        return 0
    return tell(
        whom,
        template,
        _values(event),
        community=event.community,
        once_key=once_key,
        about=event,
    )


def _recipient(registration: Registration) -> Recipient | None:
    """Who is told: the person, or who registered them in the app; of a bare name nobody."""
    by_app = registration.source == RegistrationSource.APP
    account: Any = registration.account if by_app else None
    if account is None and registration.resident is None:
        return None
    return Recipient(user=account, resident=registration.resident)


def _values(event: LegalEducationEvent) -> dict[str, str]:
    return {
        "event_title": event.title,
        "starts_at": f"{timezone.localtime(event.starts_at):%Y-%m-%d %H:%M}",
        "place": event.venue.place or event.venue.name,
    }
