"""What production must not have."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def refuse_demo_accounts() -> None:
    """Raises ImproperlyConfigured when a real installation holds the demo's accounts."""
    if settings.DEMO:
        return
    if not settings.ALLOWED_HOSTS:
        raise ImproperlyConfigured("set DJANGO_ALLOWED_HOSTS to the names this server answers to")
    try:
        found = get_user_model().objects.filter(is_demo=True, is_active=True).exists()
    except DatabaseError:
        return  # Not migrated yet: there is nobody at all.
    if found:
        raise ImproperlyConfigured(
            "this database holds the demo's accounts, whose passwords everybody knows; "
            "start from an empty database or deactivate them"
        )
