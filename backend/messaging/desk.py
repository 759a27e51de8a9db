"""What messages bring to 今日待办: the reader's own unread ones."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.waiting import Waiting, waiting
from backend.messaging.models import InboxMessage
from backend.messaging.queries import inbox_of


def unread(user: Any) -> QuerySet[Any]:
    """The messages that the user has not read."""
    return inbox_of(user).filter(read_at__isnull=True)


waiting(
    Waiting(
        code="unread_messages",
        label=_("未读的站内信"),
        act=_("看一看"),
        model=InboxMessage,
        rows=unread,
        title=F("title"),
        pressing=False,
        noted=False,
    )
)
