"""Work of red partners that falls due by itself: beginnings, ends, and reminders of ends."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import daily
from backend.messaging.actions import Recipient, tell
from backend.partners import actions, rules
from backend.partners.choices import AgreementStatus
from backend.partners.models import CoBuildingAgreement
from backend.partners.queries import accounts_to_remind

WORKER = SYSTEM.through("worker")


@daily
@task()
def keep_agreements() -> int:
    """Begins what begins, ends what has ended, reminds of ends; answers how many agreements.

    A transaction an agreement, judged by the row as it then stands: a killed worker leaves the rest
    to the next run, and twice does nothing twice.
    """
    today = timezone.localdate()
    agreements = CoBuildingAgreement.objects.order_by("pk")
    beginning = agreements.filter(status=AgreementStatus.SIGNED, starts_on__lte=today)
    done = sum(_begin(row, today) for row in beginning)
    ended = agreements.filter(status=AgreementStatus.ACTIVE, ends_on__lt=today)
    done += sum(_end(row, today) for row in ended)
    return done + sum(_remind(row, today) for row in agreements.near_their_end(today))


def _begin(agreement: CoBuildingAgreement, today: date) -> bool:
    with transaction.atomic():
        fresh = gate.hold(agreement)
        if fresh.status != AgreementStatus.SIGNED or fresh.starts_on > today:
            return False
        actions.activate(fresh, by=WORKER)
    return True


def _end(agreement: CoBuildingAgreement, today: date) -> bool:
    with transaction.atomic():
        fresh = gate.hold(agreement)
        if not rules.is_overdue(fresh.status, fresh.ends_on, today):
            return False
        actions.expire(fresh, by=WORKER)
    return True


def _remind(agreement: CoBuildingAgreement, today: date) -> bool:
    """Tells the partner's contacts and the office, once a reminder."""
    with transaction.atomic():
        fresh = gate.hold(agreement)
        due = rules.reminder_due(fresh.status, fresh.ends_on, fresh.remind_days, today)
        # A renewal in the drawer is the answer to the reminder.
        if due is None or fresh.renewals.exclude(status=AgreementStatus.TERMINATED).exists():
            return False
        told = tell(
            [Recipient(user=user) for user in accounts_to_remind(fresh)],
            "agreement_renewal",
            {
                "partner": fresh.partner.organization.name,
                "agreement": fresh.title,
                "ends_on": f"{fresh.ends_on:%Y-%m-%d}",
                "days": str((fresh.ends_on - today).days),
            },
            community=fresh.community,
            once_key=f"agreement {fresh.pk} {due} {fresh.ends_on:%Y%m%d}",
            about=fresh,
        )
    return told > 0
