"""The sign-in pages: they work, they wear the theme, they speak Chinese."""

import re

import pytest
from django.test import Client

from backend.people.models import User

pytestmark = pytest.mark.django_db

OPEN = ("/accounts/login/", "/accounts/signup/", "/accounts/password/help/", "/accounts/inactive/")
OWN = (
    "/accounts/",
    "/accounts/inbox/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
)
# Words that are the same in both languages.
_NAMES = {"Linli", "English", "JavaScript", "Chrome", "Windows"}


def words_of(page: str) -> set[str]:
    """The Latin words that a reader of the page sees."""
    body = re.search(r'<main class="ll-account">.*?</main>', page, re.S)
    assert body is not None, "the page is ours"
    text = re.sub(r"<(script|style|code)\b.*?</\1>|<[^>]*>", " ", body[0], flags=re.S)
    return {word for word in re.findall(r"[A-Za-z]{3,}", text)} - _NAMES


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post(
        "/accounts/login/", {"login": user.username, "password": f"demo-{user.username}"}
    )
    assert answer.status_code == 302
    return client


def just_confirmed(user: User) -> Client:
    """A client that has entered its password again: what sensitive pages want."""
    client = signed_in(user)
    client.post("/accounts/reauthenticate/", {"password": f"demo-{user.username}"})
    return client


@pytest.mark.parametrize("path", OPEN)
def test_an_open_page_is_chinese(path: str) -> None:
    page = Client().get(path)
    assert page.status_code == 200
    assert words_of(page.content.decode()) == set()


@pytest.mark.parametrize("path", OWN)
def test_an_own_page_is_chinese(worker: User, path: str) -> None:
    page = just_confirmed(worker).get(path, headers={"User-Agent": "Chrome Windows"})
    assert page.status_code == 200
    assert words_of(page.content.decode()) - {"worker", "Client", "python"} == set()


def test_an_english_word_would_be_seen() -> None:
    assert words_of('<main class="ll-account"><b>Sign in</b></main>') == {"Sign"}


@pytest.mark.parametrize("path", OPEN)
def test_a_page_has_no_chinese_for_who_switched(path: str) -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": path})
    page = client.get(path).content.decode()
    body = re.search(r'<main class="ll-account">.*?</main>', page, re.S)
    assert body is not None
    assert re.findall("[一-龥]+", body[0].replace("Linli 邻里", "")) == []


@pytest.mark.parametrize("path", OWN)
def test_own_pages_are_nobody_elses(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302


def test_a_worker_signs_in_and_out(worker: User) -> None:
    client = signed_in(worker)
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("field", ["login", "username"])
def test_the_address_of_the_staff_pages_signs_in_too(worker: User, field: str) -> None:
    client = Client()
    assert client.get("/admin/login/").status_code == 200
    answer = client.post(
        "/admin/login/", {field: "worker", "password": "demo-worker", "next": "/admin/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_is_told_in_chinese_and_signs_nobody_in(worker: User) -> None:
    client = Client()
    page = client.post("/accounts/login/", {"login": "worker", "password": "wrong"})
    assert page.status_code == 200
    assert "用户名或密码不对" in page.content.decode()
    assert words_of(page.content.decode()) == set()
    assert client.get("/admin/").status_code == 302


def test_who_is_no_staff_comes_to_their_account_and_not_to_the_staff_pages(
    resident_user: User,
) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "resident", "password": "demo-resident"})
    assert answer["Location"] == "/accounts/"
    sent = client.get("/admin/", follow=True)
    assert sent.request["PATH_INFO"] == "/accounts/"
    assert "工作台只给社区工作人员用" in sent.content.decode()


def test_nobody_signs_up_on_a_page() -> None:
    before = User.objects.count()
    for path in ("/accounts/signup/", "/_allauth/app/v1/auth/signup"):
        Client().post(
            path,
            {"username": "stranger", "password1": "a long one 7", "password2": "a long one 7"}
            | {"password": "a long one 7"},
            content_type="application/json"
            if "_allauth" in path
            else "multipart/form-data; boundary=x",
        )
    assert User.objects.count() == before


def test_a_changed_password_ends_the_other_sessions(worker: User) -> None:
    here, there = signed_in(worker), signed_in(worker)
    answer = here.post(
        "/accounts/password/change/",
        {"oldpassword": "demo-worker", "password1": "ein neues 77", "password2": "ein neues 77"},
    )
    assert answer.status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


def test_a_weak_password_is_refused_in_chinese(worker: User) -> None:
    page = signed_in(worker).post(
        "/accounts/password/change/",
        {"oldpassword": "demo-worker", "password1": "12345678", "password2": "12345678"},
    )
    assert words_of(page.content.decode()) == set()
    worker.refresh_from_db()
    assert worker.check_password("demo-worker")


def test_nobody_is_sent_to_another_site(worker: User) -> None:
    answer = Client().post(
        "/accounts/login/?next=https://evil.example/",
        {"login": "worker", "password": "demo-worker", "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/admin/"


def test_a_form_without_its_csrf_token_is_refused(worker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
    assert answer.status_code == 403
