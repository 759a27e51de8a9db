"""Each way out of the house, before a stand-in of its provider."""

import hashlib
import hmac
import io
import logging
import smtplib
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from backend.messaging.channels import SENDERS, http, sender_of
from backend.messaging.channels.console import ConsoleSender
from backend.messaging.channels.email import DjangoEmailSender
from backend.messaging.channels.file import FileSender
from backend.messaging.channels.message import Outgoing, Refused
from backend.messaging.channels.sms import HttpSmsSender
from backend.messaging.channels.wechat import WechatSender
from tests.messaging.conftest import PHONE, outbox
from tests.messaging.standin import Provider, provider

pytestmark = pytest.mark.once

SEND = "/cgi-bin/message/subscribe/send"
TOKEN = "/cgi-bin/stable_token"


def outgoing(**given: Any) -> Outgoing:
    values = {
        "channel": "sms",
        "to": PHONE,
        "template": "event_promoted",
        "title": "有名额了：民法典进小区",
        "body": "您候补的“民法典进小区”已有名额。",
        "values": {"event_title": "民法典进小区", "starts_at": "2026-11-28 14:00"},
        "reference": "5f2b7c1e-0000-4000-8000-000000000001",
        "made_at": timezone.now(),
    }
    return Outgoing(**(values | given))


@pytest.fixture
def stand_in() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture(autouse=True)
def _no_token_yet() -> None:
    cache.clear()


def refused(send: Any, message: Outgoing) -> tuple[str, bool]:
    with pytest.raises(Refused) as caught:
        send(message)
    return caught.value.code, caught.value.for_good


# --- which one -----------------------------------------------------------------------------------


def test_a_setting_says_which_sender_serves_a_channel(settings):
    settings.MESSAGING_CHANNELS = {"sms": "file", "email": "off"}
    assert isinstance(sender_of("sms"), FileSender)
    assert sender_of("email") is None
    assert sender_of("wechat") is None


def test_a_setting_that_names_no_sender_says_which_there_are(settings):
    settings.MESSAGING_CHANNELS = {"sms": "pigeon"}
    with pytest.raises(LookupError, match="LINLI_SMS_CHANNEL: one of off, console, file"):
        sender_of("sms")


def test_every_sender_has_the_one_interface():
    for make in SENDERS.values():
        assert callable(make().send)
        assert callable(make().carries)


# --- console and file ----------------------------------------------------------------------------


def test_the_console_shows_words_in_the_demo_alone_and_never_a_number(capsys, settings):
    ConsoleSender().send(outgoing())
    settings.DEMO = False
    ConsoleSender().send(outgoing())
    demo, live = capsys.readouterr().out.splitlines()
    assert "已有名额" in demo
    assert live == "[sms] 139****7788 event_promoted"
    assert PHONE not in demo


def test_a_file_holds_one_line_a_message_and_is_its_owners_alone(settings):
    sender = FileSender()
    assert sender.send(outgoing()) == outgoing().reference
    sender.send(outgoing(reference="2", body="二"))
    assert [line["body"] for line in outbox()] == ["您候补的“民法典进小区”已有名额。", "二"]
    (path,) = Path(settings.OUTBOX_DIR).iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name == f"{timezone.localdate():%Y-%m-%d}.jsonl"


def test_a_second_try_finds_the_line_of_the_first_one():
    sender = FileSender()
    sender.send(outgoing())
    sender.send(outgoing(again=True))
    assert len(outbox()) == 1
    sender.send(outgoing(reference="another", again=True))
    assert len(outbox()) == 2


def test_half_a_line_of_a_killed_process_is_taken_away(settings):
    sender = FileSender()
    sender.send(outgoing(reference="1"))
    (path,) = Path(settings.OUTBOX_DIR).iterdir()
    with path.open("ab") as file:
        file.write('{"reference":"2","body":"半'.encode()[:-1])
    sender.send(outgoing(reference="2", again=True))
    assert [line["reference"] for line in outbox()] == ["1", "2"]


# --- e-mail --------------------------------------------------------------------------------------


def test_an_email_goes_to_one_person_under_an_identity_that_stays(settings):
    settings.DEFAULT_FROM_EMAIL = "邻里 <linli@xinhe.example>"
    sender = DjangoEmailSender()
    first = sender.send(outgoing(channel="email", to="wang@example.org"))
    again = sender.send(outgoing(channel="email", to="wang@example.org", again=True))
    assert first == again == "<5f2b7c1e-0000-4000-8000-000000000001@xinhe.example>"
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["wang@example.org"], "有名额了：民法典进小区")
    assert letter.message()["Message-ID"] == first


