"""Named reads of places."""

from django.conf import settings

from backend.places.models import Community


def community_for_command_line() -> Community | None:
    """The community a command means when none is named: the only one, else the demo's `xinhe`."""
    some = list(Community.objects.order_by("pk")[:2])
    if len(some) == 1:
        return some[0]
    return Community.objects.filter(code="xinhe").first() if settings.DEMO else None
