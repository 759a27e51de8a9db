"""Lock-out after wrong passwords: django-axes, with limits for a person and for an address.

Its tables and logs hold no user name: people type their phone into that field. They hold a mask and
a keyed mark, by which the same name is known again.
"""

from datetime import timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from backend.accounts.sealing import fingerprint
from backend.core import gate
from backend.core.masking import mask_name, mask_phone

STATUS = 429


class LockoutBackend(AxesStandaloneBackend):
    """Refuses who is locked out, before any password is looked at."""

    def authenticate(
        self, request: Any, username: Any = None, password: Any = None, **kw: Any
    ) -> Any:
        # Without a request nobody comes from anywhere: that is a check within the house.
        if request is None:
            return None
        return super().authenticate(request, username, password, **kw)


class LockoutHandler(AxesDatabaseHandler):
    """Counts for the person at the address, and for the address with a higher limit of its own."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures, on the scale of the person's limit."""
        person, address = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        scaled = address * settings.AXES_FAILURE_LIMIT // settings.LOCKOUT_ADDRESS_LIMIT
        return max(person, scaled)

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forgets the person's failures alone: an own account must not clear an address."""
        person, _address = self.filter_user_attempts(request, credentials)
        return gate.drop_notes(person)


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, past the proxies that we trust and no further."""
    return get_client_ip(request)


def name_in_the_books(request: Any, credentials: dict[str, Any] | None = None) -> str | None:
    """How the name of a failed sign-in is written down."""
    name = str((credentials or {}).get("username") or "").strip().lower()
    if not name:
        return None
    shown = mask_phone(name) if name.isdigit() else mask_name(name)
    return f"{shown} #{fingerprint(name)}"


def locked_out(request: HttpRequest, original: Any = None, credentials: Any = None) -> HttpResponse:
    """What who is locked out is told, as a page or for an app."""
    minutes = int(timedelta.total_seconds(settings.AXES_COOLOFF_TIME) // 60)
    if request.path.startswith("/_allauth/"):
        message = _("密码错的次数太多，请 %(minutes)d 分钟后再试。") % {"minutes": minutes}
        error = {"code": "locked_out", "message": message}
        return JsonResponse({"status": STATUS, "errors": [error]}, status=STATUS)
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=STATUS)


def attempts_older_than(moment: Any) -> Any:
    """Failures that lock nobody out any more."""
    return AccessAttempt.objects.filter(attempt_time__lt=moment)