def test_a_title_cannot_smuggle_in_a_header():
    DjangoEmailSender().send(outgoing(to="wang@example.org", title="一\r\nBcc: all@example.org"))
    assert mail.outbox[0].subject == "一 Bcc: all@example.org"
    assert mail.outbox[0].recipients() == ["wang@example.org"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), ("smtp_550", True)),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), ("smtp_450", False)),
        (smtplib.SMTPDataError(554, b"spam"), ("smtp_554", True)),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), ("smtp_535", False)),
        (TimeoutError(), ("timeout", False)),
        (ConnectionRefusedError(), ("unreachable", False)),
    ],
)
def test_what_a_mail_server_says_decides_on_trying_again(monkeypatch, error, said):
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    assert refused(DjangoEmailSender().send, outgoing(to="wang@example.org")) == said


# --- SMS -----------------------------------------------------------------------------------------


@pytest.fixture
def sms(stand_in: Provider, settings: Any) -> HttpSmsSender:
    stand_in.answers["/send"] = [(200, {"code": "OK", "id": "m-1"})]
    settings.SMS_PROVIDER = settings.SMS_PROVIDER | {
        "url": f"{stand_in.url}/send",
        "key_id": "linli",
        "secret": "s3cret",
        "sign": "【新河社区】",
        "body": {
            "mobiles": ["{to}"],
            "content": "{text}",
            "tpl": "{template}",
            "vars": "{params}",
            "n": 1,
        },
        "templates": {"event_promoted": "SMS_1001"},
        "ok_field": "code",
    }
    return HttpSmsSender()


def test_an_sms_is_posted_as_the_provider_wants_it_and_signed(sms, stand_in):
    assert sms.send(outgoing()) == "m-1"
    (asked,) = stand_in.asked
    assert asked.json == {
        "mobiles": [PHONE],
        "content": "【新河社区】您候补的“民法典进小区”已有名额。",
        "tpl": "SMS_1001",
        "vars": {"event_title": "民法典进小区", "starts_at": "2026-11-28 14:00"},
        "n": 1,
    }
    signed = asked.headers["x-linli-timestamp"].encode() + b"\n" + asked.body
    expected = hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    assert asked.headers["x-linli-signature"] == expected
    assert asked.headers["x-linli-key"] == "linli"
    assert asked.headers["idempotency-key"] == outgoing().reference


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, {}), ("http_500", False)),
        ((429, {}), ("http_429", False)),
        ((403, {}), ("http_403", False)),
        ((422, {}), ("http_422", True)),
        ((302, {}), ("http_302", False)),
        ((200, {"code": "isv.LIMIT"}), ("provider_isv.LIMIT", False)),
        ((200, {"code": f"{PHONE} 不是手机号"}), ("provider_other", False)),
        ((200, b"<html>"), ("provider_other", False)),
        ((200, [1]), ("provider_other", False)),
    ],
)
def test_what_the_provider_says_decides_on_trying_again(sms, stand_in, answer, said):
    stand_in.answers["/send"] = [answer]
    assert refused(sms.send, outgoing()) == said
    assert [asked.path for asked in stand_in.asked] == ["/send"], "nobody follows it elsewhere"


def test_a_provider_that_does_not_answer_is_left_in_time(sms, stand_in, monkeypatch):
    monkeypatch.setattr(http, "PATIENCE_SECONDS", (0.2, 0.2))
    stand_in.slow_seconds = 0.6
    assert refused(sms.send, outgoing()) == ("timeout", False)


