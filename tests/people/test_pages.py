"""The residents' pages: the door in one field, lives, merging, households."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people import actions
from backend.people.households import form_households
from backend.people.models import (
    Consent,
    Household,
    PrivacyNotice,
    Resident,
    ResidentPhone,
    User,
)
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role
from tests.people.neighbours import OTHER, PHONE, at, everything, neighbour

pytestmark = pytest.mark.django_db
LIST, HOUSES = "/admin/people/resident/", "/admin/people/household/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(worker: User) -> Client:
    return signed_in(worker)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def form(page: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send back from a page's form."""
    found: dict[str, Any] = {}
    made = page.context["adminform"].form
    for bound in made:
        value = bound.value()
        found[bound.html_name] = "" if value is None else value
    for inline in page.context["inline_admin_formsets"]:
        for part in (inline.formset.management_form, *inline.formset.forms):
            for bound in part:
                value = bound.value()
                found[bound.html_name] = "" if value is None else value
    return found | changed


# --- the form ------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["3-2-501", "3号楼2单元501", "万达华府3号楼2单元501室"])
def test_a_door_is_typed_into_one_field(desk: Client, building: Building, door: str) -> None:
    page = desk.get(f"{LIST}add/")
    desk.post(f"{LIST}add/", form(page, name="张三", phone=PHONE, door=door))
    person = Resident.objects.get()
    assert (person.building, person.unit, person.room) == (building, "2", "501")
    assert person.household == Household.objects.get()


def test_a_door_that_fits_twice_names_the_estates(
    desk: Client, building: Building, community: Community
) -> None:
    garden = gate.save(Estate(community=community, code="garden", name="新河花园"), by=SYSTEM)
    gate.save(Building(community=community, estate=garden, name="3"), by=SYSTEM)
    page = desk.get(f"{LIST}add/")
    said = text(desk.post(f"{LIST}add/", form(page, name="张三", phone=PHONE, door="3-2-501")))
    assert "万达华府" in said
    assert "新河花园" in said
    said = text(desk.post(f"{LIST}add/", form(page, name="张三", phone=PHONE, door="88-1-101")))
    assert "没有这个楼号" in said
    assert not Resident.objects.exists()


def test_a_corrected_phone_leaves_the_masked_rest_alone(
    desk: Client, community: Community, building: Building
) -> None:
    person = neighbour(community, birth_month="1961-07", **at(building))
    actions.add_phone(person, phone=OTHER, kind="family", by=SYSTEM)
    page = desk.get(f"{LIST}{person.pk}/change/")
    shown = text(page)
    for hidden in (PHONE, OTHER, "501", "1961-07"):
        assert hidden not in re.sub(r"3-2-501|3号楼2单元501", "", shown)
    assert "139****4321" in shown
    sent = form(page, phone="13600000000")
    sent["phones-0-remark"] = "女儿"
    assert desk.post(f"{LIST}{person.pk}/change/", sent).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.room, person.birth_month) == ("13600000000", "501", "1961-07")
    row = ResidentPhone.objects.get()
    assert (row.phone, row.remark) == (OTHER, "女儿")
    page = desk.get(f"{LIST}{person.pk}/change/")
    desk.post(f"{LIST}{person.pk}/change/", form(page, **{"phones-0-DELETE": "on"}))
    assert not ResidentPhone.objects.exists()


def test_a_further_phone_is_added_on_the_page(desk: Client, community: Community) -> None:
    person = neighbour(community)
    page = desk.get(f"{LIST}{person.pk}/change/")
    more = {
        "phones-TOTAL_FORMS": "1",
        "phones-0-phone": PHONE,
        "phones-0-kind": "own",
        "phones-0-remark": "",
        "phones-0-id": "",
        "phones-0-resident": str(person.pk),
    }
    said = text(desk.post(f"{LIST}{person.pk}/change/", form(page, **more)))
    assert "已登记了这个电话" in said
    desk.post(f"{LIST}{person.pk}/change/", form(page, **(more | {"phones-0-phone": OTHER})))
    assert ResidentPhone.objects.get().phone == OTHER


# --- lists ---------------------------------------------------------------------------------------


