"""The ASGI application: subscriptions on the live side, everything else through the WSGI application.

One port for both. Queries stay synchronous, in threads: that is the faster way of the two.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware

from backend.wsgi import application as pages
from schema.main.live.view import live_api

LIVE_PATH = "/graphql/"
EVENT_STREAM = b"text/event-stream"
# SQLite has one writer, and two cores have little to share: more threads would only wait.
_THREADS = int(os.environ.get("LINLI_WEB_THREADS", "4"))
_pages: Any = WSGIMiddleware(pages, workers=_THREADS)  # type: ignore[arg-type]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Sends a connection to where it belongs."""
    kind = scope["type"]
    if kind == "lifespan":
        await _lifespan(receive, send)
    elif kind == "websocket":
        if scope["path"] == LIVE_PATH:
            await live_api(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4404})
    elif _is_stream(scope):
        await live_api(scope, receive, send)
    else:
        await _pages(scope, _as_coroutines(receive), _as_coroutines(send))


def _as_coroutines(do: Any) -> Any:
    """Granian answers with a future where the adapter to WSGI wants a coroutine."""

    async def called(*given: Any) -> Any:
        return await do(*given)

    return called


def _is_stream(scope: dict[str, Any]) -> bool:
    accepts = dict(scope["headers"]).get(b"accept", b"")
    return scope["path"] == LIVE_PATH and scope["method"] == "POST" and EVENT_STREAM in accepts


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
