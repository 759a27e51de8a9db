"""A control: registration as one writes it at first. It looks, and then it writes."""

from backend.education.choices import TAKING
from backend.education.models import LegalEducationEvent, Registration
from backend.people.models import Resident
from tests.imports.races.looking import as_a_page_comes_back


def naive_register(event: LegalEducationEvent, resident: Resident) -> str:
    """ "confirmed" if there seemed to be a place, else "full"."""
    taken = Registration.objects.filter(event=event, status__in=TAKING).count()
    if event.capacity is not None and taken >= event.capacity:
        return "full"
    as_a_page_comes_back()
    Registration.objects.create(
        community_id=event.community_id,
        code=f"{event.code}-{resident.pk}",
        event=event,
        resident=resident,
        name=resident.name,
        status="confirmed",
    )
    return "confirmed"
