"""A server that answers `jscode2session` as WeChat does, errors and all."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID, SECRET = "wx-of-the-tests", "a secret of the tests"
SESSION_KEY = "tiihtNczf5v6AKRyjwEUhQ=="


class WeChat(ThreadingHTTPServer):
    """Users by code; what was asked; how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.users = {"code-of-zhang": ("openid-zhang", "unionid-zhang")}
        self.used: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.errors: dict[str, int] = {}
        self.slow = 0.0
        self.raw: tuple[int, bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        code = asked.get("js_code", "")
        if asked.get("appid") != APP_ID or asked.get("secret") != SECRET:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if code in self.errors:
            return {"errcode": self.errors[code], "errmsg": "as WeChat says it"}
        if code in self.used:
            return {"errcode": 40163, "errmsg": "code been used, rid: 1"}
        if code not in self.users:
            return {"errcode": 40029, "errmsg": "invalid code, rid: 1"}
        self.used.add(code)
        openid, unionid = self.users[code]
        return {"openid": openid, "session_key": SESSION_KEY, "unionid": unionid}


class _Handler(BaseHTTPRequestHandler):
    server: WeChat

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.server.asked.append(asked)
        time.sleep(self.server.slow)
        if self.server.raw is not None:
            status, body = self.server.raw
        elif address.path != "/sns/jscode2session":
            status, body = 404, b"not found"
        else:
            status, body = 200, json.dumps(self.server.answer(asked)).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # Who asked did not wait.

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[WeChat]:
    """The stand-in, at an address of its own."""
    server = WeChat()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
