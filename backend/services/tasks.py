"""Work of bookings that falls due by itself: offers whose time is up, places left over, reminders."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import daily, every
from backend.services.booking import give_places, take_back_offer
from backend.services.choices import BookingStatus, SlotStatus
from backend.services.models import ServiceBooking, Slot, SlotRule
from backend.services.queries import slots_with_places_to_give
from backend.services.scheduling import apply_rule
from backend.services.telling import tell_all

REMIND_BEFORE = timedelta(days=1)
WORKER = SYSTEM.through("worker")


@daily
@task()
def make_slots_ahead() -> int:
    """Makes the slots that rules say, up to each item's furthest day; answers how many.

    A transaction a rule, under its lock: each occurrence once, whoever runs it.
    """
    rules = SlotRule.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    )
    return sum(len(apply_rule(rule, by=WORKER).made) for rule in rules.order_by("pk"))


@every(timedelta(minutes=2))
@task()
def take_back_offers() -> int:
    """Takes back held places whose time is up, for the next in line; answers how many.

    A transaction an offer: killed, each is taken back and given on, or stands.
    """
    due = ServiceBooking.objects.filter(
        status=BookingStatus.OFFERED, held_until__lte=timezone.now()
    ).order_by("held_until", "pk")
    return sum(take_back_offer(booking, by=WORKER) is not None for booking in due)


@every(timedelta(minutes=5))
@task()
def give_left_service_places() -> int:
    """Gives places that are free though people wait; answers how many bookings got one.

    Verbs give them at once. This is for what comes by other ways: a capacity raised by a
    spreadsheet, an item that is open again.
    """
    return sum(len(give_places(pk, by=WORKER)) for pk in slots_with_places_to_give(timezone.now()))


@every(timedelta(minutes=30))
@task()
def remind_of_bookings() -> int:
    """Reminds those who have a place of the slots of the next day; answers how many were told now.

    A transaction a slot, and one message a person and date of the slot.
    """
    now = timezone.now()
    due = Slot.objects.filter(
        status=SlotStatus.OPEN, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE
    )
    told = 0
    for slot in due.order_by("pk"):
        with transaction.atomic():
            # Locked and read anew: nobody is reminded of what has just been called off.
            fresh = gate.hold(slot)
            if fresh.status != SlotStatus.OPEN:
                continue
            coming = ServiceBooking.objects.filter(slot=slot, status=BookingStatus.CONFIRMED)
            day = f"{timezone.localtime(fresh.starts_at):%Y%m%d%H%M}"
            told += tell_all(fresh, coming, "service_reminder", f"slot {slot.pk} reminder {day}")
    return told
