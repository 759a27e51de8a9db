"""What personal rights bring to 今日待办: what people asked of their own data."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.core.personal import masked
from backend.privacy.choices import RequestStatus
from backend.privacy.models import SubjectRequest


def _open(user: Any) -> QuerySet[Any]:
    return rows_to_do(SubjectRequest, user, "move").filter(status=RequestStatus.RECEIVED)


waiting(
    Waiting(
        code="subject_requests",
        label=_("待答复的本人请求"),
        act=_("去办理"),
        model=SubjectRequest,
        rows=_open,
        title=masked("name", "resident__name"),
        about=F("code"),
    )
)
findable(Findable(SubjectRequest, "contact_page", F("code"), masked("name", "resident__name")))
