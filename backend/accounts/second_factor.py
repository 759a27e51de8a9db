"""Who needs a second factor, and whether the caller has shown one."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from backend.core.errors import RuleViolation
from backend.core.roles import SEES_PEOPLE
from backend.people.models import CommunityRole

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: Any) -> bool:
    """Whether the account has a second factor at all."""
    return is_mfa_enabled(user, list(KINDS))


def needs_one(user: Any) -> bool:
    """Whether the account must have one: it sees personal data, or administers the installation."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    held = CommunityRole.objects.held_by(user).values_list("role", flat=True)
    return any(role in SEES_PEOPLE for role in held)


def was_shown(request: HttpRequest) -> bool:
    """Whether this very session came in with a second factor."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record.get("method") == "mfa" for record in records)


def is_missing(request: HttpRequest) -> bool:
    """Whether the caller must show a second factor before anything else."""
    if not needs_one(request.user):
        return False
    if getattr(request, "api_key", None) is not None:
        # A program has no second factor; its owner showed theirs to make the key.
        return not has_one(request.user)
    return not was_shown(request)


def must_be_shown(request: HttpRequest) -> None:
    """Raises: second_factor_required unless this session came with a second factor."""
    if settings.SECOND_FACTOR_REQUIRED and not was_shown(request):
        raise required()


def required() -> RuleViolation:
    """The refusal for lack of a second factor."""
    return RuleViolation(
        "second_factor_required",
        "您的岗位能看到居民个人信息，需要先设置并通过两步验证：打开 /accounts/2fa/ 按提示操作。",
    )


def note_new_one(
    sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kw: Any
) -> None:
    """Takes a factor just set up as shown: its owner has typed its code or touched its key."""
    if authenticator.type in KINDS:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )
