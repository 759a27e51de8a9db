"""Work of stations that falls due by itself: refills not yet raised, and refills that are late."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import daily
from backend.stations.choices import RefillStatus
from backend.stations.models import Refill, StationStock
from backend.stations.refilling import raise_refill, tell_of

WORKER = SYSTEM.through("worker")


@daily
@task()
def raise_due_refills() -> int:
    """Raises refills of stocks that are low and have none; answers how many.

    Entries raise them at once. This is for what comes by other ways: a threshold that was raised, a
    station that opens again. A transaction a stock, under its lock.
    """
    rows: Any = StationStock.objects.all()
    low = rows.with_threshold().filter(balance__lte=F("threshold"))
    made = 0
    for stock in low.exclude(refills__status=RefillStatus.OPEN).order_by("pk"):
        with transaction.atomic():
            made += raise_refill(gate.hold(StationStock(pk=stock.pk)), by=WORKER) is not None
    return made


@daily
@task()
def remind_of_late_refills() -> int:
    """Reminds of refills whose day is over, once a day of delay; answers how many were told now."""
    today = timezone.localdate()
    late = Refill.objects.filter(status=RefillStatus.OPEN, due_on__lt=today).order_by("pk")
    told = 0
    for refill in late:
        with transaction.atomic():
            fresh = gate.hold(refill)
            if fresh.status == RefillStatus.OPEN and fresh.due_on < today:
                told += tell_of(fresh, "refill_overdue", f"late {fresh.due_on} {today}")
    return told
