"""What is asked of a body or a message before anything is followed: the same as of a POST for a query.

The library would answer what is of another shape by a traceback, and read a body of whatever size.
"""

from typing import Any

import orjson
from django.conf import settings
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from schema.main.trusted import document_of
from schema.requests import (
    Refused,
    bad_request,
    document_fits,
    one_operation,
    read_json,
    told,
    too_large,
)

# The ids of a connection's subscriptions are the client's own: a UUID, as a rule.
_LONGEST_ID = 200
_NEEDS_ID = ("subscribe", "complete")


def operation_of(given: Any) -> dict[str, Any]:
    """The operation that somebody wants to follow, with the text of its document.

    Raises: Refused.
    """
    operation = one_operation(given)
    document = document_of(operation)
    if document is None:
        raise bad_request("请求里没有 query。")
    document_fits(document)
    names = ("variables", "operationName")
    return {"query": document, **{name: operation.get(name) for name in names}}


async def body_of(scope: Any, receive: Any) -> bytes:
    """The body of a POST for server-sent events, as far as it may be. Raises: Refused."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip() != b"application/json":
        raise bad_request("请用 Content-Type: application/json。", 415)
    limit, body, more = settings.GRAPHQL_MAX_BODY_BYTES, bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > limit:
            raise too_large("请求的字节数", limit)
    return orjson.dumps(operation_of(read_json(bytes(body))))


def refusal_of(refused: Refused) -> Response:
    """The refusal in the shape that a POST for a query has."""
    found = told(refused)
    return Response(found.content, found.status_code, dict(found.items()))


def once(body: bytes, receive: Any) -> Any:
    """A connection whose body was read: it gives `body`, then what else comes (that it is gone)."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Any:
        return waiting.pop() if waiting else await receive()

    return received


def allowed(scope: Any, send: Any) -> Any:
    """`send`, with leave for pages of the origins that the installation names.

    The stream does not come through Django, where that is said of all other answers.
    """
    origin = dict(scope["headers"]).get(b"origin", b"")
    if origin.decode("latin-1") not in settings.CORS_ALLOWED_ORIGINS:
        return send
    leave = [(b"access-control-allow-origin", origin), (b"vary", b"origin")]

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *leave]}
        await send(message)

    return sent


class Sockets(BaseGraphQLTransportWSHandler[Any, Any]):
    """The library's protocol; what is of another shape closes the connection, or is told why not."""

    async def handle_message(self, message: Any) -> None:
        """A message that is none closes with 4400, as the protocol has it."""
        if _is_message(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Invalid message, or larger than a request may be")

    async def handle_subscribe(self, message: Any) -> None:
        """Begins to follow, or says in an error with a code why not."""
        if self.connection_acknowledged and message["id"] not in self.operations:
            try:
                message["payload"] = self._asked(message)
            except Refused as refused:
                said = {"code": refused.code, **refused.told}
                error = GraphQLError(refused.message, extensions=said)
                await self.send_message(
                    {"id": message["id"], "type": "error", "payload": [error.formatted]}
                )
                return
        await super().handle_subscribe(message)

    def _asked(self, message: Any) -> dict[str, Any]:
        most = self.max_subscriptions_per_connection
        if most is not None and len(self.operations) >= most:
            raise Refused(429, "too_many_requests", f"一个连接最多同时订阅 {most} 项。")
        return operation_of(message.get("payload"))


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in _NEEDS_ID:
        return True
    key = message.get("id")
    return isinstance(key, str) and 0 < len(key) <= _LONGEST_ID
