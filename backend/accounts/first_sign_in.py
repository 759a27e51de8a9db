"""The first sign-in of a new account: its owner chooses the password, by a link that is used once.

Nobody else ever knows a password. The link names the account and what its password was when the link
was made (none); once one is chosen, no link opens anything any more.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core import gate
from backend.core.errors import RuleViolation

DAYS = 7
_SALT = "linli.first-sign-in"


def token_for(user: Any) -> str:
    """What stands in the link; another one each time, and all of them end together."""
    return signing.dumps([user.pk, _mark(user)], salt=_SALT)


def link_for(request: HttpRequest, user: Any) -> str:
    """The link, whole: it goes on paper."""
    return request.build_absolute_uri(reverse("first_sign_in", args=[token_for(user)]))


def owner_of(token: str) -> Any:
    """The account that a link opens. Raises: first_sign_in_over, whatever the reason."""
    try:
        pk, mark = signing.loads(token, salt=_SALT, max_age=DAYS * 24 * 60 * 60)
    except (signing.BadSignature, ValueError):
        raise _over() from None
    user = get_user_model()._default_manager.filter(pk=pk, is_active=True).first()
    if user is None or user.has_usable_password() or not constant_time_compare(mark, _mark(user)):
        raise _over()
    return user


def choose_password(token: str, password: str, again: str) -> Any:
    """The account, with the password that its owner has chosen.

    Raises: first_sign_in_over; passwords_differ; password_too_weak.
    """
    user = owner_of(token)
    if password != again:
        raise RuleViolation(
            "passwords_differ", "两次输入的密码不一样，请重新输入。", field="password2"
        )
    try:
        password_validation.validate_password(password, user)
    except ValidationError as weak:
        raise RuleViolation(
            "password_too_weak", "".join(weak.messages), field="password1"
        ) from None
    # If it still has none: of two who use the link together, one comes first.
    same = type(user)._default_manager.filter(pk=user.pk, password=user.password)
    if not gate.change_notes(same, password=make_password(password)):
        raise _over()
    return user


@never_cache
def first_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: choose a password, then sign in with it."""
    error = ""
    try:
        user = owner_of(token)
    except RuleViolation as violation:
        context = {"error": violation.message, "over": True}
        return render(request, "account/first_sign_in.html", context, status=410)
    if request.method == "POST":
        given = (request.POST.get("password1", ""), request.POST.get("password2", ""))
        try:
            choose_password(token, *given)
        except RuleViolation as violation:
            error = violation.message
        else:
            told = gettext("密码已设好。请用登录名 %(name)s 和刚才的密码登录。")
            messages.success(request, told % {"name": user.get_username()})
            return HttpResponseRedirect(reverse("account_login"))
    context = {"error": error, "person": user.first_name, "username": user.get_username()}
    return render(request, "account/first_sign_in.html", context | {"title": gettext("设置密码")})


def _mark(user: Any) -> str:
    return salted_hmac(_SALT, f"{user.pk} {user.password} {user.last_login}").hexdigest()[:16]


def _over() -> RuleViolation:
    return RuleViolation(
        "first_sign_in_over",
        "这张登录单已用过、已过期或已作废。忘了密码或没有用成，请找社区管理员重新要一张。",
    )
