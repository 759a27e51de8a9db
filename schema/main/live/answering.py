"""Answering one look of a subscription: the query, as if it had been posted anew just now.

Who asks is looked up each time, so somebody who has signed out, or lost a role, sees nothing more.
Everything that holds for a query holds here: limits, masks, the log of what was shown in full.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, parse_cookie
from django.utils import translation
from django.utils.module_loading import import_string
from graphql import ExecutionResult, GraphQLError
from strawberry.django.context import StrawberryDjangoContext

from backend.accounts.middleware import SESSION_HEADER
from schema.main.live.documents import Asked
from schema.main.schema import schema
from schema.requests import Refused, caller_kept

# What tells who asks, of the middleware of the whole house.
_SIGN_IN = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.accounts.middleware.TokenSignIn",
    "backend.accounts.middleware.SecondFactor",
)
# Codes after which the subscription ends: asking again would be refused again.
FINAL = frozenset({"session_invalid", "key_invalid", "second_factor_required", "not_allowed"})


@dataclass(frozen=True)
class Caller:
    """A connection: its ASGI scope, and what `connection_init` said, by header."""

    scope: dict[str, Any]
    said: dict[str, str]

    @property
    def mark(self) -> str:
        """What tells one caller from others before it is known who that is: the token, else the
        session's cookie. Nobody without either is shown anything.
        """
        sent = {name.decode("latin-1"): value for name, value in self.scope["headers"]}
        given = {name.lower(): value for name, value in self.said.items()}
        for name in ("authorization", SESSION_HEADER.lower()):
            token = given.get(name) or sent.get(name, b"").decode("latin-1")
            if token:
                return token
        cookies = parse_cookie(sent.get("cookie", b"").decode("latin-1"))
        return str(cookies.get(settings.SESSION_COOKIE_NAME, ""))

    def request(self) -> Any:
        """The connection as a request that Django's own sign-in can look at."""
        headers = [(k, v) for k, v in self.scope["headers"] if k.lower() not in _OF_THE_BODY]
        headers += [(k.lower().encode(), v.encode()) for k, v in self.said.items()]
        scope = dict(self.scope) | {"type": "http", "method": "POST", "headers": headers}
        scope.setdefault("scheme", "http")
        return ASGIRequest(scope, io.BytesIO())


_OF_THE_BODY = (b"content-length", b"content-type", b"transfer-encoding")


def is_from_elsewhere(request: Any) -> bool:
    """Whether a page of another site has opened the connection with the reader's cookie.

    A browser sends cookies with a WebSocket whoever opens it, and asks no server for leave.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.headers.get(SESSION_HEADER):
        return False
    origin = request.headers.get("Origin")
    if not origin:
        return True
    return urlsplit(origin).netloc != request.get_host() and (
        origin not in settings.CSRF_TRUSTED_ORIGINS
    )


def look(
    caller: Caller, asked: Asked, variables: dict[str, Any] | None, *, first: bool = False
) -> ExecutionResult:
    """What the query answers now. The first look counts as one of the caller's requests."""
    request = caller.request()
    if is_from_elsewhere(request):
        return _refused("not_allowed", "请从本站的页面连接，或使用令牌。")
    request.live_question = (asked, variables, first)
    with translation.override(settings.LANGUAGE_CODE):
        response = _chain()(request)
    answered: ExecutionResult | None = getattr(response, "live_answer", None)
    return answered if answered is not None else _of_refusal(response)


@cache
def _chain() -> Any:
    chain: Any = _answer
    for path in reversed(_SIGN_IN):
        chain = import_string(path)(chain)
    return chain


def _answer(request: Any) -> Any:
    asked, variables, first = request.live_question
    if first:
        try:
            caller_kept(request)
        except Refused as refused:
            response: Any = HttpResponse()
            response.live_answer = _refused(refused.code, refused.message, **refused.told)
            return response
    if not request.user.is_authenticated:
        response = HttpResponse()
        response.live_answer = _refused("not_allowed", "请先登录。")
        return response
    response = HttpResponse()
    response.live_answer = schema.execute_sync(
        asked.query,
        variable_values=variables,
        context_value=StrawberryDjangoContext(request=request, response=response),
    )
    return response


def _of_refusal(response: Any) -> ExecutionResult:
    """What the middleware said instead of an answer."""
    try:
        said = orjson.loads(response.content)["errors"][0]
        return _refused(message=said["message"], **said["extensions"])
    except (orjson.JSONDecodeError, KeyError):  # a page for people
        return _refused("not_allowed", "请先登录。")


def _refused(code: str, message: str, **more: Any) -> ExecutionResult:
    error = GraphQLError(message, extensions={"code": code, **more})
    return ExecutionResult(data=None, errors=[error])