def test_the_list_shows_who_lives_here_and_reaches_everybody(
    desk: Client, community: Community
) -> None:
    here, left, dead = (
        neighbour(community, name, phone)
        for name, phone in (("张三", PHONE), ("李四", OTHER), ("王五", ""))
    )
    today = timezone.localdate()
    actions.move_out(left, on=today, by=SYSTEM)
    actions.record_death(dead, on=today, by=SYSTEM)

    def listed(query: str = "") -> set[int]:
        return {p.pk for p in desk.get(f"{LIST}{query}").context["cl"].result_list}

    assert listed() == {here.pk}
    assert listed("?residence=moved_out") == {left.pk}
    assert listed("?residence=deceased") == {dead.pk}
    assert listed("?residence=all") == {here.pk, left.pk, dead.pk}
    assert desk.get(f"{LIST}{dead.pk}/change/").status_code == 200
    choice = desk.get(
        "/admin/autocomplete/?app_label=education&model_name=attendance&field_name=resident&term=李四"
    )
    assert choice.json()["results"] == []


def test_the_search_box_takes_what_one_says(
    desk: Client, community: Community, building: Building
) -> None:
    person = neighbour(community, **at(building))
    neighbour(community, "李四", OTHER)
    for said in ("zs", "5678", "3-2-501", "3号楼 501", "张三, 3号楼的, 尾号5678"):
        rows = desk.get(LIST, {"q": said}).context["cl"].result_list
        assert [p.pk for p in rows] == [person.pk], said
    office = signed_in(user_with_role("office", "office", subdistrict=community.subdistrict))
    for said in ("zs", "5678", "3-2-501"):
        assert list(office.get(LIST, {"q": said}).context["cl"].result_list) == []


def test_possible_duplicates_have_a_list_and_a_box(
    desk: Client, community: Community, building: Building
) -> None:
    one, two = (neighbour(community, phone=phone, **at(building)) for phone in (PHONE, OTHER))
    neighbour(community, "李四", "")
    rows = desk.get(f"{LIST}?duplicates=1").context["cl"].result_list
    assert {p.pk for p in rows} == {one.pk, two.pk}
    assert f"/{one.pk}/merge/{two.pk}/" in text(desk.get(f"{LIST}{one.pk}/change/"))


# --- lives ---------------------------------------------------------------------------------------


def test_buttons_of_a_life(desk: Client, community: Community) -> None:
    person = neighbour(community)
    page = f"{LIST}{person.pk}/"
    assert f"{page}life/move-out/" in text(desk.get(f"{page}change/"))
    assert "日期还没有到" in text(desk.post(f"{page}life/move-out/", {"on": "2999-01-01"}))
    assert "请填写日期" in text(desk.post(f"{page}life/move-out/", {"on": "昨天"}))
    desk.post(f"{page}life/move-out/", {"on": "2025-05-01", "reason": "去外地"})
    shown = text(desk.get(f"{page}change/"))
    assert f"{page}life/move-in/" in shown
    assert f"{page}life/move-out/" not in shown
    desk.post(f"{page}life/move-in/", {"on": "2025-06-01"})
    desk.post(f"{page}life/death/", {"on": "2025-07-01"})
    desk.post(f"{page}life/correct-death/", {"reason": "登记错人"})
    person.refresh_from_db()
    assert person.residence == "present"


def test_nobody_elses_pages_are_there(
    community: Community, other_worker: User, resident_user: User
) -> None:
    one, two = neighbour(community), neighbour(community, phone=OTHER)
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    before = everything()
    for user in (other_worker, resident_user, office, None):
        client = signed_in(user) if user else Client()
        for step in ("life/move-out/", "merge/", f"merge/{two.pk}/", f"unmerge/{two.pk}/"):
            for send in (client.get, client.post):
                answer = send(f"{LIST}{one.pk}/{step}", {"on": "2025-05-01", "reason": "x"})
                assert answer.status_code in (302, 403), (user, step)
                if answer.status_code == 302:
                    assert "/login/" in answer["Location"]
    assert everything() == before


# --- merging -------------------------------------------------------------------------------------


