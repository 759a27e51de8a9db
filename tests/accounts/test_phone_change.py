"""Another sign-in phone: asked of who has just proved who they are; the old number is told."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from backend.accounts.models import SignInPhone
from backend.messaging.models import Delivery
from backend.people.models import User
from tests.accounts.conftest import PHONE, App, Outbox
from tests.accounts.test_second_factor import code_of

pytestmark = pytest.mark.django_db
NEW = "13900000009"
ME = "{ me { username } }"


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    now = time.time() + minutes * 60
    monkeypatch.setattr("backend.accounts.adapters.time.time", lambda: now)


def change(app: App, outbox: Outbox, phone: str = NEW) -> Any:
    asked = app.post("/account/phone", {"phone": phone})
    if asked.status_code != 202:
        return asked
    return app.post("/auth/phone/verify", {"code": outbox.last})


def test_the_old_number_is_told_and_the_other_sessions_end(app: App, outbox: Outbox) -> None:
    other = App()
    other.by_code(PHONE, outbox)
    cache.clear()
    app.by_code(PHONE, outbox)
    assert change(app, outbox).status_code == 200
    assert SignInPhone.objects.get().phone == NEW
    told = Delivery.objects.get(template="sign_in_phone_changed")
    assert (told.channel, told.masked_to, told.address) == ("sms", "138****0001", "")
    assert NEW not in f"{told.title}{told.body}{told.values}"
    assert app.ask(ME)["data"]["me"] is not None
    assert other.post("/graphql/", {"query": ME}).status_code == 401


def test_a_session_alone_changes_nothing(
    app: App, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.by_code(PHONE, outbox)
    later(monkeypatch, 6)
    answer = change(app, outbox)
    assert (answer.status_code, answer.json()["data"]["flows"]) == (401, [])
    assert SignInPhone.objects.get().phone == PHONE
    assert not Delivery.objects.filter(template="sign_in_phone_changed").exists()
    assert app.ask(ME)["data"]["me"] is not None


def test_a_session_alone_sets_up_no_second_factor(
    app: App, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would shut the owner out."""
    app.by_code(PHONE, outbox)
    address = "/account/authenticators/totp"
    offered = app.call("get", address)
    assert offered.status_code == 404, "none yet, and here is its secret"
    secret = offered.json()["meta"]["secret"]
    later(monkeypatch, 6)
    assert app.post(address, {"code": code_of(secret)}).status_code == 401
    assert not Authenticator.objects.exists()
    monkeypatch.undo()
    assert app.post(address, {"code": code_of(secret)}).status_code == 200, "the control"


def test_who_has_a_password_gives_it(app: App, outbox: Outbox, worker: User) -> None:
    SignInPhone.objects.bulk_create([SignInPhone(user=worker, phone=PHONE)])
    app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    answer = change(app, outbox)
    assert answer.status_code == 401
    assert answer.json()["data"]["flows"] == [{"id": "reauthenticate"}]
    assert app.post("/auth/reauthenticate", {"password": "wrong"}).status_code == 400
    cache.clear()  # Once a minute is asked often enough.
    assert change(app, outbox).status_code == 401
    assert SignInPhone.objects.get().phone == PHONE
    assert app.post("/auth/reauthenticate", {"password": "demo-worker"}).status_code == 200
    cache.clear()
    assert change(app, outbox).status_code == 200
    assert SignInPhone.objects.get().phone == NEW


def test_a_first_phone_tells_nobody_and_ends_nothing(
    app: App, outbox: Outbox, worker: User
) -> None:
    other = App()
    for one in (other, app):
        one.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    app.post("/auth/reauthenticate", {"password": "demo-worker"})
    assert change(app, outbox).status_code == 200
    assert not Delivery.objects.exists()
    assert other.ask(ME)["data"]["me"] is not None


def test_the_change_stands_where_no_sms_can_be_sent_any_more(
    app: App, outbox: Outbox, settings: Any
) -> None:
    app.by_code(PHONE, outbox)
    assert app.post("/account/phone", {"phone": NEW}).status_code == 202
    settings.MESSAGING_CHANNELS = {"sms": "off", "email": "off", "wechat": "off"}
    assert app.post("/auth/phone/verify", {"code": outbox.last}).status_code == 200
    assert SignInPhone.objects.get().phone == NEW
