"""The world of sign-in: apps, phones, and the messages that reach them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident
from backend.places.models import Community

APP = "/_allauth/app/v1"
PHONE = "13800000001"


@pytest.fixture(autouse=True)
def _fresh_limits(settings: Any) -> Iterator[None]:
    """Nobody has tried anything yet; and passwords are hashed fast, there are so many of them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


class Outbox(list[tuple[str, str]]):
    """Codes as they came: phone and code."""

    @property
    def last(self) -> str:
        return self[-1][1]


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """What the SMS provider was given."""
    box = Outbox()

    def take(channel: str, to: str, template: str, values: dict[str, str]) -> None:
        assert (channel, template) == ("sms", "sign_in_code")
        assert re.fullmatch(r"\d{6}", values["code"])
        box.append((to, values["code"]))

    monkeypatch.setattr("backend.accounts.adapters.send_secret", take)
    return box


class App:
    """A mini-program: JSON, and a session token instead of cookies."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.token = ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"X-Session-Token": self.token} if self.token else {}
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        response = getattr(self.client, method)(
            path if path.startswith("/graphql") else APP + path,
            headers=headers,
            **sent,
        )
        answer = response.json() if response.content else {}
        token = (answer.get("meta") or {}).get("session_token")
        if token:
            self.token = token
        assert not response.cookies, "an app gets no cookies"
        return response

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("post", path, body)

    def ask(self, query: str, **variables: Any) -> Any:
        """The answer of the main API."""
        return self.post("/graphql/", {"query": query, "variables": variables}).json()

    def by_code(self, phone: str, outbox: Outbox) -> Any:
        """Signs in with a phone."""
        self.post("/auth/code/request", {"phone": phone})
        return self.post("/auth/code/confirm", {"code": outbox.last})


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def resident(community: Community) -> Resident:
    return gate.save(Resident(community=community, name="王小明", phone=PHONE), by=SYSTEM)


def wrong(code: str) -> str:
    """Another code of as many digits."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
