"""Work of events that falls due by itself: reminders, and places that nobody has given yet."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import every
from backend.education.choices import EventStatus, RegistrationStatus
from backend.education.models import LegalEducationEvent, Registration
from backend.education.queries import events_with_places_to_give
from backend.education.registering import give_places
from backend.education.telling import tell_all

REMIND_BEFORE = timedelta(days=1)
WORKER = SYSTEM.through("worker")


@every(timedelta(minutes=30))
@task()
def remind_of_events() -> int:
    """Reminds those who have a place of the events of the next day; answers how many were told now.

    A transaction an event, and one message a person and date of the event: a killed worker leaves
    the rest to the next run, and an event that is put off is reminded of anew.
    """
    now = timezone.now()
    due = LegalEducationEvent.objects.filter(
        status=EventStatus.OPEN, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE
    )
    told = 0
    for event in due.order_by("pk"):
        with transaction.atomic():
            # Locked and read anew: nobody is reminded of what has just been cancelled or withdrawn.
            fresh = gate.hold(event)
            if fresh.status != EventStatus.OPEN:
                continue
            coming = Registration.objects.filter(event=event, status=RegistrationStatus.CONFIRMED)
            day = f"{timezone.localtime(event.starts_at):%Y%m%d%H%M}"
            told += tell_all(event, coming, "event_reminder", f"event {event.pk} reminder {day}")
    return told


@every(timedelta(minutes=5))
@task()
def give_left_places() -> int:
    """Gives places that are free though people wait; answers how many registrations got one.

    Verbs give them at once. This is for what comes by other ways: a capacity raised by a
    spreadsheet, an event whose setting changed.
    """
    return sum(len(give_places(pk, by=WORKER)) for pk in events_with_places_to_give())