def test_two_rows_are_compared_merged_and_taken_apart(
    desk: Client, community: Community, building: Building
) -> None:
    one, two = neighbour(community), neighbour(community, phone=OTHER, **at(building))
    page = f"{LIST}{one.pk}/"
    listed = text(desk.get(f"{page}merge/", {"q": "4321"}))
    assert f"{page}merge/{two.pk}/" in listed
    shown = text(desk.get(f"{page}merge/{two.pk}/"))
    assert "138****5678" in shown
    assert "139****4321" in shown
    for hidden in (PHONE, OTHER, ">501<"):
        assert hidden not in shown
    assert "请写明原因" in text(desk.post(f"{page}merge/{two.pk}/", {"keep": two.pk}))
    before = everything()
    done = desk.post(f"{page}merge/{two.pk}/", {"keep": two.pk, "reason": "重复"})
    assert done["Location"] == f"{LIST}{two.pk}/change/"
    one.refresh_from_db()
    assert one.merged_into == two
    assert desk.get(f"{page}change/").status_code == 302
    shown = text(desk.get(f"{LIST}{two.pk}/change/"))
    assert f"{LIST}{two.pk}/unmerge/{one.pk}/" in shown
    assert "撤销合并" in text(desk.get(f"{LIST}{two.pk}/unmerge/{one.pk}/"))
    desk.post(f"{LIST}{two.pk}/unmerge/{one.pk}/")
    assert everything() == before


# --- households, consents ------------------------------------------------------------------------


def test_households_are_made_and_looked_up(
    desk: Client, community: Community, building: Building
) -> None:
    person = neighbour(community, **at(building))
    assert "按门牌生成住户" in text(desk.get(HOUSES))
    assert "自动做一次" in text(desk.get(f"{HOUSES}form/"))
    desk.post(f"{HOUSES}form/")
    house = Household.objects.get()
    assert len(desk.get(HOUSES, {"q": "3-2-501"}).context["cl"].result_list) == 1
    assert len(desk.get(HOUSES, {"q": "3-2-502"}).context["cl"].result_list) == 0
    page = desk.get(f"{HOUSES}{house.pk}/change/")
    assert "张*" in text(page)
    desk.post(f"{HOUSES}{house.pk}/change/", form(page, head=person.pk))
    house.refresh_from_db()
    assert (house.head, house.room) == (person, "501")
    desk.post(f"{HOUSES}{house.pk}/leave/", {"on": "2025-05-01"})
    house.refresh_from_db()
    assert (house.head, house.occupied) == (None, False)


def test_a_consent_is_entered_and_shown(
    desk: Client, community: Community, building: Building
) -> None:
    person = neighbour(community)
    today = timezone.localdate()
    notice = gate.save(
        PrivacyNotice(community=community, version="2025-1", text="告知", published_on=today),
        by=SYSTEM,
    )
    page = desk.get("/admin/people/consent/add/", {"resident": person.pk})
    sent = form(page, notice=notice.pk, purpose="photos", means="paper", given_on=today.isoformat())
    desk.post("/admin/people/consent/add/", sent)
    assert Consent.objects.get().resident == person
    shown = text(desk.get(f"{LIST}{person.pk}/change/"))
    assert "活动照片中出现" in shown
    assert "2025-1" in shown


def test_household_pages_of_others_are_not_there(
    community: Community, building: Building, other_worker: User
) -> None:
    neighbour(community, **at(building))
    form_households(community, by=SYSTEM)
    house = Household.objects.get()
    client = signed_in(other_worker)
    assert client.post(f"{HOUSES}{house.pk}/leave/", {"on": "2025-05-01"}).status_code == 403
    assert list(client.get(HOUSES).context["cl"].result_list) == []


def test_a_consent_without_its_day_lacks_the_day_alone(desk: Client, community: Community) -> None:
    person = neighbour(community)
    notice = gate.save(
        PrivacyNotice(
            community=community, version="1", text="告知", published_on=timezone.localdate()
        ),
        by=SYSTEM,
    )
    given = {"resident": person.pk, "notice": notice.pk, "purpose": "roster", "means": "paper"}
    page = desk.post("/admin/people/consent/add/", given | {"given_on": "", "evidence": ""})
    assert set(page.context["adminform"].form.errors) == {"given_on"}
    assert not Consent.objects.exists()
