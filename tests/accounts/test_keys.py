"""API keys: a program does what its owner may and the key names, until the key ends."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.accounts import actions
from backend.accounts.keys import digest_of, new_secret, taken_apart
from backend.accounts.models import SCOPES, ApiKey, ApiKeyUse
from backend.core import gate
from backend.core.access import SYSTEM, Actor, reaches_own, scope
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.core.roles import GRANTS
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import CommunityRole, Resident, User
from tests.accounts.test_pages import just_confirmed, signed_in

pytestmark = pytest.mark.django_db

EVENTS = "{ legalEducationEvents { totalCount } }"
ATTENDANCES = "{ attendances { totalCount } }"
MY_KEYS = "{ myApiKeys { edges { node { id name prefix scopes revokedAt lastUsedAt } } } }"
CREATE = """mutation($scopes: [String!]!, $until: DateTime!, $key: String!) {
  createApiKey(input: {name: "小程序后台", scopes: $scopes, expiresAt: $until, idempotencyKey: $key}) {
    apiKey { id name prefix scopes } token errors { field code }
  }
}"""
REVOKE = "mutation($id: ID!) { revokeApiKey(input: {apiKeyId: $id}) { apiKey { revokedAt } errors { code } } }"
EDIT = """mutation($id: ID!) {
  updateLegalEducationEvent(input: {eventId: $id, title: "改过的"}) { errors { code } }
}"""


def soon(**time: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(**(time or {"days": 30}))


def key_for(user: User, *scopes: str) -> str:
    """A new key's token."""
    by = Actor.of(User.objects.get(pk=user.pk), "test")
    return actions.create_api_key("脚本", scopes, soon(), by=by)[1]


