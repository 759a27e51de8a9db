"""Work of volunteers that falls due by itself: reminders."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.routines import every
from backend.volunteers.choices import OPEN
from backend.volunteers.models import Assignment
from backend.volunteers.telling import tell_assigned

REMIND_BEFORE = timedelta(days=1)


@every(timedelta(minutes=30))
@task()
def remind_of_assignments() -> int:
    """Reminds volunteers of what they are asked to do within a day; answers how many were told now.

    A transaction an assignment, and one message a date of it.
    """
    now = timezone.now()
    due = Assignment.objects.filter(
        status__in=OPEN, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE
    )
    told = 0
    for assignment in due.order_by("pk"):
        with transaction.atomic():
            # Locked and read anew: nobody is reminded of what has just been called off.
            fresh = gate.hold(assignment)
            if fresh.status not in OPEN:
                continue
            day = f"{timezone.localtime(fresh.starts_at):%Y%m%d%H%M}"
            told += tell_assigned(fresh, "volunteer_reminder", f"reminder {day}")
    return told
