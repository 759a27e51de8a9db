"""Second factors: who needs one gets nowhere without, by any door, and is told why."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from backend.core.roles import SEES_PEOPLE, Role
from backend.people.models import User
from backend.places.models import Community
from tests.accounts.conftest import App
from tests.accounts.test_pages import just_confirmed, signed_in
from tests.conftest import user_with_role

pytestmark = pytest.mark.django_db

ME = "{ me { username } }"


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator shows; `steps` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client: Client) -> str:
    """Sets up phone codes on the pages as a person does; answers the secret."""
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def graphql(client: Client, query: str = ME) -> Any:
    return client.post("/graphql/", {"query": query}, content_type="application/json")


def test_who_sees_people_is_sent_to_set_one_up_and_told_why(required: None, worker: User) -> None:
    client = signed_in(worker)
    answer = client.get("/admin/people/resident/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/2fa/?next=/admin/people/resident/",
    )
    page = client.get(answer["Location"]).content.decode()
    assert "设置两步验证之后才能继续" in page


def test_the_api_answers_a_code(required: None, worker: User) -> None:
    for answer in (graphql(signed_in(worker)), _app_of(worker).post("/graphql/", {"query": ME})):
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["extensions"]["code"] == "second_factor_required"


def _app_of(user: User) -> App:
    app = App()
    app.post("/auth/login", {"username": user.username, "password": f"demo-{user.username}"})
    return app


# allauth tells of a new factor once it is committed: that must really happen here.
@pytest.mark.django_db(transaction=True)
def test_with_one_set_up_everything_opens(required: None, worker: User) -> None:
    client = just_confirmed(worker)
    set_up(client)
    assert client.get("/admin/").status_code == 200
    assert graphql(client).json()["data"]["me"] == {"username": "worker"}


def test_a_sign_in_wants_it_then_whatever_the_door(required: None, worker: User) -> None:
    secret = set_up(just_confirmed(worker))
    cache.clear()
    for path in ("/accounts/login/", "/admin/login/"):
        client = Client()
        answer = client.post(path, {"login": "worker", "password": "demo-worker"})
        assert answer["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/admin/").status_code == 302
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert client.get("/admin/").status_code == 302, "a wrong code opens nothing"
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert client.get("/admin/").status_code == 200


def test_a_code_of_the_phone_does_not_work_twice(required: None, worker: User) -> None:
    secret = set_up(just_confirmed(worker))
    code = code_of(secret, 1)
    for expected in (302, 200):
        client = Client()
        client.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == expected


def test_an_app_is_asked_for_it_as_well(required: None, worker: User) -> None:
    secret = set_up(just_confirmed(worker))
    app = App()
    answer = app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    assert answer.status_code == 401
    pending = [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]
    assert pending == ["mfa_authenticate"]
    assert app.post("/graphql/", {"query": ME}).status_code == 401
    assert app.post("/auth/2fa/authenticate", {"code": code_of(secret, 1)}).status_code == 200
    assert app.ask(ME)["data"]["me"] == {"username": "worker"}


def test_a_session_from_before_must_show_it_too(required: None, worker: User) -> None:
    earlier = signed_in(worker)
    secret = set_up(just_confirmed(worker))
    answer = earlier.get("/admin/")
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=/admin/"
    earlier.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": code_of(secret, 1)})
    assert earlier.get("/admin/").status_code == 200


def test_a_recovery_code_opens_once(required: None, worker: User) -> None:
    client = just_confirmed(worker)
    set_up(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for expected in (302, 200):
        other = Client()
        other.post("/accounts/login/", {"login": "worker", "password": "demo-worker"})
        answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_the_secret_lies_sealed(worker: User) -> None:
    secret = set_up(just_confirmed(worker))
    stored = str(list(Authenticator.objects.values()))
    assert secret not in stored
    kept = Authenticator.objects.get(type="totp")
    assert kept.wrap().validate_code(code_of(secret, 1)), (
        "the control: who holds the key can use it"
    )


def test_another_way_in_does_not_go_round_it(required: None, worker: User) -> None:
    client = signed_in(worker)
    for path in ("/", "/admin/", "/admin/people/resident/add/", "/graphql/", "/files/1/"):
        assert client.get(path, headers={"Accept": "text/html"}).status_code in (302, 403), path
    for path in ("/healthz", "/accounts/2fa/", "/accounts/sessions/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INSTALLATION])
def test_each_role_that_sees_people_needs_one_and_no_other(
    required: None, community: Community, role: Role
) -> None:
    place = (
        {"subdistrict": community.subdistrict} if role == Role.OFFICE else {"community": community}
    )
    client = Client()
    client.force_login(user_with_role(role.value, role.value, **place))
    assert graphql(client).status_code == (403 if role in SEES_PEOPLE else 200)


def test_the_installations_administrator_needs_one(required: None, admin_user: User) -> None:
    assert graphql(signed_in(admin_user)).status_code == 403


def test_in_the_demo_nobody_needs_one(worker: User) -> None:
    assert signed_in(worker).get("/admin/").status_code == 200


def test_an_administrator_resets_it_with_a_reason(
    worker: User, admin_user: User, secretary: User
) -> None:
    set_up(just_confirmed(worker))
    address = f"/admin/people/user/{worker.pk}/reset2fa/"
    for user in (secretary, worker):
        page = Client()
        page.force_login(user)
        assert page.post(address, {"reason": "换了手机"}).status_code == 403
    page = Client()
    page.force_login(admin_user)
    assert page.post(address, {"reason": ""}).status_code == 200
    assert Authenticator.objects.count() == 2, "nothing has changed: phone codes and recovery codes"
    assert page.post(address, {"reason": "换了手机"}).status_code == 302
    assert not Authenticator.objects.exists()
