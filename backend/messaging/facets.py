"""What of messages is shown where, and what becomes of it when its time is over."""

from typing import Any

from django.db.models import Q

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.messaging.models import Delivery, InboxMessage, MessageTemplate

KEPT_DAYS = 365

register(
    Facets(
        MessageTemplate,
        form=("community", "kind", "title", "body", "by_sms", "by_email", "by_wechat"),
        listed=("title", "kind", "community", "updated_at"),
        attachments=False,
    )
)


def _message_without_words(row: Any) -> dict[str, Any]:
    return {"title": "", "body": ""}


def _delivery_without_words(row: Any) -> dict[str, Any]:
    # What still waits is not sent any more: without an address the worker gives it up.
    return {"title": "", "body": "", "address": "", "masked_to": "", "values": {}}


# Bodies may name people. The rows stay, so that nobody is told twice and counts hold.
hold(
    Holding(
        code="inbox",
        model=InboxMessage,
        resident="user__resident",
        shown=("title", "body", "created_at", "read_at"),
        anonymous=_message_without_words,
        kept_days=KEPT_DAYS,
        since="created_at",
        done=lambda: Q(title="", body=""),
        label="站内信",
    )
)
hold(
    Holding(
        code="deliveries",
        model=Delivery,
        resident="resident",
        shown=("channel", "masked_to", "title", "body", "created_at", "sent_at"),
        anonymous=_delivery_without_words,
        kept_days=KEPT_DAYS,
        since="created_at",
        done=lambda: Q(title="", body="", address="", masked_to=""),
        label="发送记录",
    )
)
