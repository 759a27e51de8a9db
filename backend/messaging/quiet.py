"""Quiet hours: when nobody's phone is to ring for an ordinary message."""

from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.utils import timezone

from backend.messaging.choices import Channel
from backend.messaging.rules import quiet_until

# A phone rings for these; an e-mail waits to be looked at.
RINGING: Final = (Channel.SMS, Channel.WECHAT)


def first_moment_for(channel: str, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which a ringing channel would fall."""
    if channel not in RINGING or settings.QUIET_HOURS == "-":
        return moment
    starts, ends = (time.fromisoformat(part) for part in settings.QUIET_HOURS.split("-"))
    return quiet_until(timezone.localtime(moment), starts, ends) or moment
