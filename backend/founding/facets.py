"""What of openings is shown where."""

from datetime import datetime

from django.conf import settings

from backend.core.access import SYSTEM
from backend.core.facets import Facets, register
from backend.core.holdings import Expiring, expires
from backend.founding.actions import discard
from backend.founding.choices import FoundingStatus
from backend.founding.models import Founding

register(
    Facets(
        Founding,
        listed=("community_name", "subdistrict", "status", "create", "made_at", "created_at"),
        searched=("community_name",),
        filtered=("status",),
        attachments=False,
    )
)


def give_up_old(before: datetime) -> int:
    """Gives up previews that nobody confirmed: their files name people. Answers how many."""
    old = list(Founding.objects.filter(status=FoundingStatus.READ, created_at__lt=before))
    for founding in old:
        discard(founding, by=SYSTEM)
    return len(old)


expires(Expiring("foundings", "没有确认的开通表格", settings.UPLOADS_KEPT_DAYS, give_up_old))
