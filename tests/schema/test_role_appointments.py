"""Appointments and new accounts through the main API: as on the administrator's pages."""

import datetime
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts.first_sign_in import owner_of
from backend.core.models import ChangeSet, IdempotencyKey
from backend.core.roles import Role
from backend.people.models import CommunityRole, User
from backend.places.models import Community, Estate, Subdistrict
from tests.access.desk_verbs import appointment, nobodys
from tests.access.world import ELSEWHERE, HOME, SINCE
from tests.accounts.test_keys import call, key_for
from tests.schema.asking import caller, carried_out, data, id_of, nodes

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
WANTED = (
    "appointment { username role roleLabel validFrom validTo inOffice revision "
    "community { code } estate { code } subdistrict { code } }"
)
NEW = {"username": "qianruoshui", "name": "钱若水", "onStaff": True, "idempotencyKey": "n1"}
MADE = "account { username active } firstSignInLink"


def signed_in(name: str) -> Client:
    return caller(User.objects.get(username=name))


def appointed(name: str, **given: Any) -> dict[str, Any]:
    usual = {
        "username": given.pop("username", None) or nobodys().username,
        "role": "WORKER",
        "community": HOME,
        "validFrom": "2025-03-01",
        "idempotencyKey": f"k{CommunityRole.objects.count()}",
    }
    return carried_out(signed_in(name), "appointRole", WANTED, **usual | given)


# --- appointments ----------------------------------------------------------------------------------


def test_somebody_is_appointed_once_and_may_then_do_the_work() -> None:
    user = nobodys()
    given = {"username": user.username, "idempotencyKey": "one", "role": "STEWARD"}
    estate = Estate.objects.get(code="wanda")
    told = appointed("admin", **given, estateId=id_of(estate))
    assert told["errors"] == []
    assert told["appointment"] == {
        "username": user.username,
        "role": "STEWARD",
        "roleLabel": "网格员",
        "validFrom": "2025-03-01",
        "validTo": None,
        "inOffice": True,
        "revision": 1,
        "community": {"code": HOME},
        "estate": {"code": "wanda"},
        "subdistrict": None,
    }
    again = appointed("admin", **given, estateId=id_of(estate))
    assert again["appointment"] == told["appointment"]
    assert CommunityRole.objects.filter(user=user).count() == 1
    made = ChangeSet.objects.latest("pk")
    assert (made.door, made.actor_name) == ("graphql", "admin")
    assert data(caller(user), "{ me { roles } }")["me"]["roles"] == ["steward"]


def test_an_office_holds_in_a_subdistrict() -> None:
    place = Subdistrict.objects.get()
    told = appointed("admin", role="OFFICE", community=None, subdistrict=place.code)
    assert told["appointment"]["subdistrict"] == {"code": place.code}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"role": "INSTALLATION"}, "role_of_installation"),
        ({"community": None}, "role_place_missing"),
        ({"validTo": "2025-02-01"}, "term_reversed"),
        ({"username": "no-such-account"}, "not_found"),
        ({"community": "no-such-place"}, "not_found"),
        ({"community": None, "subdistrict": "no-such-place"}, "not_found"),
    ],
)
def test_what_the_page_refuses_is_refused(given: dict[str, Any], code: str) -> None:
    before = CommunityRole.objects.count()
    assert appointed("admin", **given)["errors"] == [code]
    assert CommunityRole.objects.count() == before


def test_nobody_raises_themselves_nor_learns_the_names_of_accounts() -> None:
    for name in ("secretary", "worker", "resident"):
        for username in (name, "no-such-account", nobodys().username):
            given = {"username": username, "role": "SECRETARY"}
            assert appointed(name, **given)["errors"] == ["not_allowed"]
    place = Community.objects.get(code=HOME)
    # The control: somebody whose row no door makes any more, and who has the right here alone.
    raised = User.objects.create_user("raised", is_staff=True)
    row = CommunityRole(user=raised, role=Role.INSTALLATION, community=place, valid_from=SINCE)
    CommunityRole.objects.bulk_create([row])
    own = {"username": "raised", "role": "INSTALLATION"}
    assert appointed("raised", **own)["errors"] == ["role_of_installation"]
    assert appointed("raised", community=ELSEWHERE)["errors"] == ["not_found"]
    assert appointed("raised", username="dongfang-worker")["errors"] == ["not_found"]
    assert appointed("raised")["errors"] == []


def test_a_term_is_changed_ended_and_taken_away() -> None:
    row, client = appointment(), signed_in("admin")
    key = {"appointmentId": id_of(row)}
    told = carried_out(
        client, "updateRoleAppointment", WANTED, **key, role="MEDIATOR", expectedRevision=1
    )
    assert told["appointment"]["role"] == "MEDIATOR"
    stale = carried_out(
        client, "updateRoleAppointment", WANTED, **key, role="WORKER", expectedRevision=1
    )
    assert stale["errors"] == ["changed_meanwhile"]
    end = {**key, "on": "2025-12-31", "reason": "调走"}
    told = carried_out(client, "endRoleAppointment", WANTED, **end)
    assert told["appointment"]["validTo"] == "2025-12-31"
    assert ChangeSet.objects.latest("pk").reason == "调走"
    for on, code in (("2025-12-31", "appointment_over"), ("2025-01-01", "term_reversed")):
        again = carried_out(client, "endRoleAppointment", WANTED, **end | {"on": on})
        assert again["errors"] == [code]
    held = {"validTo": None}
    assert carried_out(client, "updateRoleAppointment", WANTED, **key, **held)["errors"] == []
    told = carried_out(client, "endRoleAppointment", WANTED, **key)
    assert told["appointment"]["validTo"] == datetime.date.today().isoformat()
    told = carried_out(client, "removeRoleAppointment", WANTED, **key)
    assert (told["errors"], told["appointment"]) == ([], None)
    assert not CommunityRole.objects.filter(pk=row.pk).exists()


