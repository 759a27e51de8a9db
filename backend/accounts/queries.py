"""Reads on coming in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import F, QuerySet

from backend.accounts.keys import fits, taken_apart
from backend.accounts.models import ApiKey

# Compared with when there is no such key, so that an unknown prefix takes as long as a wrong secret.
_NO_DIGEST = "0" * 64


def key_of(token: str) -> ApiKey | None:
    """The living key that a token opens, its owner at hand; None for a wrong, ended or revoked one."""
    parts = taken_apart(token)
    if parts is None:
        return None
    prefix, secret = parts
    key = ApiKey.objects.select_related("owner", "use").filter(prefix=prefix).first()
    if not fits(secret, key.digest if key else _NO_DIGEST) or key is None:
        return None
    return key if key.is_alive and key.owner.is_active else None


def keys_seen_by(user: Any) -> QuerySet[ApiKey]:
    """The keys that `user` may see, each with `last_used_at`."""
    return ApiKey.objects.visible_to(user).annotate(last_used_at=F("use__last_used_at"))  # type: ignore[no-any-return]


def sessions_of(user: Any) -> list[UserSession]:
    """The living sessions of `user`, pages and apps alike, newest first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.created_at, reverse=True)


_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A device as its owner would call it: "Chrome · Windows"; its own words if it is none of those."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or user_agent[:40] or "—"