def test_a_provider_that_is_not_there_is_tried_again(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    settings.SMS_PROVIDER = settings.SMS_PROVIDER | {"url": f"http://127.0.0.1:{port}/"}
    assert refused(HttpSmsSender().send, outgoing()) == ("unreachable", False)


def test_a_provider_that_holds_the_texts_carries_only_what_it_holds(sms):
    assert sms.carries("event_promoted")
    assert not sms.carries("event_cancelled")


def test_without_an_address_of_a_provider_nothing_is_lost(settings):
    settings.SMS_PROVIDER = settings.SMS_PROVIDER | {"url": ""}
    assert refused(HttpSmsSender().send, outgoing()) == ("not_set_up", False)


# --- WeChat --------------------------------------------------------------------------------------


@pytest.fixture
def wechat(stand_in: Provider, settings: Any) -> WechatSender:
    stand_in.answers[TOKEN] = [(200, {"access_token": "token-1", "expires_in": 7200})]
    stand_in.answers[SEND] = [(200, {"errcode": 0, "errmsg": "ok", "msgid": 77})]
    settings.WECHAT = settings.WECHAT | {
        "base_url": stand_in.url,
        "app_id": "wx-app",
        "secret": "wx-secret",
    }
    settings.WECHAT_TEMPLATES = {
        "event_promoted": {
            "id": "tpl-1",
            "page": "pages/event",
            "data": {"thing1": "event_title", "time2": "starts_at"},
        }
    }
    return WechatSender()


def test_a_subscribe_message_carries_the_values_under_wechats_keywords(wechat, stand_in):
    assert wechat.send(outgoing(to="openid-1")) == "77"
    token, sent = stand_in.asked
    assert token.json == {
        "grant_type": "client_credential",
        "appid": "wx-app",
        "secret": "wx-secret",
        "force_refresh": False,
    }
    assert sent.path == f"{SEND}?access_token=token-1"
    assert sent.json == {
        "touser": "openid-1",
        "template_id": "tpl-1",
        "page": "pages/event",
        "lang": "zh_CN",
        "data": {
            "thing1": {"value": "民法典进小区"},
            "time2": {"value": "2026-11-28 14:00"},
        },
    }


def test_a_value_is_as_short_as_wechat_wants_it(wechat, stand_in):
    wechat.send(outgoing(values={"event_title": "长" * 30, "starts_at": "2026"}))
    assert stand_in.asked[1].json["data"]["thing1"]["value"] == "长" * 19 + "…"


def test_the_token_is_fetched_once_and_again_when_wechat_says_it_is_over(wechat, stand_in):
    wechat.send(outgoing())
    wechat.send(outgoing())
    assert [asked.path.partition("?")[0] for asked in stand_in.asked] == [TOKEN, SEND, SEND]
    stand_in.asked.clear()
    stand_in.answers[TOKEN] = [(200, {"access_token": "token-2", "expires_in": 7200})]
    stand_in.answers[SEND] = [(200, {"errcode": 42001}), (200, {"errcode": 0})]
    wechat.send(outgoing())
    assert [asked.path for asked in stand_in.asked] == [
        f"{SEND}?access_token=token-1",
        TOKEN,
        f"{SEND}?access_token=token-2",
    ]
    assert stand_in.asked[1].json["force_refresh"] is True


def test_a_token_that_stays_over_is_not_asked_for_without_end(wechat, stand_in):
    stand_in.answers[SEND] = [(200, {"errcode": 40001})]
    assert refused(wechat.send, outgoing()) == ("wechat_40001", False)
    assert len(stand_in.asked) == 4


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            (200, {"errcode": 43101, "errmsg": "user refuse to accept the msg"}),
            ("wechat_43101", True),
        ),
        ((200, {"errcode": 40003}), ("wechat_40003", True)),
        ((200, {"errcode": -1}), ("wechat_-1", False)),
        ((200, {"errcode": 45009}), ("wechat_45009", False)),
        ((200, {"errcode": "x"}), ("answer_unreadable", False)),
        ((502, b"bad gateway"), ("http_502", False)),
    ],
)
def test_what_wechat_says_decides_on_trying_again(wechat, stand_in, answer, said):
    stand_in.answers[SEND] = [answer]
    assert refused(wechat.send, outgoing()) == said


def test_without_a_token_nothing_is_sent(wechat, stand_in):
    stand_in.answers[TOKEN] = [(200, {"errcode": 40125, "errmsg": "invalid appsecret"})]
    assert refused(wechat.send, outgoing()) == ("wechat_token_40125", False)
    assert len(stand_in.asked) == 1


def test_wechat_carries_only_what_has_a_template_there(wechat):
    assert wechat.carries("event_promoted")
    assert not wechat.carries("event_cancelled")


# --- nothing personal in a log -------------------------------------------------------------------


def test_no_log_line_holds_a_number_an_openid_a_token_or_a_word(
    sms, wechat, stand_in, monkeypatch, caplog
):
    monkeypatch.setattr(http, "PATIENCE_SECONDS", (0.2, 0.2))
    root = logging.getLogger()
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root.addHandler(handler)
    try:
        with caplog.at_level(logging.INFO):
            for status in (200, 500):
                stand_in.answers["/send"] = [(status, {"code": PHONE})]
                stand_in.answers[SEND] = [(status, {"errcode": 43101, "errmsg": "openid-1"})]
                for send, to in ((sms.send, PHONE), (wechat.send, "openid-1")):
                    with pytest.raises(Refused) as caught:
                        send(outgoing(to=to))
                    logging.getLogger("control").warning("refused: %r", caught.value)
                    logging.getLogger("control").warning("of: %r", outgoing(to=to))
    finally:
        root.removeHandler(handler)
    said = heard.getvalue() + caplog.text
    assert "refused" in said, "the control: lines were heard"
    for word in (PHONE, "openid-1", "token-1", "wx-secret", "s3cret", "民法典"):
        assert word not in said
    assert caught.value.__cause__ is None
    assert sys.exc_info() == (None, None, None)
