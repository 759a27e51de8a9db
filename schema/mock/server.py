"""The stand-in's addresses: those of the real server that a front end asks."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from schema.mock.world import Wishes, World

# Codes that refuse the request itself; any other is a broken rule, in a mutation's `errors`.
REQUEST_CODES = {
    "session_invalid": 401,
    "key_invalid": 401,
    "second_factor_required": 403,
    "csrf_failed": 403,
    "too_many_requests": 429,
    "query_too_costly": 200,
    "internal": 200,
}
SIGN_INS = ("auth/login", "auth/code/confirm", "auth/provider/token", "auth/2fa/authenticate")
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Linli mock</title>
<h1>Linli 邻里 mock</h1><p>POST a GraphQL query here. Everything it answers is invented; nothing
is kept. Headers: <code>X-Mock-Error</code>, <code>X-Mock-Set</code>, <code>X-Mock-Rows</code>.
</html>"""


class Server(ThreadingHTTPServer):
    """Both APIs on one port of this machine."""

    daemon_threads = True

    def __init__(self, port: int, seed: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.worlds = {
            "/graphql/": World("main", seed),
            "/open-data/graphql/": World("open_data", seed),
        }


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: front ends ask often."""

    def do_OPTIONS(self) -> None:
        self._answer(204, b"", "text/plain")

    def do_DELETE(self) -> None:
        self._json({"status": 401, "meta": {"is_authenticated": False}}, 401)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/healthz":
            self._answer(200, b"ok", "text/plain")
        elif address.path == "/open-data/graphql/" and "query" in asked:
            variables = json.loads(asked.get("variables") or "{}")
            self._graphql(asked | {"variables": variables})
        elif address.path in self.server.worlds and "text/html" in self.headers.get("Accept", ""):
            self._answer(200, PAGE.encode(), "text/html; charset=utf-8")
        else:
            self._answer(405 if address.path in self.server.worlds else 404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path.startswith("/_allauth/app/v1/"):
            self._sign_in(path.removeprefix("/_allauth/app/v1/"))
        elif path not in self.server.worlds:
            self._answer(404, b"", "text/plain")
        else:
            try:
                asked = self._body(body)
            except (ValueError, KeyError):
                self._json({"data": None, "errors": [_error("bad_request")]}, 400)
            else:
                self._graphql(asked)

    def _sign_in(self, what: str) -> None:
        signed_in = what in SIGN_INS
        meta = {"is_authenticated": signed_in, "session_token": "mock-session"}
        status = 200 if signed_in else 401
        self._json({"status": status, "data": {"flows": []}, "meta": meta}, status)

    def _body(self, body: bytes) -> Any:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            return json.loads(body)
        # The multipart request specification: the files themselves are of no interest here.
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        parts: dict[str, Any] = {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()  # type: ignore[attr-defined]
        }
        asked = json.loads(parts["operations"])
        for places in json.loads(parts["map"]).values():
            for place in places:
                *way, last = place.split(".")
                within = asked
                for step in way:
                    within = within[int(step) if isinstance(within, list) else step]
                within[int(last) if isinstance(within, list) else last] = "file"
        return asked

    def _graphql(self, asked: Any) -> None:
        code = self.headers.get("X-Mock-Error")
        if code in REQUEST_CODES:
            self._json({"data": None, "errors": [_error(code)]}, REQUEST_CODES[code])
            return
        try:
            wishes = self._wishes(code)
            answers = [
                self._one(one, wishes) for one in (asked if isinstance(asked, list) else [asked])
            ]
        except (ValueError, AttributeError, TypeError):
            self._json({"data": None, "errors": [_error("bad_request")]}, 400)
            return
        self._json(answers if isinstance(asked, list) else answers[0])

    def _one(self, asked: Any, wishes: Wishes) -> dict[str, Any]:
        world = self.server.worlds[urlsplit(self.path).path]
        variables = asked.get("variables")
        return world.ask(asked.get("query") or "", variables, asked.get("operationName"), wishes)

    def _wishes(self, code: str | None) -> Wishes:
        told = self.headers.get("X-Mock-Set") or ""
        pairs = (one.strip().partition("=") for one in told.split(",") if one.strip())
        rows = self.headers.get("X-Mock-Rows")
        return Wishes(
            error=code,
            values={name: value for name, _equals, value in pairs},
            rows=int(rows) if rows is not None else None,
        )

    def _json(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer, ensure_ascii=False).encode()
        self._answer(status, body, "application/json; charset=utf-8")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        # Any page on this machine's browsers may ask: nothing here is anybody's.
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin") or "*")
        self.send_header("Access-Control-Allow-Credentials", "true")
        asked = self.headers.get("Access-Control-Request-Headers") or "Content-Type"
        self.send_header("Access-Control-Allow-Headers", asked)
        self.send_header("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
        self.send_header("Vary", "Origin")
        if status == 429:
            self.send_header("Retry-After", "1")
            self.send_header("Access-Control-Expose-Headers", "Retry-After")
        self.end_headers()
        self.wfile.write(body)


def _error(code: str) -> dict[str, Any]:
    return {"message": f"（模拟）{code}", "extensions": {"code": code}}
