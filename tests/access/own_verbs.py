"""Inputs for the verbs on one's own sessions, keys and entry, as `verbs.ASKED` wants them."""

import datetime
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.accounts.models import ApiKey
from tests.access.world import HOME, row_of


def _new_key() -> dict[str, Any]:
    end = timezone.now() + datetime.timedelta(days=7)
    return {
        "name": "社区大屏",
        "scopes": ["places.see"],
        "expiresAt": end.isoformat(),
        "idempotencyKey": "cell",
    }


def _key() -> dict[str, Any]:
    key = row_of(ApiKey, HOME)
    assert key is not None
    return {"apiKeyId": to_base64("ApiKey", key.pk)}


VERBS: dict[str, tuple[Any, ...]] = {
    # One's own sessions, keys, entry in the roster: everybody's who is signed in.
    "revokeSession": (None, lambda: {"sessionId": "987654321"}),
    "revokeOtherSessions": (None, lambda: {"reason": "丢了手机"}),
    "claimResident": (None, lambda: {"community": HOME, "name": "钱若水"}),
    "createApiKey": (None, _new_key),
    # The key of somebody else.
    "revokeApiKey": ("accounts.edit", _key),
}
