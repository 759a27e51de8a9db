"""Session tokens of apps: they sign in on the API, need no CSRF token, and can be taken back."""

import pytest
from django.test import Client

from backend.accounts import actions
from backend.accounts.sessions import SessionStore
from backend.people.models import User
from tests.accounts.conftest import APP, App

pytestmark = pytest.mark.django_db

ME = "{ me { username roles } }"
MINE = "{ mySessions { id device ip isCurrent } }"
END = "mutation($id: ID!) { revokeSession(input: {sessionId: $id}) { ended errors { code } } }"
END_OTHERS = "mutation { revokeOtherSessions(input: {}) { ended errors { code } } }"


@pytest.fixture
def signed(app: App, worker: User) -> App:
    answer = app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    assert answer.status_code == 200
    return app


def test_a_password_gives_a_token_that_signs_in_on_the_api(signed: App) -> None:
    assert signed.ask(ME)["data"]["me"] == {"username": "worker", "roles": ["worker"]}


def test_a_wrong_password_gives_none(app: App, worker: User) -> None:
    answer = app.post("/auth/login", {"username": "worker", "password": "wrong"})
    assert answer.status_code == 400
    assert app.token == ""


def test_an_unknown_user_is_told_the_same_as_a_wrong_password(app: App, worker: User) -> None:
    told = [
        app.post("/auth/login", {"username": name, "password": "wrong"}).json()
        for name in ("worker", "nobody-of-that-name")
    ]
    assert told[0] == told[1]


def test_a_token_that_is_none_is_401(app: App) -> None:
    app.token = "made-up"
    answer = app.post("/graphql/", {"query": ME})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "session_invalid"


def test_signing_out_ends_the_token(signed: App) -> None:
    signed.call("delete", "/auth/session")
    assert signed.post("/graphql/", {"query": ME}).status_code == 401


def test_a_token_opens_no_page(signed: App) -> None:
    page = Client().get("/admin/", headers={"X-Session-Token": signed.token})
    assert page.status_code == 302


def test_with_a_cookie_beside_it_the_cookies_rules_hold(signed: App, worker: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    answer = browser.post(
        "/graphql/",
        {"query": ME},
        content_type="application/json",
        headers={"X-Session-Token": signed.token},
    )
    assert answer.status_code == 403


def test_without_token_and_cookie_a_post_needs_no_csrf_token_and_is_anonymous(app: App) -> None:
    assert app.ask(ME)["data"]["me"] is None


def test_an_app_stays_signed_in_for_a_month_and_a_page_for_a_day(signed: App, worker: User) -> None:
    assert 29 < SessionStore(signed.token).get_expiry_age() / 86400 <= 30
    browser = Client()
    browser.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
    assert browser.session.get_expiry_age() <= 12 * 3600


def test_sessions_are_listed_pages_and_apps_alike(signed: App, worker: User) -> None:
    Client().post(
        "/accounts/login/",
        {"login": "worker", "password": "demo-worker"},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140"},
    )
    found = signed.ask(MINE)["data"]["mySessions"]
    assert [(s["device"], s["isCurrent"]) for s in found] == [
        ("Chrome · Windows", False),
        ("—", True),
    ]


def test_one_session_is_revoked_and_the_others_stay(signed: App, worker: User) -> None:
    other = App()
    other.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    (theirs,) = [s for s in signed.ask(MINE)["data"]["mySessions"] if not s["isCurrent"]]
    assert signed.ask(END, id=theirs["id"])["data"]["revokeSession"] == {"ended": 1, "errors": []}
    assert other.post("/graphql/", {"query": ME}).status_code == 401
    assert signed.ask(ME)["data"]["me"] is not None


def test_a_session_of_somebody_else_does_not_exist(
    signed: App, secretary: User, other_worker: User
) -> None:
    for user in (secretary, other_worker):
        app = App()
        app.post("/auth/login", {"username": user.username, "password": f"demo-{user.username}"})
        (theirs,) = app.ask(MINE)["data"]["mySessions"]
        answer = signed.ask(END, id=theirs["id"])["data"]["revokeSession"]
        assert answer == {"ended": 0, "errors": []}
        assert app.ask(ME)["data"]["me"] is not None
    anonymous = App().ask(END, id="1")["data"]["revokeSession"]
    assert anonymous["errors"] == [{"code": "not_allowed"}]


def test_all_others_are_revoked_at_once(signed: App, worker: User) -> None:
    browser, other = Client(), App()
    browser.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
    other.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    answer = signed.ask(END_OTHERS)["data"]["revokeOtherSessions"]
    assert answer == {"ended": 2, "errors": []}
    assert browser.get("/admin/").status_code == 302
    assert other.post("/graphql/", {"query": ME}).status_code == 401
    assert signed.ask(ME)["data"]["me"] is not None


def test_the_page_ends_another_device_too(signed: App, worker: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
    (theirs,) = [s for s in signed.ask(MINE)["data"]["mySessions"] if s["isCurrent"]]
    assert browser.post(f"/accounts/sessions/{theirs['id']}/end/").status_code == 302
    assert signed.post("/graphql/", {"query": ME}).status_code == 401
    assert browser.get(f"/accounts/sessions/{theirs['id']}/end/").status_code == 405


def test_a_changed_password_ends_the_apps(signed: App, worker: User) -> None:
    worker.set_password("another 77 one")
    worker.save()
    assert signed.post("/graphql/", {"query": ME}).status_code == 401


def test_deactivating_ends_sessions_for_good(signed: App, worker: User, admin_user: User) -> None:
    page = Client()
    page.force_login(admin_user)
    address = f"/admin/people/user/{worker.pk}/change/"
    page.post(
        address,
        {
            "username": "worker",
            "is_staff": "on",
            "date_joined_0": "2025-01-01",
            "date_joined_1": "00:00",
        },
    )
    worker.refresh_from_db()
    assert not worker.is_active
    User.objects.filter(pk=worker.pk).update(is_active=True)
    assert signed.post("/graphql/", {"query": ME}).status_code == 401, "it does not come back"


def test_an_administrator_signs_somebody_out_everywhere_with_a_reason(
    signed: App, worker: User, admin_user: User, secretary: User
) -> None:
    address = f"/admin/people/user/{worker.pk}/signout/"
    for user in (secretary, worker):
        page = Client()
        page.force_login(user)
        assert page.post(address, {"reason": "丢了手机"}).status_code == 403
    page = Client()
    page.force_login(admin_user)
    assert page.post(address, {"reason": " "}).status_code == 200
    assert signed.ask(ME)["data"]["me"] is not None, "so far nothing has changed"
    assert page.post(address, {"reason": "丢了手机"}).status_code == 302
    assert signed.post("/graphql/", {"query": ME}).status_code == 401


def test_only_the_endpoints_that_we_have_are_there() -> None:
    assert Client().get("/_allauth/browser/v1/config").status_code == 404
    assert Client().get(f"{APP}/auth/session").status_code == 401
    assert Client().get("/accounts/email/").status_code == 404
    assert actions.new_username("phone") != actions.new_username("phone")
