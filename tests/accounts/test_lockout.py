"""Lock-out: the right password does not help, others are not in it, time ends it, no header goes round it."""

import datetime
import logging
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from backend.accounts.tasks import clear_sign_ins
from backend.people.models import User
from tests.accounts.conftest import App
from tests.accounts.test_pages import signed_in, words_of

pytestmark = pytest.mark.django_db

LIMIT = 5


def page_try(name: str = "worker", password: str = "wrong", **headers: str) -> Any:
    address = headers.pop("address", "10.0.0.1")
    return Client(REMOTE_ADDR=address).post(
        "/accounts/login/", {"login": name, "password": password}, headers=headers
    )


def app_try(name: str = "worker", password: str = "wrong") -> Any:
    app = App()
    app.client.defaults["REMOTE_ADDR"] = "10.0.0.1"
    return app.post("/auth/login", {"username": name, "password": password})


def let_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def test_after_five_failures_the_right_password_is_refused_too(worker: User) -> None:
    for _ in range(LIMIT):
        assert not let_in(page_try())
    answer = page_try(password="demo-worker")
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.content.decode()
    assert words_of(answer.content.decode()) == set()


def test_four_failures_lock_nobody_out(worker: User) -> None:
    for _ in range(LIMIT - 1):
        page_try()
    assert let_in(page_try(password="demo-worker"))


def test_a_right_password_clears_the_count(worker: User) -> None:
    for _ in range(2):
        for _ in range(LIMIT - 1):
            page_try()
        assert let_in(page_try(password="demo-worker"))


def test_others_at_the_same_address_are_let_in(worker: User, secretary: User) -> None:
    for _ in range(LIMIT):
        page_try()
    assert let_in(page_try("secretary", "demo-secretary"))


def test_the_same_person_elsewhere_is_let_in(worker: User) -> None:
    """Or anybody could lock out anybody."""
    for _ in range(LIMIT):
        page_try()
    assert let_in(page_try(password="demo-worker", address="10.0.0.2"))


def test_an_app_is_locked_out_with_a_code(worker: User) -> None:
    for _ in range(LIMIT):
        app_try()
    answer = app_try(password="demo-worker")
    assert answer.status_code == 429
    assert answer.json()["errors"][0]["code"] == "locked_out"
    assert not let_in(page_try(password="demo-worker")), "the pages know it too"


def test_an_address_that_tries_many_names_is_locked_out_as_a_whole(
    worker: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for number in range(settings.LOCKOUT_ADDRESS_LIMIT):
        page_try(f"name-{number}")
    assert page_try(password="demo-worker").status_code == 429
    assert let_in(page_try(password="demo-worker", address="10.0.0.2"))


def test_an_own_account_does_not_clear_an_address(worker: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for number in range(settings.LOCKOUT_ADDRESS_LIMIT - 1):
        page_try(f"name-{number}")
    assert let_in(page_try(password="demo-worker"))
    page_try("one-more")
    assert page_try(password="demo-worker").status_code == 429


def test_time_ends_it(worker: User) -> None:
    for _ in range(LIMIT):
        page_try()
    _earlier(minutes=14)
    assert not let_in(page_try(password="demo-worker"))
    _earlier(minutes=2)
    assert let_in(page_try(password="demo-worker"))


def _earlier(**time: int) -> None:
    for attempt in AccessAttempt.objects.all():
        moment = attempt.attempt_time - datetime.timedelta(**time)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=moment)


def test_trying_on_does_not_prolong_it(worker: User) -> None:
    for _ in range(LIMIT):
        page_try()
    _earlier(minutes=14)
    page_try()
    _earlier(minutes=2)
    assert let_in(page_try(password="demo-worker"))


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_made_up_forwarded_address_does_not_go_round_it(
    worker: User, settings: Any, proxies: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    def forged(number: int) -> dict[str, str]:
        # What the caller invents comes first; a proxy of ours adds where it came from.
        real = ", 198.51.100.7" if proxies else ""
        return {"X-Forwarded-For": f"203.0.113.{number}{real}"}

    for number in range(LIMIT):
        page_try(**forged(number))
    assert not let_in(page_try(password="demo-worker", **forged(99)))


def test_behind_a_proxy_addresses_are_told_apart(worker: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(LIMIT):
        page_try(**{"X-Forwarded-For": "198.51.100.7"})
    assert let_in(page_try(password="demo-worker", **{"X-Forwarded-For": "198.51.100.8"}))


def test_neither_table_nor_log_holds_the_name(
    worker: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="axes"):
        for name in ("13812345678", "王小明的名字"):
            for _ in range(LIMIT):
                page_try(name)
    stored = str(list(AccessAttempt.objects.values()))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "138****5678" in stored
    assert "Locking out" in said, "the control: it speaks"
    for text in (stored, said):
        assert "13812345678" not in text
        assert "王小明" not in text


def test_failures_are_shown_to_the_installations_administrators_alone(
    worker: User, secretary: User, admin_user: User
) -> None:
    page_try("13812345678")
    for user in (worker, secretary):
        assert signed_in(user).get("/admin/axes/accessattempt/").status_code == 403
    page = signed_in(admin_user).get("/admin/axes/accessattempt/").content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page


def test_old_failures_and_sessions_are_cleared(worker: User) -> None:
    page_try()
    assert clear_sign_ins.func() == 0
    _earlier(days=8)
    assert clear_sign_ins.func() == 1
    assert not AccessAttempt.objects.exists()


def test_sessions_that_are_over_leave_the_list(worker: User) -> None:
    signed_in(worker)
    over, living = signed_in(worker), signed_in(worker)
    Session.objects.filter(pk=over.session.session_key).update(
        expire_date=timezone.now() - datetime.timedelta(hours=1)
    )
    clear_sign_ins.func()
    assert UserSession.objects.count() == 2
    assert living.get("/admin/").status_code == 200
