"""Inputs for the verbs on public notices, as `verbs.ASKED` wants them."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.notices import actions
from backend.notices.models import PublicNotice
from backend.places.models import Community
from tests.access.world import HOME

WEEK = datetime.timedelta(days=7)
KEY = {"idempotencyKey": "cell"}
Given = Callable[[], dict[str, Any]]


def _draft() -> PublicNotice:
    home = Community.objects.get(code=HOME)
    row = PublicNotice(
        community=home, title="停水通知", body="检修停水。", until=timezone.localdate() + WEEK
    )
    return gate.save(row, by=SYSTEM)


def _out() -> PublicNotice:
    return actions.publish(_draft(), by=SYSTEM)


def _down() -> PublicNotice:
    return actions.withdraw(_out(), by=SYSTEM, reason="时间有误")


def _new() -> dict[str, Any]:
    """A notice of next week."""
    return {
        "community": HOME,
        "kind": "NOTICE",
        "title": "停电通知",
        "body": "检修停电。",
        "until": (timezone.localdate() + WEEK).isoformat(),
        **KEY,
    }


def _on(make: Callable[[], PublicNotice], **more: Any) -> Given:
    return lambda: {"noticeId": to_base64("PublicNotice", make().pk), **more}


SEEN = ("notices.see",)
VERBS: dict[str, tuple[Any, ...]] = {
    "createPublicNotice": ("notices.edit", _new, ("places.see",)),
    "updatePublicNotice": ("notices.edit", _on(_draft, body="改到周日停水。"), SEEN),
    "publishPublicNotice": ("notices.publish", _on(_draft), SEEN),
    "withdrawPublicNotice": ("notices.publish", _on(_out, reason="时间有误"), SEEN),
    "revisePublicNotice": ("notices.move", _on(_down), SEEN),
    "removePublicNotice": ("notices.delete", _on(_draft), SEEN),
}