def test_the_list_is_that_of_the_page() -> None:
    row = appointment()
    query = "{ roleAppointments(filters: %s, order: [{ validFrom: DESC }]) { totalCount edges { node { username community { code } } } } }"

    def listed(name: str, filters: str) -> list[Any]:
        return nodes(data(signed_in(name), query % filters)["roleAppointments"])

    mine = f'{{ username: "{row.user.username}", role: [WORKER], heldOn: "2025-03-01" }}'
    for name in ("admin", "secretary"):
        assert listed(name, mine) == [{"username": row.user.username, "community": {"code": HOME}}]
    assert listed("admin", mine.replace("03-01", "02-28")) == []
    # What is another community's is not there, nor is anything for who does not administer accounts.
    assert listed("admin", f'{{ community: "{ELSEWHERE}" }}')
    assert listed("secretary", f'{{ community: "{ELSEWHERE}" }}') == []
    assert listed("worker", "{}") == []
    given = {"appointmentId": id_of(row), "validTo": "2026-01-31"}
    for name, code in (("secretary", "not_allowed"), ("dongfang-worker", "not_found")):
        told = carried_out(signed_in(name), "updateRoleAppointment", WANTED, **given)
        assert told["errors"] == [code]


def test_the_list_takes_as_many_statements_whatever_its_length() -> None:
    client, taken = signed_in("admin"), []
    query = """{ roleAppointments(first: 100) { edges { node { username inOffice
        community { code } estate { code community { code } } subdistrict { code } } } } }"""
    for more in (0, 6):
        for _ in range(more):
            appointment()
        with CaptureQueriesContext(connection) as statements:
            rows = nodes(data(client, query)["roleAppointments"])
        taken.append((len(rows), len(statements)))
    (few, before), (many, after) = taken
    assert (many - few, after) == (6, before)


# --- new accounts ----------------------------------------------------------------------------------


def test_a_new_account_waits_for_its_owner(caplog: pytest.LogCaptureFixture) -> None:
    client = signed_in("admin")
    with caplog.at_level(logging.DEBUG):
        told = carried_out(client, "createAccount", MADE, **NEW)
    assert told["account"] == {"username": "qianruoshui", "active": True}
    user = User.objects.get(username="qianruoshui")
    assert (user.first_name, user.is_staff, user.is_superuser) == ("钱若水", True, False)
    assert not user.has_usable_password()
    token = told["firstSignInLink"].rstrip("/").rsplit("/", 1)[1]
    assert owner_of(token) == user
    assert token not in caplog.text
    kept = IdempotencyKey.objects.get(verb="createAccount")
    assert token not in str(vars(kept))
    # The same again: the account, and no second link.
    again = carried_out(client, "createAccount", MADE, **NEW)
    assert again["account"] == told["account"]
    assert again["firstSignInLink"] is None
    page = Client().post(
        told["firstSignInLink"], {"password1": "yulan-2025-hua", "password2": "yulan-2025-hua"}
    )
    assert page.status_code == 302
    assert Client().get(told["firstSignInLink"]).status_code == 410


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"username": "worker"}, "username_taken"),
        ({"username": "钱 若水"}, "username_invalid"),
        ({"name": " "}, "account_nameless"),
    ],
)
def test_an_account_that_nobody_could_use_is_refused(given: dict[str, Any], code: str) -> None:
    told = carried_out(signed_in("admin"), "createAccount", MADE, **NEW | given)
    assert told["errors"] == [code]
    assert told["firstSignInLink"] is None


@pytest.mark.parametrize("verb", ["createAccount", "appointRole"])
def test_no_key_makes_an_account_or_gives_a_role(verb: str) -> None:
    admin = User.objects.get(username="admin")
    token, before = key_for(admin, "places.see", "people.edit"), User.objects.count()
    given = {
        "createAccount": 'username: "anybody", name: "钱若水", onStaff: true',
        "appointRole": f'username: "worker", role: SECRETARY, community: "{HOME}", validFrom: "2025-03-01"',
    }[verb]
    query = (
        f'mutation {{ {verb}(input: {{ {given}, idempotencyKey: "k" }}) {{ errors {{ code }} }} }}'
    )
    answer = call(token, query).json()["data"][verb]
    assert answer["errors"] == [{"code": "not_allowed"}]
    assert User.objects.count() == before
    listed = call(token, "{ roleAppointments { totalCount } }").json()["data"]
    assert listed["roleAppointments"]["totalCount"] == 0


def test_where_second_factors_are_required_an_account_takes_one(settings: Any) -> None:
    client = signed_in("admin")
    settings.SECOND_FACTOR_REQUIRED = True
    query = 'mutation { createAccount(input: {username: "anybody", name: "钱若水", onStaff: true, idempotencyKey: "k"}) { errors { code } } }'
    answer = client.post("/graphql/", {"query": query}, content_type="application/json")
    assert "second_factor_required" in answer.content.decode()
    assert not User.objects.filter(username="anybody").exists()
