"""Who comes by a token or a key, and who still owes a second factor."""

import json
from collections.abc import Callable
from typing import Any

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from backend.accounts import actions, bad_tokens, second_factor
from backend.accounts.keys import MARK
from backend.accounts.queries import key_of
from backend.core.masking import mask_phone

Answer = Callable[[HttpRequest], Any]
SESSION_HEADER = "X-Session-Token"


def refused(status: int, code: str, message: str, **told: Any) -> HttpResponse:
    """A refusal in the shape of a GraphQL answer, for programs."""
    error = {"message": message, "extensions": {"code": code, **told}}
    response = JsonResponse({"data": None, "errors": [error]}, status=status)
    if "retryAfter" in told:
        response["Retry-After"] = str(told["retryAfter"])
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


class TokenSignIn:
    """Signs in who brings a session token or an API key, at the addresses for programs alone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if not request.path.startswith(settings.TOKEN_PATHS):
            return self.get_response(request)
        scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
        key = bearer.strip() if scheme.lower() == "bearer" else ""
        if key.startswith(f"{MARK}_"):
            return _too_many(request, key) or self._by_key(request, key)
        token = request.headers.get(SESSION_HEADER)
        if token:
            return _too_many(request, token) or self._by_session(request, token)
        return self.get_response(request)

    def _by_key(self, request: Any, token: str) -> Any:
        key = key_of(token)
        if key is None:
            said = refused(401, "key_invalid", "接口密钥不对、已过期或已停用，请换一个。")
            return _wait(bad_tokens.opened_nothing(request)) or said
        bad_tokens.opened(token)
        actions.note_use(key)
        user: Any = key.owner
        # What the owner may do and the key does not name is nobody's: see access.scope.
        user.limited_to = frozenset(key.scopes)
        request.user = user
        request.api_key = key
        _spare_csrf(request)
        return self.get_response(request)

    def _by_session(self, request: Any, token: str) -> Any:
        found = authenticate_by_x_session_token(token)
        if found is None:
            said = refused(401, "session_invalid", "登录已失效，请重新登录。")
            return _wait(bad_tokens.opened_nothing(request)) or said
        bad_tokens.opened(token)
        cookie_session = request.session
        request.user, request.session = found
        _spare_csrf(request)
        try:
            return self.get_response(request)
        finally:
            # Only read here; it changes at /_allauth/ alone. The cookie's session goes out as it came in: a token makes no cookie.
            request.session = cookie_session


def _too_many(request: Any, token: str) -> HttpResponse | None:
    """The refusal of a token that is not looked up, for its address has sent too many that open nothing."""
    return _wait(bad_tokens.seconds_to_wait(request, token))


def _wait(seconds: int | None) -> HttpResponse | None:
    if seconds is None:
        return None
    message = f"登录凭证或接口密钥无效的请求太多，请 {seconds} 秒后再试。"
    return refused(429, "too_many_requests", message, retryAfter=seconds)


def _spare_csrf(request: Any) -> None:
    # No page of another site can send these headers; with a cookie beside them, the cookie's rules hold.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        request._dont_enforce_csrf_checks = True


class MaskedMethods:
    """Masks the number in allauth's answers: they tell by which phone somebody came in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if not request.path.startswith("/_allauth/") or not isinstance(response, JsonResponse):
            return response
        answer = json.loads(response.content)
        data = answer.get("data")
        methods = data.get("methods", ()) if isinstance(data, dict) else ()
        told = [method for method in methods if method.get("phone")]
        for method in told:
            method["phone"] = mask_phone(method["phone"])
        if told:
            response.content = json.dumps(answer, ensure_ascii=False).encode()
        return response


# Where one can go without the second factor: to show it, to set it up, to leave.
OPEN_PATHS = (
    "/accounts/",
    "/_allauth/",
    "/i18n/",
    "/static/",
    "/healthz",
    "/readyz",
    "/open-data/",
)


class SecondFactor:
    """Keeps out who must show a second factor and has not, and says where to do it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if (
            not settings.SECOND_FACTOR_REQUIRED
            or request.path.startswith(OPEN_PATHS)
            or not second_factor.is_missing(request)
        ):
            return self.get_response(request)
        if request.path.startswith(settings.TOKEN_PATHS):
            violation = second_factor.required()
            return refused(403, violation.code, violation.message)
        if second_factor.has_one(request.user):
            where = reverse("mfa_reauthenticate")
        else:
            messages.warning(request, _("您的岗位能看到居民个人信息，设置两步验证之后才能继续。"))
            where = reverse("mfa_index")
        return HttpResponseRedirect(f"{where}?next={request.path}")
