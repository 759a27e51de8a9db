"""Choices of messages: values that never change, labels, badge colours."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a message reaches somebody. The inbox is always one of the ways."""

    INBOX = "inbox", _("站内信")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    WECHAT = "wechat", _("微信")


# Those that leave the house: the worker sends them, a person may switch them off.
OUTGOING: Final = (Channel.SMS, Channel.EMAIL, Channel.WECHAT)


class DeliveryState(TextChoices):
    """How far one outgoing message is."""

    PENDING = "pending", _("待发送")
    FAILED = "failed", _("失败，将重试")
    SENT = "sent", _("已发送")
    GIVEN_UP = "given_up", _("已放弃")


DELIVERY_COLOURS: Final = {
    DeliveryState.PENDING: "info",
    DeliveryState.FAILED: "warning",
    DeliveryState.SENT: "success",
    DeliveryState.GIVEN_UP: "danger",
}
