"""A provider's stand-in on this machine: a real server that answers as it is told to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return orjson.loads(self.body)


@dataclass
class Provider:
    """What a stand-in was asked, and what it says to each path: status and JSON, in turn."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    # A path (without its query) -> answers; the last one is given for ever.
    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    slow_seconds: float = 0

    def answer_to(self, path: str) -> tuple[int, Any]:
        """The next answer for a path."""
        waiting = self.answers.get(path, [(404, {})])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def provider() -> Iterator[Provider]:
    """A stand-in that runs within the block."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append(Asked(self.path, headers, body))
            time.sleep(told.slow_seconds)
            status, content = told.answer_to(self.path.partition("?")[0])
            sent = content if isinstance(content, bytes) else orjson.dumps(content)
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{told.url}/elsewhere")
            self.end_headers()
            try:
                self.wfile.write(sent)
            except OSError:
                pass  # The caller's patience was over.

        def log_message(self, *_: Any) -> None:
            """Silent: its lines would hold what it was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
