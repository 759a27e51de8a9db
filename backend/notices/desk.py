"""What the notice board brings to 今日待办: drafts that wait for a publisher, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.notices.choices import NoticeStatus
from backend.notices.models import PublicNotice
from backend.notices.states import PUBLISH


def _to_publish(user: Any) -> QuerySet[Any]:
    return rows_to_do(PublicNotice, user, PUBLISH).filter(status=NoticeStatus.DRAFT)


waiting(
    Waiting(
        code="notices_to_publish",
        label=_("待发布的公示公告"),
        act=_("发布"),
        model=PublicNotice,
        rows=_to_publish,
        title=F("title"),
        about=F("estate__name"),
        due=F("until"),
        # To its page: whoever answers for it reads it before it goes up.
    )
)
findable(Findable(PublicNotice, "campaign", F("title"), F("estate__name")))
