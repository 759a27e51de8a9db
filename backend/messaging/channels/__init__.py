"""The ways out of the house, one interface for all: which one is used is a setting."""

from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings

from backend.messaging.channels.console import ConsoleSender
from backend.messaging.channels.email import DjangoEmailSender
from backend.messaging.channels.file import FileSender
from backend.messaging.channels.message import Sender
from backend.messaging.channels.sms import HttpSmsSender
from backend.messaging.channels.wechat import WechatSender

OFF: Final = "off"
SENDERS: Final[Mapping[str, Callable[[], Sender]]] = {
    "console": ConsoleSender,
    "file": FileSender,
    "django": DjangoEmailSender,
    "http": HttpSmsSender,
    "wechat": WechatSender,
}


def sender_of(channel: str) -> Sender | None:
    """What sends by a channel here; None if it is switched off.

    Raises: LookupError for a setting that names no sender.
    """
    name = settings.MESSAGING_CHANNELS.get(channel, OFF)
    if name == OFF:
        return None
    if name not in SENDERS:
        raise LookupError(f"LINLI_{channel.upper()}_CHANNEL: one of {OFF}, {', '.join(SENDERS)}")
    return SENDERS[name]()
