"""Accounts, wording, requests, seats: what the pages do of them, through the main API."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.accounts.models import ApiKey
from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangeSet
from backend.meetings.models import MeetingSettings, Seat
from backend.meetings.template_model import MinutesTemplate
from backend.meetings.word import DEFAULT as MINUTES
from backend.messaging.models import Delivery, InboxMessage, MessageTemplate
from backend.people.models import Organization, Representative, User
from backend.places.models import Community
from backend.privacy.models import CommunityPrivacy, SubjectRequest
from backend.volunteers.certificate_word import FORM
from backend.volunteers.models import CertificateTemplate, Honour, HonourLevel
from tests.access import desk_verbs as desk
from tests.access import people_verbs as people
from tests.access.verbs import answered
from tests.access.world import ELSEWHERE, HOME, client_of, row_of
from tests.accounts.test_keys import call, key_for
from tests.accounts.test_pages import signed_in as with_a_session
from tests.schema.asking import caller, carried_out, data, id_of, nodes

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
CERTIFICATE = FORM.default
LOST = {"username": "worker", "reason": "手机丢了"}
ACCOUNT = "account { username active } ended"


def signed_in(name: str) -> Client:
    return caller(User.objects.get(username=name))


def codes(client: Client, verb: str, **given: Any) -> list[str]:
    found: list[str] = carried_out(client, verb, "__typename", **given)["errors"]
    return found


# --- accounts --------------------------------------------------------------------------------------


def test_an_account_is_signed_out_everywhere() -> None:
    theirs = with_a_session(User.objects.get(username="worker"))
    told = carried_out(signed_in("admin"), "signOutEverywhere", ACCOUNT, **LOST)
    assert told["account"] == {"username": "worker", "active": True}
    assert told["ended"] == 1
    assert data(theirs, "{ me { username } }")["me"] is None
    made = ChangeSet.objects.latest("pk")
    assert (made.verb, made.reason, made.door) == (
        "sign out everywhere",
        "worker：手机丢了",
        "graphql",
    )


def test_second_factors_are_taken_off_others_alone() -> None:
    admin, worker = (User.objects.get(username=name) for name in ("admin", "worker"))
    for user in (admin, worker):
        Authenticator.objects.create(user=user, type="totp", data={})
    client = caller(admin)
    assert codes(client, "takeSecondFactors", username="admin", reason="手机丢了") == [
        "own_account"
    ]
    assert codes(client, "takeSecondFactors", username="worker", reason=" ") == ["reason_required"]
    assert Authenticator.objects.count() == 2
    told = carried_out(client, "takeSecondFactors", ACCOUNT, **LOST)
    assert (told["errors"], told["ended"]) == ([], None)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [admin.pk]


def test_an_account_is_closed_with_its_keys_and_opened_without_them() -> None:
    worker = User.objects.get(username="worker")
    token, client = key_for(worker, "places.see"), signed_in("admin")
    assert call(token, "{ me { username } }").json()["data"]["me"] is not None, "the control"
    assert codes(client, "closeAccount", username="admin", reason="x") == ["own_account"]
    assert codes(client, "reopenAccount", **LOST) == ["account_open"]
    told = carried_out(client, "closeAccount", ACCOUNT, **LOST)
    assert told["account"] == {"username": "worker", "active": False}
    assert codes(client, "closeAccount", **LOST) == ["account_closed"]
    told = carried_out(client, "reopenAccount", ACCOUNT, **LOST)
    assert told["account"] == {"username": "worker", "active": True}
    assert ApiKey.objects.get(owner=worker).revoked_at is not None


@pytest.mark.parametrize("verb", ["signOutEverywhere", "takeSecondFactors", "closeAccount"])
def test_no_secretary_and_no_key_reaches_an_account(verb: str) -> None:
    assert codes(signed_in("secretary"), verb, **LOST) == ["not_allowed"]
    neighbour = {"username": "dongfang-worker", "reason": "x"}
    assert codes(signed_in("secretary"), verb, **neighbour) == ["not_found"]
    admin = User.objects.get(username="admin")
    token = key_for(admin, "places.see", "privacy.edit")
    query = (
        f'mutation {{ {verb}(input: {{username: "worker", reason: "x"}}) {{ errors {{ code }} }} }}'
    )
    assert call(token, query).json()["data"][verb]["errors"][0]["code"] in (
        "not_found",
        "not_allowed",
    )
    assert User.objects.get(username="worker").is_active


# --- messages --------------------------------------------------------------------------------------


def test_a_kind_of_message_is_worded_tried_and_reset() -> None:
    client = signed_in("worker")
    kinds = {one["code"]: one for one in data(client, KINDS)["messageKinds"]}
    assert "sign_in_code" not in kinds
    mine = kinds[desk.KIND]
    needed = [one["name"] for one in mine["placeholders"] if one["needed"]]
    given = desk.words() | {"title": "报上了"}
    assert codes(client, "tryMessageTemplate", **given | {"body": "没有占位符"}) == (
        ["placeholder_missing"] if needed else []
    )
    assert codes(client, "tryMessageTemplate", **given | {"body": "{nobody}"}) == [
        "placeholder_unknown"
    ]
    told = carried_out(client, "tryMessageTemplate", "channels", **given)
    assert told["channels"][0] == "INBOX"
    assert InboxMessage.objects.latest("pk").title == "【试发】报上了"
    assert not MessageTemplate.objects.filter(kind=desk.KIND).exists()
    made = carried_out(
        client, "createMessageTemplate", "template { id title bySms }", **given, **desk.KEY
    )
    again = carried_out(
        client,
        "createMessageTemplate",
        "template { id title bySms }",
        **given | {"idempotencyKey": "b"},
    )
    assert again["errors"] == ["template_taken"]
    key = made["template"]["id"]
    listed = data(client, "{ messageTemplates(first: 9) { edges { node { id kind title } } } }")
    assert nodes(listed["messageTemplates"])[0]["id"] == key
    assert codes(signed_in("dongfang-worker"), "resetMessageTemplate", templateId=key) == [
        "not_found"
    ]
    told = carried_out(client, "resetMessageTemplate", "template { id }", templateId=key)
    assert (told["errors"], told["template"]) == ([], None)
    assert not MessageTemplate.objects.filter(kind=desk.KIND).exists()


KINDS = "{ messageKinds { code label title body channels placeholders { name label needed } } }"


def test_a_failed_message_goes_out_again() -> None:
    User.objects.filter(username="worker").update(email="worker@example.org")
    row = desk.delivery()
    client = signed_in("secretary")
    listed = data(
        client, "{ deliveries(first: 5, filters: {state: [GIVEN_UP]}) { edges { node { id } } } }"
    )
    assert id_of(row) in {node["id"] for node in nodes(listed["deliveries"])}
    told = carried_out(
        client, "retryDelivery", "delivery { state stateLabel maskedTo }", deliveryId=id_of(row)
    )
    if told["errors"]:
        # Without a verified address nobody knows where to.
        assert told["errors"] == ["address_missing"]
        return
    assert told["delivery"]["state"] == "PENDING"
    assert "worker@" not in told["delivery"]["maskedTo"]
    assert codes(client, "retryDelivery", deliveryId=id_of(row)) == ["delivery_not_failed"]
    assert mail.outbox == []


def test_a_neighbours_message_is_not_there() -> None:
    row = desk.delivery(community=Community.objects.get(code=ELSEWHERE))
    assert codes(signed_in("secretary"), "retryDelivery", deliveryId=id_of(row)) == ["not_found"]
    assert Delivery.objects.get(pk=row.pk).state == "given_up"


# --- one's own data ----------------------------------------------------------------------------------


def test_the_desk_takes_a_request_down_and_settles_it() -> None:
    client = signed_in("worker")
    given = desk.VERBS["recordSubjectRequest"][1]()
    assert codes(client, "recordSubjectRequest", **given | {"identified": "ACCOUNT"}) == [
        "identified_otherwise"
    ]
    assert codes(client, "recordSubjectRequest", **given | {"details": ""}) == ["correction_empty"]
    wanted = "request { id status availableActions { name allowed } }"
    told = carried_out(client, "recordSubjectRequest", wanted, **given)["request"]
    assert told["status"] == "RECEIVED"
    assert {one["name"] for one in told["availableActions"]} == {"finish", "refuse"}
    key = {"requestId": told["id"]}
    assert codes(signed_in("dongfang-worker"), "finishSubjectRequest", **key) == ["not_found"]
    assert codes(client, "refuseSubjectRequest", **key, reason="") == ["reason_required"]
    done = carried_out(client, "finishSubjectRequest", wanted, **key)
    assert (done["request"]["status"], done["request"]["availableActions"]) == ("DONE", [])
    assert codes(client, "refuseSubjectRequest", **key, reason="x") == ["wrong_state"]
    # A second try with the key is the first.
    again = carried_out(client, "recordSubjectRequest", wanted, **given)["request"]
    assert again["id"] == told["id"]


def test_erasing_is_no_tick() -> None:
    row = desk.request("erase")
    told = codes(signed_in("secretary"), "finishSubjectRequest", requestId=id_of(row))
    assert told == ["erase_needs_confirmation"]
    assert SubjectRequest.objects.get(pk=row.pk).status == "received"


def test_a_community_says_once_what_it_keeps() -> None:
    CommunityPrivacy.objects.filter(community__code=HOME).delete()
    client = signed_in("secretary")
    wanted = "privacy { id identityNumbersOn partyMembershipOn revision }"
    given = {"community": HOME, "partyMembershipOn": True}
    told = carried_out(client, "createCommunityPrivacy", wanted, **given, idempotencyKey="a")
    assert told["privacy"]["partyMembershipOn"]
    assert codes(client, "createCommunityPrivacy", **given, idempotencyKey="b") == [
        "privacy_settings_taken"
    ]
    there: Any = row_of(CommunityPrivacy, ELSEWHERE)
    assert codes(client, "updateCommunityPrivacy", privacyId=id_of(there)) == ["not_found"]


def test_a_community_settles_by_which_rules_it_meets() -> None:
    MeetingSettings.objects.filter(community__code=HOME).delete()
    client = signed_in("secretary")
    wanted = "settings { id noticeDays majority tripartiteLeast revision }"
    given = {"community": HOME, "noticeDays": 5}
    told = carried_out(client, "createMeetingSettings", wanted, **given, idempotencyKey="a")
    # What was not said is as usual.
    assert (told["settings"]["noticeDays"], told["settings"]["tripartiteLeast"]) == (5, 2)
    again = codes(client, "createMeetingSettings", **given, idempotencyKey="b")
    assert again == ["settings_taken"]
    key, seen = told["settings"]["id"], told["settings"]["revision"]
    changed = {"settingsId": key, "majority": "ABSOLUTE", "expectedRevision": seen}
    told = carried_out(client, "updateMeetingSettings", wanted, **changed)
    assert (told["settings"]["majority"], told["settings"]["noticeDays"]) == ("ABSOLUTE", 5)
    # Somebody else has changed it since; and a quorum that nobody could reach is refused.
    assert codes(client, "updateMeetingSettings", **changed) == ["changed_meanwhile"]
    assert codes(client, "updateMeetingSettings", settingsId=key, overNumerator=3) == [
        "quorum_invalid"
    ]
    assert MeetingSettings.objects.get(community__code=HOME).over_numerator == 1
    elsewhere = Community.objects.get(code=ELSEWHERE)
    there = gate.save(MeetingSettings(community=elsewhere), by=SYSTEM)
    assert codes(client, "updateMeetingSettings", settingsId=id_of(there)) == ["not_found"]


# --- levels, seats, contacts -------------------------------------------------------------------------


def test_the_usual_levels_are_for_who_has_none() -> None:
    client = signed_in("secretary")
    assert codes(client, "setUsualHonourLevels", community=HOME) == ["levels_there"]
    Honour.objects.all().delete()
    HonourLevel.objects.all().delete()
    told = carried_out(client, "setUsualHonourLevels", "levels { name minutes }", community=HOME)
    assert [one["minutes"] for one in told["levels"]] == [
        hours * 60 for hours in (100, 300, 600, 1000, 1500)
    ]
    assert codes(client, "setUsualHonourLevels", community=ELSEWHERE) == ["not_found"]


def test_a_seat_may_change_its_holder_by_the_rules() -> None:
    body, home = desk.representative().organization, desk.home()
    row = gate.save(
        Seat(community=home, tier="extended", organization=body, valid_from=desk.DAY), by=SYSTEM
    )
    client, key = signed_in("secretary"), {"seatId": id_of(row)}
    wanted = "seat { holder personName organization { name } }"
    assert codes(client, "updateSeat", **key, tier="CORE") == ["seat_unsuitable"]
    assert codes(client, "updateSeat", **key, organizationId=None) == ["seat_holder_missing"]
    told = carried_out(
        client,
        "updateSeat",
        wanted,
        **key,
        holder="PARTY_MEMBER",
        organizationId=None,
        personName="钱若水",
    )
    assert told["errors"] == []
    assert told["seat"]["organization"] is None
    assert told["seat"]["personName"] == "钱*"
    back = carried_out(client, "updateSeat", wanted, **key, personName="钱*")
    assert back["errors"] == []
    row.refresh_from_db()
    assert row.person_name == "钱若水"
    elsewhere = Organization.objects.filter(community__code=ELSEWHERE).first()
    if elsewhere is not None:
        assert codes(client, "updateSeat", **key, organizationId=id_of(elsewhere)) == ["not_found"]


def test_an_account_is_tied_to_who_speaks_for_a_body() -> None:
    row, account = desk.representative(), desk.nobodys()
    client, key = signed_in("secretary"), {"representativeId": id_of(row)}
    verb = "tieRepresentativeAccount"
    assert codes(client, verb, **key, username="dongfang-worker") == ["not_found"]
    assert codes(client, verb, **key, username="admin") == ["not_found"]
    assert codes(client, verb, **key, username=account.username) == []
    assert Representative.objects.get(pk=row.pk).user == account
    other = Representative(
        community=row.community, organization=row.organization, name="孙若云", valid_from=desk.DAY
    )
    other = gate.save(other, by=SYSTEM)
    twice = {"representativeId": id_of(other), "username": account.username}
    assert codes(client, verb, **twice) == ["account_shared"]
    assert codes(signed_in("dongfang-worker"), "untieRepresentativeAccount", **key) == ["not_found"]
    assert codes(client, "untieRepresentativeAccount", **key) == []
    assert Representative.objects.get(pk=row.pk).user is None


def test_the_page_does_not_offer_to_close_ones_own_account() -> None:
    client = client_of("installation")
    own = User.objects.get(username="cell-installation")
    page = client.get(f"/admin/people/user/{own.pk}/change/").content.decode()
    other = User.objects.get(username="worker")
    assert 'name="is_active"' not in page
    assert (
        'name="is_active"' in client.get(f"/admin/people/user/{other.pk}/change/").content.decode()
    )


@pytest.mark.parametrize("of", ["MINUTES", "CERTIFICATE"])
def test_a_word_template_is_tried_before_it_holds(of: str) -> None:
    client, given = signed_in("secretary"), {"community": HOME, "of": of}
    wanted = "template { of name replacedBy } errors { code }"

    def replaced(client: Client, content: bytes, **other: Any) -> dict[str, Any]:
        file = SimpleUploadedFile("模板.docx", content)
        return answered(client, "replaceWordTemplate", given | other | {"file": file}, wanted)

    good = {"MINUTES": MINUTES, "CERTIFICATE": CERTIFICATE}[of].read_bytes()
    assert replaced(client, b"no word")["errors"] == [{"code": "template_unreadable"}]
    assert replaced(client, good, community=ELSEWHERE)["errors"] == [{"code": "not_found"}]
    assert replaced(signed_in("steward"), good)["errors"] == [{"code": "not_allowed"}]
    assert replaced(client, good)["template"] == {
        "of": of,
        "name": "模板.docx",
        "replacedBy": "secretary",
    }
    rows = {"MINUTES": MinutesTemplate, "CERTIFICATE": CertificateTemplate}[of]._default_manager
    assert rows.filter(community__code=HOME).count() == 1
    assert codes(signed_in("steward"), "dropWordTemplate", **given) == ["not_allowed"]
    assert codes(client, "dropWordTemplate", **given) == []
    assert rows.filter(community__code=HOME).count() == 0


# --- households ------------------------------------------------------------------------------------


def test_a_door_becomes_a_household_once_and_in_the_own_community() -> None:
    given = people.new_house()
    wanted = "household { occupied building community { code } members { id } }"
    told = carried_out(signed_in("worker"), "createHousehold", wanted, **given)
    assert told["errors"] == []
    assert told["household"]["occupied"] is False
    assert told["household"]["community"] == {"code": HOME}
    again = carried_out(signed_in("worker"), "createHousehold", wanted, **given)
    assert again["household"] == told["household"]
    other = given | {"idempotencyKey": "k2"}
    assert codes(signed_in("worker"), "createHousehold", **other) == ["household_taken"]
    nowhere = other | {"door": "没有这个门"}
    assert codes(signed_in("worker"), "createHousehold", **nowhere) == ["address_unknown"]
    assert codes(signed_in("resident"), "createHousehold", **other) == ["not_allowed"]
    assert codes(signed_in("dongfang-worker"), "createHousehold", **other) == ["not_found"]
