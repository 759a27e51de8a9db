"""What of allauth's apps reach: the list in docs/api/sign-in.md, and no address besides."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.headless.constants import Client as Kind
from allauth.headless.urls import build_urlpatterns
from django.core import mail
from django.test import Client
from django.urls import URLResolver

from backend.accounts import app_urls
from backend.people.models import User
from tests.accounts.conftest import App

pytestmark = pytest.mark.django_db

MEANT = {
    "auth/session",
    "auth/login",
    "auth/reauthenticate",
    "auth/code/request",
    "auth/code/confirm",
    "auth/code/resend",
    "auth/provider/token",
    "auth/2fa/authenticate",
    "auth/2fa/reauthenticate",
    "auth/webauthn/authenticate",
    "auth/webauthn/reauthenticate",
    "auth/phone/verify",
    "account/phone",
    "account/authenticators",
    "account/authenticators/totp",
    "account/authenticators/recovery-codes",
}


def _addresses(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, here)
        else:
            yield here.removeprefix("v1/")


OF_ALLAUTH = sorted(_addresses(build_urlpatterns(Kind.APP)))
NOT_MEANT = [address for address in OF_ALLAUTH if address not in MEANT]


def test_nothing_is_mounted_but_what_is_meant() -> None:
    mounted = {str(one.pattern).removeprefix("app/v1/") for one in app_urls.urlpatterns}
    assert mounted == MEANT
    assert {"auth/password/request", "auth/signup", "account/email"} <= set(NOT_MEANT), (
        "the control"
    )


@pytest.mark.parametrize("address", NOT_MEANT)
def test_the_rest_of_allauths_addresses_is_not_there(address: str, worker: User) -> None:
    worker.email = "worker@example.org"
    worker.save()
    stranger, app = App(), App()
    app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    assert app.token, "the control"
    for caller in (stranger, app):
        for method in ("get", "post", "put", "patch", "delete"):
            sent = {"data": {"email": worker.email}, "content_type": "application/json"}
            answer = getattr(Client(), method)(
                f"/_allauth/app/v1/{address}",
                headers={"X-Session-Token": caller.token},
                **({} if method == "get" else sent),
            )
            assert answer.status_code == 404, (method, address)
    assert mail.outbox == []


@pytest.mark.parametrize("address", sorted(MEANT))
def test_what_is_meant_is_there(address: str) -> None:
    assert Client().get(f"/_allauth/app/v1/{address}").status_code in (200, 400, 401, 405, 409)
