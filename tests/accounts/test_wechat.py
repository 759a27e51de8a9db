"""Sign-in of mini-programs, against a real server that answers as WeChat does."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session

from backend.accounts.sessions import SessionStore
from backend.people.models import User
from tests.accounts.conftest import App, Outbox
from tests.accounts.wechat_stand_in import APP_ID, SECRET, SESSION_KEY, WeChat, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def wechat(settings: Any) -> Iterator[WeChat]:
    with running() as server:
        settings.WECHAT = {
            "app_id": APP_ID,
            "secret": SECRET,
            "base_url": server.address,
            "timeout": 0.5,
        }
        yield server


def sign_in(app: App, code: str = "code-of-zhang", process: str = "login") -> Any:
    return app.post(
        "/auth/provider/token",
        {"provider": "weixin_mini", "process": process, "token": {"access_token": code}},
    )


def refused(answer: Any) -> str:
    assert answer.status_code == 400
    assert not User.objects.exists()
    (error,) = answer.json()["errors"]
    return str(error["code"])


def test_a_first_sign_in_makes_an_account_without_rights(app: App, wechat: WeChat) -> None:
    assert sign_in(app).status_code == 200
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("weixin_mini", "openid-zhang")
    assert account.extra_data == {"unionid": "unionid-zhang"}
    assert not account.user.is_staff
    assert not account.user.has_usable_password()
    me = app.ask("{ me { username roles } }")["data"]["me"]
    assert me == {"username": account.user.username, "roles": []}
    assert wechat.asked == [
        {"appid": APP_ID, "secret": SECRET, "js_code": "code-of-zhang"}
        | {"grant_type": "authorization_code"}
    ]


def test_a_second_sign_in_finds_the_same_account(wechat: WeChat) -> None:
    sign_in(App())
    wechat.users["another-code"] = wechat.users["code-of-zhang"]
    assert sign_in(App(), "another-code").status_code == 200
    assert User.objects.count() == 1


def test_a_code_used_twice_is_refused(app: App, wechat: WeChat) -> None:
    wechat.used.add("code-of-zhang")
    assert refused(sign_in(app)) == "wechat_code_invalid"


def test_a_code_that_wechat_does_not_know_is_refused(app: App, wechat: WeChat) -> None:
    assert refused(sign_in(app, "made-up")) == "wechat_code_invalid"
    assert app.token == ""


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (40029, "wechat_code_invalid"),
        (45011, "wechat_too_often"),
        (40226, "wechat_blocked"),
        (-1, "wechat_busy"),
        (99999, "wechat_unavailable"),
    ],
)
def test_each_error_of_wechat_has_its_own_words(
    app: App, wechat: WeChat, number: int, code: str
) -> None:
    wechat.errors["code-of-zhang"] = number
    answer = sign_in(app)
    assert refused(answer) == code
    assert "as WeChat says it" not in answer.content.decode()


def test_who_answers_too_late_is_not_waited_for(app: App, wechat: WeChat) -> None:
    wechat.slow = 1
    assert refused(sign_in(app)) == "wechat_unavailable"


@pytest.mark.parametrize(
    "raw",
    [
        (500, b"{}"),
        (200, b"not json"),
        (200, b"[]"),
        (200, b'{"openid": 7}'),
        (200, b"{}"),
        (302, b"{}"),
        (200, b'{"x": "' + b"x" * 100_000 + b'", "openid": "o"}'),
    ],
)
def test_an_answer_that_is_none_lets_nobody_in(
    app: App, wechat: WeChat, raw: tuple[int, bytes]
) -> None:
    wechat.raw = raw
    assert refused(sign_in(app)) == "wechat_unavailable"


def test_nobody_listens(app: App, wechat: WeChat, settings: Any) -> None:
    settings.WECHAT = settings.WECHAT | {"base_url": "http://127.0.0.1:9"}
    assert refused(sign_in(app)) == "wechat_unavailable"


def test_without_settings_wechat_is_off(app: App) -> None:
    assert refused(sign_in(app)) == "wechat_not_configured"


def test_session_key_secret_and_code_are_kept_and_logged_nowhere(
    app: App, wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sign_in(app)
        wechat.slow = 1
        sign_in(App())
    stored = [SessionStore(key).load() for key in Session.objects.values_list("pk", flat=True)]
    everything = str(stored) + str(list(SocialAccount.objects.values()))
    assert "openid-zhang" in everything, "the control"
    assert SESSION_KEY not in everything
    assert not SocialToken.objects.exists()
    ours = [r for r in caplog.records if not r.name.startswith("django.db")]
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    for secret in (SESSION_KEY, SECRET, SECRET.replace(" ", "+"), "code-of-zhang"):
        assert secret not in said


def test_who_has_an_account_ties_wechat_to_it(wechat: WeChat, worker: User, app: App) -> None:
    app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    wechat.users["a-code"] = wechat.users["another-code"] = wechat.users["code-of-zhang"]
    # A session alone ties nothing to the account for good.
    assert sign_in(app, "a-code", process="connect").status_code == 401
    assert not SocialAccount.objects.exists()
    app.post("/auth/reauthenticate", {"password": "demo-worker"})
    assert sign_in(app, process="connect").status_code == 200
    assert SocialAccount.objects.get().user == worker
    later = App()
    sign_in(later, "another-code")
    assert later.ask("{ me { username } }")["data"]["me"]["username"] == "worker"


def test_a_wechat_account_adds_its_phone_by_a_code(
    wechat: WeChat, app: App, outbox: Outbox
) -> None:
    sign_in(app)
    assert app.post("/account/phone", {"phone": "138 0000 0001"}).status_code == 202
    assert app.post("/auth/phone/verify", {"code": outbox.last}).status_code == 200
    shown = app.call("get", "/account/phone").json()["data"]
    assert shown == [{"phone": "13800000001", "verified": True}]
