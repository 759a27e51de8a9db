"""Whether the settings of messages can be meant: said when the server starts, not at the first message."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from backend.messaging.channels import OFF, SENDERS
from backend.messaging.channels.sms import HttpSmsSender
from backend.messaging.channels.wechat import WechatSender


def settings_can_be_meant(**_: Any) -> list[CheckMessage]:
    """One error for each setting that no message could be sent by."""
    found: list[CheckMessage] = [
        Error(
            f"LINLI_{channel.upper()}_CHANNEL is {name!r}, which names no sender.",
            hint=f"One of {OFF}, {', '.join(SENDERS)}.",
            id="messaging.E001",
        )
        for channel, name in settings.MESSAGING_CHANNELS.items()
        if name != OFF and name not in SENDERS
    ]
    if not _are_hours(settings.QUIET_HOURS):
        found.append(
            Error("LINLI_QUIET_HOURS are no hours.", hint="21:00-08:00, or -.", id="messaging.E002")
        )
    for name, make in (("LINLI_SMS_…", HttpSmsSender), ("LINLI_WECHAT_TEMPLATES", WechatSender)):
        try:
            make()
        except (TypeError, AttributeError):
            found.append(
                Error(
                    f"{name} has not the shape that it should have.",
                    hint="README.md, In production.",
                    id="messaging.E003",
                )
            )
    return found


def _are_hours(text: str) -> bool:
    if text == "-":
        return True
    try:
        parts = [time.fromisoformat(part) for part in text.split("-")]
    except ValueError:
        return False
    return len(parts) == 2
