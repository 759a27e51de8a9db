"""Sign-in by a code sent to the phone: for everybody alike, few tries, a short time, no traces."""

import logging
import time
from typing import Any

import pytest
from allauth.headless.internal.restkit.response import ErrorResponse
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.core.cache import cache

from backend.accounts import actions
from backend.accounts.models import SignInPhone
from backend.accounts.phone_code import ConfirmCodeView
from backend.accounts.sessions import SessionStore
from backend.people.models import CommunityRole, User
from tests.accounts.conftest import PHONE, App, Outbox, wrong

pytestmark = pytest.mark.django_db

ME = "{ me { username roles } }"


def test_a_first_sign_in_makes_an_account_without_password_or_rights(
    app: App, outbox: Outbox
) -> None:
    answer = app.by_code(PHONE, outbox)
    assert answer.status_code == 200
    user = SignInPhone.objects.get(phone=PHONE).user
    assert not user.is_staff
    assert not user.has_usable_password()
    assert PHONE not in user.username
    assert app.ask(ME)["data"]["me"] == {"username": user.username, "roles": []}


def test_a_second_sign_in_finds_the_same_account(outbox: Outbox) -> None:
    App().by_code(PHONE, outbox)
    cache.clear()
    App().by_code("+86 138-0000-0001", outbox)
    assert SignInPhone.objects.count() == 1
    assert User.objects.count() == 1


def test_asking_alone_makes_nothing(app: App, outbox: Outbox) -> None:
    app.post("/auth/code/request", {"phone": PHONE})
    assert not User.objects.exists()
    assert app.post("/graphql/", {"query": ME}).status_code == 401


def _alike(answer: Any) -> Any:
    """An answer without what is random in any."""
    body = answer.json()
    body.get("meta", {}).pop("session_token", None)
    return answer.status_code, body


def test_nobody_learns_whether_a_phone_has_an_account(outbox: Outbox) -> None:
    known, unknown = PHONE, "13800000002"
    actions.account_for_phone(known)
    told = []
    for phone in (known, unknown):
        cache.clear()
        app = App()
        asked = _alike(app.post("/auth/code/request", {"phone": phone}))
        failed = _alike(app.post("/auth/code/confirm", {"code": wrong(outbox.last)}))
        again = _alike(app.post("/auth/code/request", {"phone": phone}))
        told.append((asked, failed, again))
    assert told[0] == told[1]
    assert [to for to, _code in outbox] == [known, unknown]


def test_a_wrong_code_signs_nobody_in_and_three_end_the_attempt(app: App, outbox: Outbox) -> None:
    app.post("/auth/code/request", {"phone": PHONE})
    for _ in range(3):
        answer = app.post("/auth/code/confirm", {"code": wrong(outbox.last)})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "incorrect_code"
    assert app.post("/auth/code/confirm", {"code": outbox.last}).status_code == 409
    assert not User.objects.exists()


def test_a_code_works_once(app: App, outbox: Outbox) -> None:
    app.by_code(PHONE, outbox)
    assert App().post("/auth/code/confirm", {"code": outbox.last}).status_code == 409
    assert app.post("/auth/code/confirm", {"code": outbox.last}).status_code == 409


def test_a_code_is_the_business_of_who_asked(outbox: Outbox) -> None:
    asking, other = App(), App()
    asking.post("/auth/code/request", {"phone": PHONE})
    stolen = outbox.last
    other.post("/auth/code/request", {"phone": "13800000002"})
    answer = other.post("/auth/code/confirm", {"code": stolen})
    assert answer.status_code == (200 if stolen == outbox.last else 400)


def test_a_code_ends_after_five_minutes(
    app: App, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.post("/auth/code/request", {"phone": PHONE})
    later = time.time() + 5 * 60 + 1
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)
    assert app.post("/auth/code/confirm", {"code": outbox.last}).status_code == 409
    assert not User.objects.exists()


def test_a_phone_gets_one_code_a_minute_and_ten_a_day(app: App, outbox: Outbox) -> None:
    assert app.post("/auth/code/request", {"phone": PHONE}).status_code == 401
    refused = App().post("/auth/code/request", {"phone": PHONE})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "rate_limited"
    assert len(outbox) == 1


def test_what_is_no_mobile_phone_gets_no_code(app: App, outbox: Outbox) -> None:
    for text in ("0371-67890123", "1380000000", "", "abc"):
        assert app.post("/auth/code/request", {"phone": text}).status_code == 400
    assert not outbox


def test_the_code_lies_in_no_table_and_no_log_in_clear(
    app: App, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        app.post("/auth/code/request", {"phone": PHONE})
        stored = Session.objects.get(session_key=app.token)
        plain = SessionStore(app.token).load()
        assert outbox.last in str(plain), "the control: it is there for who holds the key"
        assert outbox.last not in str(DatabaseStore().decode(stored.session_data))
        app.post("/auth/code/confirm", {"code": outbox.last})
    assert outbox.last not in str(SessionStore(app.token).load())
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [line for line in said if outbox.last in line or PHONE in line] == []


def test_who_is_deactivated_is_not_let_in(app: App, outbox: Outbox) -> None:
    user = actions.account_for_phone(PHONE)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = app.by_code(PHONE, outbox)
    assert answer.status_code != 200
    assert app.post("/graphql/", {"query": ME}).status_code == 401


def test_nothing_is_sent_when_there_is_no_sms_and_the_app_is_told(app: App, settings: Any) -> None:
    settings.MESSAGING_CHANNELS = {"sms": "off", "email": "off", "wechat": "off"}
    answer = app.post("/auth/code/request", {"phone": PHONE})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "channel_off"


@pytest.mark.parametrize("counted", [True, False], ids=["as it is", "the control"])
def test_guesses_at_the_same_moment_are_no_more_than_three(
    app: App, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, counted: bool
) -> None:
    """Each of them reads that none has failed yet, and writes that one has: they count apart."""
    looked_at: list[str] = []

    def lost(self: ConfirmCodeView, input: Any) -> Any:
        looked_at.append("a guess")
        return ErrorResponse(self.request, input=input)

    monkeypatch.setattr(ConfirmCodeView, "handle_invalid_input", lost)
    app.post("/auth/code/request", {"phone": PHONE})
    if not counted:
        monkeypatch.setattr(
            "backend.accounts.phone_code.ratelimit.consume", lambda *args, **kwargs: True
        )
    for _ in range(8):
        app.post("/auth/code/confirm", {"code": wrong(outbox.last)})
    assert len(looked_at) == (3 if counted else 8)


def test_a_code_gives_no_role(app: App, outbox: Outbox) -> None:
    app.by_code(PHONE, outbox)
    assert not CommunityRole.objects.exists()
    assert app.ask("{ communities { totalCount } }")["data"]["communities"]["totalCount"] == 0
