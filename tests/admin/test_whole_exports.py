"""Exports of people: masked unless somebody may and says why; every one is on record."""

from typing import Any

import pytest
from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.disclosures import keys_of
from backend.core.exporting.columns import names_people, sheet_of
from backend.core.models import Disclosure
from backend.education.models import LegalEducationEvent
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.admin.exporting import content
from tests.conftest import user_with_role
from tests.schema.asking import caller

LIST = "/admin/people/resident/"
CSV = {"form": "csv"}
WHY = "给派出所核对名单"


@pytest.fixture
def people(community: Community, other_community: Community, building: Building) -> list[Resident]:
    """Two residents here, one of them with a door, and one elsewhere."""
    rows = [
        Resident(community=community, name="周若谷", phone="13900000001", building=building),
        Resident(community=community, name="吴越人", phone="13900000002"),
        Resident(community=other_community, name="郑重之", phone="13900000003"),
    ]
    for row in rows:
        gate.save(row, by=SYSTEM)
    return rows


def export(user: Any, address: str = f"{LIST}export/", /, **given: Any) -> Any:
    return caller(user).post(address, CSV | given)


def text(answer: Any) -> str:
    return content(answer).decode("utf-8-sig")


def test_an_export_is_masked_and_on_record(worker: User, people: list[Resident]) -> None:
    out = text(export(worker))
    assert "139****0001" in out
    assert "13900000001" not in out
    row = Disclosure.objects.get()
    assert (row.kind, row.model, row.rows, row.whole) == ("export", "people.Resident", 2, False)
    assert (row.actor_name, row.reason, row.details) == ("worker", "", "csv")
    assert set(keys_of(row)) == {people[0].pk, people[1].pk}


def test_an_export_in_full_says_why(
    worker: User, community: Community, people: list[Resident]
) -> None:
    out = text(export(worker, whole="on", reason=WHY))
    assert "13900000001" in out
    assert "吴越人" in out
    assert "郑重之" not in out
    row = Disclosure.objects.get()
    assert (row.rows, row.whole, row.reason, row.community) == (2, True, WHY, community)


@pytest.mark.parametrize("reason", ["", "看", "给13900000001打电话"])
def test_without_a_reason_nothing_leaves(worker: User, people: list[Resident], reason: str) -> None:
    answer = export(worker, whole="on", reason=reason)
    assert not answer.has_header("Content-Disposition")
    assert "139****" not in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_the_filters_are_on_record_but_not_who_was_searched_for(
    worker: User, people: list[Resident]
) -> None:
    out = text(export(worker, f"{LIST}export/?gender__exact=&q=周若谷"))
    assert "139****0001" in out
    assert "139****0002" not in out
    row = Disclosure.objects.get()
    assert row.details == "csv · gender__exact= · 搜索"
    assert row.rows == 1


def test_the_selected_rows_leave_by_the_same_rules(worker: User, people: list[Resident]) -> None:
    client = caller(worker)
    asked = {"action": "export_admin_action", "_selected_action": [people[1].pk, people[2].pk]}
    form = client.post(LIST, asked).content.decode()
    assert "导出原因" in form
    assert 'name="whole"' in form
    items = [row.pk for row in people[1:]]
    # The one of another community is among those sent, and does not leave.
    whole = {"whole": "on", "reason": WHY}
    out = text(client.post(f"{LIST}export/", CSV | {"export_items": items} | whole))
    assert "郑重之" not in out
    assert "13900000002" in out
    assert "13900000001" not in out
    assert Disclosure.objects.get().details == "csv · 所选记录"


def test_a_selected_row_of_another_community_does_not_leave(
    worker: User, people: list[Resident]
) -> None:
    out = text(export(worker, export_items=[people[2].pk]))
    assert "139****0003" not in out
    assert Disclosure.objects.get().rows == 0


def test_who_may_export_but_not_reveal_gets_masks_whatever_they_send(
    admin_user: User, people: list[Resident]
) -> None:
    form = caller(admin_user).get(f"{LIST}export/").content.decode()
    assert "导出原因" in form
    assert 'name="whole"' not in form
    out = text(export(admin_user, whole="on", reason=WHY))
    assert "139****0001" in out
    assert "13900000001" not in out
    assert {row.whole for row in Disclosure.objects.all()} == {False}
    assert sorted(row.rows for row in Disclosure.objects.all()) == [1, 2], "a line a community"


def test_who_may_not_export_gets_nothing(
    community: Community, building: Building, resident_user: User, people: list[Resident]
) -> None:
    steward = user_with_role("steward", "steward", community=community, estate=building.estate)
    for user in (steward, resident_user, None):
        assert export(user, whole="on", reason=WHY).status_code in (302, 403)
    assert not Disclosure.objects.exists()


def test_an_export_of_nothing_personal_asks_nothing(
    worker: User, event_open: LegalEducationEvent
) -> None:
    assert not names_people(sheet_of(LegalEducationEvent).columns)
    address = reverse("admin:education_legaleducationevent_export")
    assert "导出原因" not in caller(worker).get(address).content.decode()
    assert "民法典进小区" in text(export(worker, address))
    assert not Disclosure.objects.exists()
