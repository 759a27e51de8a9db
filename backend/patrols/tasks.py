"""Work of patrols that falls due by itself: the digests of days with rounds and no digest yet."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.core.routines import every
from backend.patrols.choices import PatrolStatus
from backend.patrols.digesting import draft_digest
from backend.patrols.models import DailyDigest, Patrol
from backend.places.models import Estate

WORKER = SYSTEM.through("worker")
EVENING = 18
HOUR = timedelta(hours=1)


@every(HOUR)
@task()
def draft_evening_digests() -> int:
    """Drafts what has no digest yet; answers how many."""
    return draft_due(timezone.localtime())


def draft_due(now: datetime) -> int:
    """Drafts the digests of estates whose rounds of the day are finished; answers how many.

    Today's from the evening on, and yesterday's. Where a round is still open, it waits for it until
    the next day; a draft that somebody wrote stays. `now` is local.
    """
    today = now.date()
    days = [today - timedelta(days=1), *([today] if now.hour >= EVENING else [])]
    made = 0
    for day in days:
        for estate in _without_digest(day, whole=day == today):
            try:
                with transaction.atomic():
                    draft_digest(estate, day, by=WORKER)
            except RuleViolation as refused:
                if refused.code != "digest_taken":
                    raise
            else:
                made += 1
    return made


def _without_digest(day: date, *, whole: bool) -> list[Estate]:
    rounds = Patrol.objects.filter(estate=OuterRef("pk"), day=day)
    digests = DailyDigest.objects.filter(estate=OuterRef("pk"), day=day)
    rows = Estate.objects.filter(
        Exists(rounds.filter(status=PatrolStatus.FINISHED)), ~Exists(digests)
    )
    if whole:
        rows = rows.filter(~Exists(rounds.filter(status=PatrolStatus.OPEN)))
    return list(rows.order_by("pk"))
