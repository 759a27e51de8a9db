"""The live door: graphql-transport-ws over WebSocket, and server-sent events, at the main API's address."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import close_old_connections
from graphql import ExecutionResult, GraphQLError
from strawberry.asgi import GraphQL
from strawberry.types import ExecutionResult as Answered
from strawberry.types.execution import PreExecutionError

from backend.accounts.middleware import SESSION_HEADER
from backend.core.errors import RuleViolation
from backend.core.live import hub
from schema.main.live.answering import FINAL, Caller, look
from schema.main.live.documents import Asked, understand
from schema.main.live.doors import Sockets, allowed, body_of, once, refusal_of
from schema.main.schema import schema
from schema.requests import Refused

MOST_SUBSCRIPTIONS = 20
# Of this process. A community has some tens of screens that are open.
MOST_FOLLOWERS = 500
# Of them, by one token or cookie: some screens of one account leave room for everybody else.
MOST_OF_ONE = 100
# However much is written, nobody is answered more often.
SHORTEST_SECONDS = 0.3
# Rights are looked at again at least so often.
LONGEST_SECONDS = 60.0
# Looks at a time: each is a query of some milliseconds in a thread with a connection of its own.
THREADS = 4
_by_caller: Counter[str] = Counter()
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="linli-look")


class LiveSchema:
    """The main schema as the library's transports want one, of which they use `stream` alone."""

    def __getattr__(self, name: str) -> Any:
        return getattr(schema, name)

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        operation_name: str | None = None,
        **_: Any,
    ) -> AsyncGenerator[Any]:
        """The answers, the first at once; ends with the connection, or when nothing more may be seen."""
        return _follow(query, variable_values, operation_name, context_value)


async def _follow(
    document: str | None,
    variables: dict[str, Any] | None,
    operation_name: str | None,
    context: Any,
) -> AsyncGenerator[Any]:
    # The library puts there what `connection_init` said.
    caller = Caller(context["scope"], _headers(context.get("connection_params")))
    mark = caller.mark
    try:
        asked = understand(document, operation_name)
        if hub.count() >= MOST_FOLLOWERS or _by_caller[mark] >= MOST_OF_ONE:
            raise RuleViolation("too_many_requests", "正在订阅的太多，请关掉一些页面，或稍后再试。")
    except RuleViolation as violation:
        yield _not_begun(violation.message, violation.code)
        return
    except GraphQLError as error:
        yield _not_begun(error.message, "bad_request")
        return
    _by_caller[mark] += 1
    try:
        async with aclosing(_answers(asked, variables, caller)) as answers:
            async for answer in answers:
                yield answer
    finally:
        _by_caller[mark] -= 1
        if not _by_caller[mark]:
            del _by_caller[mark]


async def _answers(
    asked: Asked, variables: dict[str, Any] | None, caller: Caller
) -> AsyncGenerator[Any]:
    loop, shown = asyncio.get_running_loop(), b""
    pause = asked.follows.every_seconds or LONGEST_SECONDS
    async with hub.following(asked.follows.models) as woken:
        first = True
        while True:
            woken.clear()
            result = await loop.run_in_executor(_threads, _look, caller, asked, variables, first)
            codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
            if first and result.data is None:
                yield PreExecutionError(data=None, errors=result.errors)
                return
            told = orjson.dumps([result.data, sorted(map(str, codes))], default=str)
            if told != shown:
                shown = told
                yield Answered(data=result.data, errors=result.errors, extensions=None)
            if not first and not FINAL.isdisjoint(codes):
                return
            first = False
            await asyncio.sleep(SHORTEST_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await woken.wait()


def _look(
    caller: Caller, asked: Asked, variables: dict[str, Any] | None, first: bool
) -> ExecutionResult:
    # As at the beginning and the end of a request: a connection that has gone is made anew.
    close_old_connections()
    try:
        return look(caller, asked, variables, first=first)
    finally:
        close_old_connections()


def _not_begun(message: str, code: str) -> PreExecutionError:
    return PreExecutionError(data=None, errors=[GraphQLError(message, extensions={"code": code})])


class LiveView(GraphQL[Any, Any]):
    """The library's ASGI application over our answers."""

    graphql_transport_ws_handler_class = Sockets

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """A body is looked at before the library has it; a message, by `Sockets`."""
        if scope["type"] == "http":
            send = allowed(scope, send)
            try:
                receive = once(await body_of(scope, receive), receive)
            except Refused as refused:
                await refusal_of(refused)(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

    def decode_json(self, data: str | bytes) -> object:
        """A message, or None for one that is too large. Not the library's, which falls over nesting."""
        return None if len(data) > settings.GRAPHQL_MAX_BODY_BYTES else orjson.loads(data)

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data, default=str).decode()

    async def get_context(self, request: Any, response: Any) -> Any:
        """The connection; over a WebSocket `connection_init` may say a token besides."""
        return {"scope": dict(request.scope)}


def _headers(said: Any) -> dict[str, str]:
    """What `connection_init` says of who asks: the headers that a POST would have."""
    known = {SESSION_HEADER.lower(): SESSION_HEADER, "authorization": "Authorization"}
    found = said if isinstance(said, dict) else {}
    return {
        known[key.lower()]: value
        for key, value in found.items()
        if key.lower() in known and isinstance(value, str) and value.isascii() and len(value) < 500
    }


live_api = LiveView(
    LiveSchema(),  # type: ignore[arg-type]
    graphql_ide=None,
    allow_queries_via_get=False,
    subscription_protocols=("graphql-transport-ws", "graphql-sse"),
    connection_init_wait_timeout=timedelta(seconds=10),
    max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
)