def call(token: str, query: str, client: Client | None = None, **variables: Any) -> Any:
    client = client or Client(enforce_csrf_checks=True)
    return client.post(
        "/graphql/",
        {"query": query, "variables": variables},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def count(token: str, query: str) -> int:
    data = call(token, query).json()["data"]
    return int(next(iter(data.values()))["totalCount"])


@pytest.fixture
def list_of_one(event_open: LegalEducationEvent) -> LegalEducationEvent:
    community = event_open.community
    person = gate.save(Resident(community=community, name="周若谷", phone="13900000002"), by=SYSTEM)
    gate.save(
        Attendance(community=community, event=event_open, resident=person, name=person.name),
        by=SYSTEM,
    )
    return event_open


def test_a_key_reads_what_it_names_without_a_csrf_token(
    worker: User, list_of_one: LegalEducationEvent
) -> None:
    assert count(key_for(worker, "education.see"), EVENTS) == 1
    assert count(key_for(worker, "attendance.see"), ATTENDANCES) == 1


@pytest.mark.parametrize(
    ("named", "query"),
    [("education.see", ATTENDANCES), ("attendance.see", EVENTS), ("people.see", ATTENDANCES)],
)
def test_a_key_reads_nothing_else(
    worker: User, list_of_one: LegalEducationEvent, named: str, query: str
) -> None:
    assert count(key_for(worker, named), query) == 0


def test_a_key_for_reading_writes_nothing(worker: User, event_open: LegalEducationEvent) -> None:
    event_id = to_base64("LegalEducationEvent", event_open.pk)
    answer = call(key_for(worker, "education.see"), EDIT, id=event_id).json()
    assert answer["data"]["updateLegalEducationEvent"]["errors"] == [{"code": "not_allowed"}]
    event_open.refresh_from_db()
    assert event_open.title != "改过的"
    both = key_for(worker, "education.see", "education.edit")
    answer = call(both, EDIT, id=event_id).json()
    assert answer["data"]["updateLegalEducationEvent"]["errors"] == []
    last = ChangeSet.objects.latest("pk")
    assert (last.actor, last.door) == (worker, "api_key")


def opened_by(user: User, *named: str) -> set[str]:
    """The actions that `user` may do anywhere, through a key that names these."""
    behind_a_key = User.objects.get(pk=user.pk)
    behind_a_key.limited_to = frozenset(named)  # type: ignore[attr-defined]
    return {name for name in GRANTS if scope(behind_a_key, name).anywhere}


def test_every_scope_opens_itself_and_nothing_else(
    worker: User, secretary: User, resident_user: User, admin_user: User
) -> None:
    for user in (worker, secretary, resident_user, admin_user):
        own = {name for name in GRANTS if scope(user, name).anywhere}
        assert own, "the control"
        for action in SCOPES:
            assert opened_by(user, action) == own & {action}, (user.username, action)
        assert opened_by(user, *SCOPES) == own & set(SCOPES)
        assert opened_by(user) == set()


def test_a_key_never_does_more_than_its_owner(
    resident_user: User, list_of_one: LegalEducationEvent
) -> None:
    assert count(key_for(resident_user, "attendance.see", "people.see"), ATTENDANCES) == 0


def test_another_communitys_rows_do_not_exist_for_a_key(
    other_worker: User, list_of_one: LegalEducationEvent
) -> None:
    assert count(key_for(other_worker, "education.see", "attendance.see"), EVENTS) == 0


def test_when_the_role_ends_the_key_gives_nothing(
    worker: User, list_of_one: LegalEducationEvent
) -> None:
    token = key_for(worker, "education.see")
    role = CommunityRole.objects.get(user=worker)
    role.valid_to = timezone.localdate() - datetime.timedelta(days=1)
    gate.save(role, by=SYSTEM)
    assert count(token, EVENTS) == 0


def refused(answer: Any) -> bool:
    body = answer.json()
    return bool(
        answer.status_code == 401
        and body["errors"][0]["extensions"]["code"] == "key_invalid"
        and answer["WWW-Authenticate"] == "Bearer"
    )


def test_wrong_ended_and_revoked_keys_are_401(worker: User, admin_user: User) -> None:
    token = key_for(worker, "education.see")
    key = ApiKey.objects.get()
    assert call(token, EVENTS).status_code == 200, "the control"
    prefix, _secret = taken_apart(token) or ("", "")
    for wrong in (f"llk_{prefix}_wrong", token[:-1], f"{token}x", "llk_x_y", "llk_", "llk_nothing"):
        assert refused(call(wrong, EVENTS)), wrong
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert refused(call(token, EVENTS))
    ApiKey.objects.filter(pk=key.pk).update(expires_at=soon())
    actions.revoke_api_key(ApiKey.objects.get(), by=Actor.of(worker, "test"))
    assert refused(call(token, EVENTS))


def test_an_owner_who_is_deactivated_takes_the_key_along_for_good(
    worker: User, admin_user: User
) -> None:
    token = key_for(worker, "education.see")
    User.objects.filter(pk=worker.pk).update(is_active=False)
    assert refused(call(token, EVENTS))
    actions.shut_out(User.objects.get(pk=worker.pk), by=Actor.of(admin_user, "test"))
    User.objects.filter(pk=worker.pk).update(is_active=True)
    assert refused(call(token, EVENTS))


def test_the_secret_is_kept_as_a_hash_alone(worker: User) -> None:
    token = key_for(worker, "education.see")
    _prefix, secret = taken_apart(token) or ("", "")
    assert len(secret) >= 43, "256 bits"
    stored = str(list(ApiKey.objects.values()))
    assert secret not in stored
    assert digest_of(secret) in stored
    assert new_secret().token != new_secret().token


def test_a_key_opens_the_api_alone(worker: User) -> None:
    token = key_for(worker, *SCOPES)
    for path in ("/admin/", "/accounts/", "/accounts/sessions/"):
        answer = Client().get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 302, path


def test_beside_a_session_cookie_the_cookies_rules_hold(worker: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    assert call(key_for(worker, "education.see"), EVENTS, browser).status_code == 403


def test_what_is_somebodys_own_is_not_a_keys_business(worker: User) -> None:
    token = key_for(worker, *SCOPES)
    answer = call(token, "{ mySessions { id } }").json()
    assert answer["errors"][0]["extensions"]["code"] == "not_allowed"
    for mutation in (
        "revokeOtherSessions(input: {}) { errors { code } }",
        'revokeSession(input: {sessionId: "1"}) { errors { code } }',
        'claimResident(input: {community: "xinhe", name: "王"}) { errors { code } }',
    ):
        (field,) = call(token, f"mutation {{ {mutation} }}").json()["data"].values()
        assert field["errors"] == [{"code": "not_allowed"}], mutation


def test_a_key_makes_and_sees_no_keys(worker: User) -> None:
    token = key_for(worker, *SCOPES)
    answer = call(token, CREATE, scopes=["people.see"], until=soon().isoformat(), key="k").json()
    assert answer["data"]["createApiKey"]["errors"] == [{"field": None, "code": "not_allowed"}]
    assert ApiKey.objects.count() == 1
    assert call(token, MY_KEYS).json()["data"]["myApiKeys"]["edges"] == []


def test_own_reads_ask_whether_the_key_names_them(worker: User) -> None:
    assert reaches_own(worker, "registrations.register")
    worker.limited_to = frozenset({"education.see"})  # type: ignore[attr-defined]
    assert not reaches_own(worker, "registrations.register")
    assert reaches_own(worker, "education.see")


def test_the_time_of_last_use_is_coarse(worker: User) -> None:
    token = key_for(worker, "education.see")
    call(token, EVENTS)
    first = ApiKeyUse.objects.get().last_used_at
    call(token, EVENTS)
    assert ApiKeyUse.objects.get().last_used_at == first
    ApiKeyUse.objects.update(last_used_at=first - datetime.timedelta(hours=1))
    call(token, EVENTS)
    assert ApiKeyUse.objects.get().last_used_at >= first
    assert ChangeSet.objects.filter(verb__contains="ApiKey").count() == 1, "using is no change"


# --- the API ---------------------------------------------------------------------------------------


def in_api(client: Client, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    return client.post("/graphql/", body, content_type="application/json").json()["data"]


def test_the_api_makes_lists_and_revokes_a_key(
    worker: User, event_open: LegalEducationEvent
) -> None:
    client = signed_in(worker)
    given = {"scopes": ["education.see"], "until": soon().isoformat(), "key": "k"}
    made = in_api(client, CREATE, **given)["createApiKey"]
    assert made["errors"] == []
    assert count(made["token"], EVENTS) == 1
    again = in_api(client, CREATE, **given)["createApiKey"]
    assert (again["apiKey"], again["token"]) == (made["apiKey"], None), "shown once"
    (edge,) = in_api(client, MY_KEYS)["myApiKeys"]["edges"]
    assert edge["node"]["prefix"] in made["token"]
    assert edge["node"]["lastUsedAt"] is not None
    ended = in_api(client, REVOKE, id=edge["node"]["id"])["revokeApiKey"]
    assert ended["errors"] == []
    assert refused(call(made["token"], EVENTS))
    twice = in_api(client, REVOKE, id=edge["node"]["id"])["revokeApiKey"]
    assert twice["errors"] == [{"code": "key_revoked"}]


@pytest.mark.parametrize(
    ("scopes", "until", "code"),
    [
        ([], {"days": 1}, "scope_missing"),
        (["education.fly"], {"days": 1}, "scope_unknown"),
        (["api_keys.edit"], {"days": 1}, "scope_unknown"),
        (["accounts.edit"], {"days": 1}, "scope_unknown"),
        (["education.see"], {"days": -1}, "key_expiry_invalid"),
        (["education.see"], {"days": 400}, "key_expiry_invalid"),
    ],
)
def test_a_key_that_breaks_a_rule_is_not_made(
    worker: User, scopes: list[str], until: dict[str, int], code: str
) -> None:
    given = {"scopes": scopes, "until": soon(**until).isoformat(), "key": "k"}
    made = in_api(signed_in(worker), CREATE, **given)["createApiKey"]
    assert [error["code"] for error in made["errors"]] == [code]
    assert made["token"] is None
    assert not ApiKey.objects.exists()


def test_the_keys_of_others_do_not_exist(
    worker: User, secretary: User, other_worker: User, admin_user: User
) -> None:
    key_for(worker, "education.see")
    key_id = to_base64("ApiKey", ApiKey.objects.get().pk)
    for user in (secretary, other_worker):
        client = signed_in(user)
        assert in_api(client, MY_KEYS)["myApiKeys"]["edges"] == []
        answer = in_api(client, REVOKE, id=key_id)["revokeApiKey"]
        assert answer["errors"] == [{"code": "not_found"}]
    anonymous = in_api(Client(), REVOKE, id=key_id)["revokeApiKey"]
    assert anonymous["errors"] == [{"code": "not_found"}]
    assert ApiKey.objects.get().revoked_at is None
    answer = in_api(signed_in(admin_user), REVOKE, id=key_id)["revokeApiKey"]
    assert answer["errors"] == []


def test_where_second_factors_are_required_a_key_is_made_after_one(
    resident_user: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    given = {"scopes": ["places.see"], "until": soon().isoformat(), "key": "k"}
    made = in_api(signed_in(resident_user), CREATE, **given)["createApiKey"]
    assert [error["code"] for error in made["errors"]] == ["second_factor_required"]
    assert not ApiKey.objects.exists()


def test_a_key_of_an_owner_without_a_second_factor_is_stopped(
    worker: User, settings: Any, event_open: LegalEducationEvent
) -> None:
    token = key_for(worker, "education.see")
    settings.SECOND_FACTOR_REQUIRED = True
    answer = call(token, EVENTS)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "second_factor_required"


# --- the admin -------------------------------------------------------------------------------------

NEW = "/admin/accounts/apikey/add/"


def on_page(**values: Any) -> dict[str, Any]:
    last_day = timezone.localdate() + datetime.timedelta(days=30)
    return {"name": "脚本", "expires_on": last_day, "scopes": ["education.see"]} | values


def test_the_page_offers_what_the_owner_may_and_shows_the_key_once(
    worker: User, event_open: LegalEducationEvent
) -> None:
    client = just_confirmed(worker)
    form = client.get(NEW).content.decode()
    assert "普法活动" in form
    assert 'value="privacy.erase"' not in form
    answer = client.post(NEW, on_page())
    token = answer.context["token"]
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert count(token, EVENTS) == 1
    key = ApiKey.objects.get()
    for path in ("/admin/accounts/apikey/", f"/admin/accounts/apikey/{key.pk}/change/"):
        page = client.get(path)
        assert page.status_code == 200
        assert key.prefix in page.content.decode()
        assert token.split("_", 2)[2] not in page.content.decode()
        assert key.digest not in page.content.decode()


def test_the_page_refuses_what_the_rules_refuse(worker: User) -> None:
    client = signed_in(worker)
    far = timezone.localdate() + datetime.timedelta(days=400)
    for values in ({"expires_on": far}, {"scopes": ["privacy.erase"]}, {"scopes": []}):
        answer = client.post(NEW, on_page(**values))
        assert "ll-note--error" in answer.content.decode()
        assert not ApiKey.objects.exists()


def test_the_page_revokes_a_key(worker: User, other_worker: User) -> None:
    token = key_for(worker, "education.see")
    address = f"/admin/accounts/apikey/{ApiKey.objects.get().pk}/revoke/"
    assert signed_in(other_worker).post(address).status_code == 403
    assert call(token, EVENTS).status_code == 200
    client = signed_in(worker)
    assert "停用" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert refused(call(token, EVENTS))


def test_residents_and_strangers_make_no_keys_on_the_page(resident_user: User) -> None:
    assert signed_in(resident_user).get(NEW).status_code == 302
    assert Client().get(NEW).status_code == 302


def test_who_holds_no_role_has_no_keys(db: None) -> None:
    user = User.objects.create_user("nobody", password="demo-nobody")
    with pytest.raises(RuleViolation) as said:
        actions.create_api_key("脚本", ["places.see"], soon(), by=Actor.of(user, "test"))
    assert said.value.code == "not_allowed"
    assert not ApiKey.objects.exists()
