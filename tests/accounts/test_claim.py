"""Claiming one's entry in the roster: phone and name must agree; no answer says which did not."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet
from backend.education.models import LegalEducationEvent
from backend.imports.actions import Upload, confirm_import, plan_batch, receive
from backend.imports.sheet import sheet_of
from backend.people.actions import add_phone, move_out
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Building, Community, Estate
from tests.accounts.conftest import PHONE, App, Outbox

pytestmark = pytest.mark.django_db

CLAIM = """mutation($community: String!, $name: String!) {
  claimResident(input: {community: $community, name: $name}) {
    resident { community name } errors { code message }
  }
}"""


def claim(app: App, name: str, community: str = "xinhe") -> Any:
    return app.ask(CLAIM, community=community, name=name)["data"]["claimResident"]


@pytest.fixture
def me(app: App, outbox: Outbox) -> App:
    """Somebody who has just signed in with their phone."""
    assert app.by_code(PHONE, outbox).status_code == 200
    return app


def refused_and_unchanged(answer: Any, code: str = "resident_unclear") -> None:
    assert [error["code"] for error in answer["errors"]] == [code]
    assert not CommunityRole.objects.filter(role="resident").exists()
    assert not Resident.objects.filter(user__isnull=False).exists()


def test_phone_and_name_make_the_resident(me: App, resident: Resident) -> None:
    answer = claim(me, " 王小明 ")
    assert answer == {"resident": {"community": "xinhe", "name": "王*"}, "errors": []}
    resident.refresh_from_db()
    assert resident.user is not None
    role = CommunityRole.objects.get(user=resident.user)
    assert (role.role, role.community) == ("resident", resident.community)
    assert me.ask("{ me { roles } }")["data"]["me"]["roles"] == ["resident"]
    changes = ChangeSet.objects.get(verb="claim resident")
    assert (changes.actor, changes.door) == (resident.user, "graphql")


def test_claiming_again_changes_nothing(me: App, resident: Resident) -> None:
    claim(me, "王小明")
    assert claim(me, "王小明")["errors"] == []
    assert CommunityRole.objects.count() == 1


def test_the_name_alone_is_not_enough(me: App, community: Community) -> None:
    gate.save(Resident(community=community, name="王小明", phone="13900000009"), by=SYSTEM)
    refused_and_unchanged(claim(me, "王小明"))


def test_the_phone_alone_is_not_enough(me: App, resident: Resident) -> None:
    refused_and_unchanged(claim(me, "李小明"))


def test_another_community_is_not_claimed_by_the_way(
    me: App, resident: Resident, other_community: Community
) -> None:
    refused_and_unchanged(claim(me, "王小明", "dongfang"))
    refused_and_unchanged(claim(me, "王小明", "nowhere"), "not_found")


def test_an_entry_that_has_an_account_stays_with_it(
    me: App, resident: Resident, worker: User
) -> None:
    resident.user = worker
    gate.save(resident, by=SYSTEM)
    answer = claim(me, "王小明")
    assert [error["code"] for error in answer["errors"]] == ["resident_unclear"]
    resident.refresh_from_db()
    assert resident.user == worker


def test_every_refusal_reads_the_same(me: App, resident: Resident) -> None:
    """Wrong name, right name without that phone: whoever tries learns nothing."""
    wrong_name = claim(me, "李小明")
    Resident.objects.filter(pk=resident.pk).update(phone="13900000009")
    wrong_phone = claim(me, "王小明")
    assert wrong_name == wrong_phone
    assert "服务台" in wrong_name["errors"][0]["message"]


def test_without_a_verified_phone_nothing_is_claimed(worker: User, resident: Resident) -> None:
    app = App()
    app.post("/auth/login", {"username": "worker", "password": "demo-worker"})
    refused_and_unchanged(claim(app, "王小明"), "phone_unverified")


def test_nobody_claims_anonymously(app: App, resident: Resident) -> None:
    refused_and_unchanged(claim(app, "王小明"), "not_allowed")


def test_who_tries_names_is_stopped(me: App, resident: Resident) -> None:
    codes = [claim(me, f"王{letter}")["errors"][0]["code"] for letter in "一二三四五六"]
    assert codes == ["resident_unclear"] * 5 + ["too_often"]
    assert claim(me, "王小明")["errors"][0]["code"] == "too_often"
    cache.clear()
    assert claim(me, "王小明")["errors"] == []


def test_a_further_phone_of_ones_own_will_do(me: App, community: Community) -> None:
    person = gate.save(Resident(community=community, name="王小明", phone="13900000009"), by=SYSTEM)
    add_phone(person, phone=PHONE, kind="own", by=SYSTEM)
    assert claim(me, "王小明")["errors"] == []
    person.refresh_from_db()
    assert person.user is not None


@pytest.mark.parametrize("kind", ["family", "work", "other"])
def test_the_phone_of_a_relative_opens_nobodys_entry(
    me: App, community: Community, kind: str
) -> None:
    """Not even if the person has some phone of their own, and this one is in the same list."""
    person = gate.save(Resident(community=community, name="王小明", phone="13900000009"), by=SYSTEM)
    add_phone(person, phone="13900000008", kind="own", by=SYSTEM)
    add_phone(person, phone=PHONE, kind=kind, by=SYSTEM)
    refused_and_unchanged(claim(me, "王小明"))


def test_who_has_moved_out_goes_to_the_desk(me: App, resident: Resident) -> None:
    move_out(resident, on=timezone.localdate(), by=SYSTEM)
    refused_and_unchanged(claim(me, "王小明"))


def test_a_phone_that_a_sign_in_sheet_brought_is_no_proof(
    me: App, community: Community, worker: User, event_open: LegalEducationEvent
) -> None:
    """Whoever holds the pen at the door writes a number: not theirs is the person therefore."""
    building = gate.save(
        Building(
            community=community,
            estate=gate.save(Estate(community=community, name="万达华府"), by=SYSTEM),
            name="3",
        ),
        by=SYSTEM,
    )
    person = Resident(community=community, name="王小明", building=building, unit="2", room="501")
    gate.save(person, by=SYSTEM)
    import_rows(worker, event_open, f"王小明,{PHONE},3-2-501")
    person.refresh_from_db()
    assert person.phone == PHONE, "the control: the blank is filled, so that one can ring"
    refused_and_unchanged(claim(me, "王小明"))


def import_rows(worker: User, event: LegalEducationEvent, row: str) -> None:
    """A sign-in sheet of one row, carried out."""
    sheet = SimpleUploadedFile("签到表.csv", f"姓名,联系电话,住址\n{row}\n".encode())
    by = Actor.of(worker, "test")
    batch = receive(
        Upload(sheet, sheet.name, sheet.size),
        sheet_of("attendance"),
        community=event.community,
        by=by,
        target_code=event.code,
    )
    confirm_import(plan_batch(batch, by=by), by=by)
