"""Who stands at the admin door, and whether they may do something anywhere at all."""

from django.http import HttpRequest

from backend.core.access import Actor, scope

DOOR = "admin"


def actor(request: HttpRequest) -> Actor:
    """Who acts through the admin. Raises: not_allowed for nobody."""
    return Actor.of(request.user, DOOR)


def allowed(request: HttpRequest, action: str) -> bool:
    """Whether the user may do `action` anywhere at all."""
    return scope(request.user, action).anywhere


def allowed_everywhere(request: HttpRequest, action: str) -> bool:
    """Whether the user may do `action` in the whole installation: what belongs to no community."""
    return scope(request.user, action).everywhere
