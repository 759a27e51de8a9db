"""Places, bodies and settings through the main API: the rules of the pages hold, and nothing else."""

from typing import Any

import pytest
from django.test import Client
from strawberry.relay import to_base64

from backend.people.models import Consent, PrivacyNotice, Representative
from backend.places.models import Building, Estate, ResidentGroup, Subdistrict
from backend.stations.models import Supply
from tests.access.register_verbs import FRESH as REGISTERS
from tests.access.settings_verbs import FRESH as SETTINGS
from tests.access.verbs import answered
from tests.access.world import HOME, client_of
from tests.schema.asking import data, nodes

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
ERRORS = "errors { field code }"


@pytest.fixture
def secretary() -> Client:
    return client_of("secretary")


def _codes(client: Client, verb: str, **given: Any) -> set[str]:
    return {error["code"] for error in answered(client, verb, given, ERRORS)["errors"]}


def test_an_estate_with_its_buildings_and_groups(secretary: Client) -> None:
    made = answered(
        secretary,
        "createEstate",
        {"community": HOME, "name": "北苑", "code": "bei-yuan", "idempotencyKey": "e"},
        f"estate {{ id code revision community {{ code }} }} {ERRORS}",
    )
    assert made["errors"] == []
    estate = made["estate"]
    assert (estate["code"], estate["community"]["code"]) == ("bei-yuan", HOME)
    given = {"estateId": estate["id"], "name": "9", "idempotencyKey": "b"}
    first = answered(secretary, "createBuilding", given, f"building {{ id }} {ERRORS}")
    again = answered(secretary, "createBuilding", given, f"building {{ id }} {ERRORS}")
    assert first == again
    assert Building.objects.filter(estate__code="bei-yuan").count() == 1
    assert _codes(secretary, "createBuilding", **given | {"idempotencyKey": "c"}) == {
        "building_taken"
    }
    listed = data(
        secretary,
        '{ buildings(first: 9, filters: {estate: "bei-yuan"}) { edges { node { id name } } } }',
    )["buildings"]
    assert nodes(listed) == [{"id": first["building"]["id"], "name": "9"}]
    # What hangs on it holds it.
    assert _codes(secretary, "removeEstate", estateId=estate["id"])
    assert Estate.objects.filter(code="bei-yuan").exists()
    assert _codes(secretary, "removeBuilding", buildingId=first["building"]["id"]) == set()
    assert _codes(secretary, "removeEstate", estateId=estate["id"]) == set()
    assert not Estate.objects.filter(code="bei-yuan").exists()


def test_a_group_is_dissolved_after_it_was_made(secretary: Client) -> None:
    group: ResidentGroup = SETTINGS["groupId"]()
    given = {"groupId": to_base64("ResidentGroup", group.pk)}
    assert _codes(secretary, "updateResidentGroup", **given, endedOn="2020-01-01") == {
        "term_reversed"
    }
    assert _codes(secretary, "updateResidentGroup", **given, endedOn="2025-05-01") == set()
    assert _codes(secretary, "updateResidentGroup", **given, endedOn=None) == set()
    assert ResidentGroup.objects.get(pk=group.pk).ended_on is None


def test_a_notice_that_people_agreed_to_stays(secretary: Client) -> None:
    notice = Consent.objects.filter(community__code=HOME)[0].notice
    key = to_base64("PrivacyNotice", notice.pk)
    assert _codes(secretary, "updatePrivacyNotice", noticeId=key, text="别的话") == {
        "notice_in_use"
    }
    assert PrivacyNotice.objects.get(pk=notice.pk).text == notice.text


def test_drafts_of_a_notice_are_for_those_who_write_them(secretary: Client) -> None:
    draft: PrivacyNotice = SETTINGS["noticeId"]()
    key = to_base64("PrivacyNotice", draft.pk)
    asked = f'{{ node(id: "{key}") {{ id }} }}'
    assert data(secretary, asked)["node"] == {"id": key}
    assert data(client_of("resident"), asked)["node"] is None


def test_terms_are_held_to_what_the_kind_of_record_allows(secretary: Client) -> None:
    key = to_base64("RetentionRule", SETTINGS["ruleId"]().pk)
    assert _codes(secretary, "updateRetentionRule", ruleId=key, days=1) == {"kept_too_short"}
    assert _codes(secretary, "updateRetentionRule", ruleId=key, days=99_999) == {"kept_too_long"}
    made = {"community": HOME, "holding": "nothing", "days": 400, "idempotencyKey": "r"}
    assert _codes(secretary, "createRetentionRule", **made)


def test_a_subdistrict_is_not_the_secretarys(secretary: Client) -> None:
    key = to_base64("Subdistrict", Subdistrict.objects.get().pk)
    assert _codes(secretary, "updateSubdistrict", subdistrictId=key, name="别处") == {"not_allowed"}
    assert _codes(client_of("installation"), "removeSubdistrict", subdistrictId=key)
    assert Subdistrict.objects.count() == 1


def test_a_representatives_name_comes_masked_and_a_mask_sent_back_stays(
    secretary: Client,
) -> None:
    person: Representative = REGISTERS["representativeId"]()
    key = to_base64("Representative", person.pk)
    wanted = f"representative {{ name phone revision }} {ERRORS}"
    first = answered(
        secretary,
        "updateRepresentative",
        {"representativeId": key, "phone": "13900012345"},
        wanted,
    )
    assert first["errors"] == []
    shown = first["representative"]
    assert shown["name"] == "钱*"
    assert "13900012345" not in shown["phone"]
    back = {"representativeId": key, "name": shown["name"], "phone": shown["phone"]}
    assert _codes(secretary, "updateRepresentative", **back) == set()
    stored = Representative.objects.get(pk=person.pk)
    assert (stored.name, stored.phone) == (person.name, "13900012345")


def test_a_seat_suits_its_holder(secretary: Client) -> None:
    body = to_base64("Organization", REGISTERS["organizationId"]().pk)
    seat = {
        "community": HOME,
        "tier": "CORE",
        "organizationId": body,
        "validFrom": "2025-03-01",
        "idempotencyKey": "s",
    }
    assert _codes(secretary, "addSeat", **seat) == {"seat_unsuitable"}
    assert _codes(secretary, "addSeat", **seat | {"tier": "EXTENDED"}) == set()
    # The same body twice at one time.
    other = {"tier": "EXTENDED", "idempotencyKey": "t"}
    assert _codes(secretary, "addSeat", **seat | other) == {"seat_taken"}


def test_a_supply_that_a_station_has_is_not_removed(secretary: Client) -> None:
    used = Supply.objects.filter(community__code=HOME, stocks__isnull=False)[0]
    assert _codes(secretary, "removeSupply", supplyId=to_base64("Supply", used.pk))
    assert Supply.objects.filter(pk=used.pk).exists()
