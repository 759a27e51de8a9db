"""Ctrl-K: one question to all registers, within what one may see and search, masked, one statement."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core.desk.searching import MOST_OF_A_KIND, search_everything
from backend.demands.models import Demand
from backend.people.models import Resident, User

pytestmark = pytest.mark.usefixtures("_demo_data", "db")


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _found(name: str, text: str) -> dict[str, list[int]]:
    hits = search_everything(_user(name), text)
    return {group[0].findable.model._meta.label: [hit.pk for hit in group] for group in hits}


@pytest.fixture
def somebody(_demo_data: None, db: None) -> Resident:
    """A neighbour of 新河 with a phone, a door, and a name that nobody else there has."""
    rows = Resident.objects.filter(community__code="xinhe", merged_into=None, user=None)
    rows = rows.exclude(phone="").exclude(building=None).exclude(room="")
    return next(
        row
        for row in rows.order_by("-pk")
        if len(row.name) == 3
        and rows.filter(initials=row.initials).count() <= MOST_OF_A_KIND
        and rows.filter(phone_tail=row.phone_tail).count() <= MOST_OF_A_KIND
    )


def test_somebody_is_found_as_one_says_it_at_the_desk(somebody: Resident) -> None:
    door = f"{somebody.building.name}-{somebody.unit}-{somebody.room}"
    for text in (somebody.name, somebody.initials, somebody.phone, somebody.phone_tail, door):
        assert somebody.pk in _found("worker", text)["people.Resident"], len(text)


def test_who_may_not_search_finds_by_whole_names_alone(somebody: Resident) -> None:
    assert somebody.pk in _found("office", somebody.name)["people.Resident"]
    for text in (somebody.initials, somebody.phone_tail, somebody.name[:2]):
        assert "people.Resident" not in _found("office", text)


@pytest.mark.parametrize("name", ["dongfang-worker", "mediator", "partner", "resident"])
def test_who_may_not_see_the_roster_finds_nobody(name: str, somebody: Resident) -> None:
    for text in (somebody.name, somebody.initials, somebody.phone, somebody.phone_tail):
        assert "people.Resident" not in _found(name, text)


def test_records_are_found_by_name_and_number() -> None:
    assert "education.LegalEducationEvent" in _found("worker", "pf-open")
    found = _found("worker", "民法典")
    assert 0 < len(found["education.LegalEducationEvent"]) <= MOST_OF_A_KIND
    assert "meetings.JointMeeting" in _found("worker", "联席会议")
    assert _found("worker", "民") == {}, "one character says too little"
    assert _found("worker", "查无此事此人") == {}


def test_a_record_is_found_by_the_end_of_its_number() -> None:
    demand = Demand.objects.visible_to(_user("worker")).filter(code__contains="-20").latest("pk")
    *_, year, number = demand.code.split("-")
    for text in (demand.code, f"{year}-{number}", number):
        assert demand.pk in _found("worker", text)["demands.Demand"], text
    assert "demands.Demand" not in _found("worker", f"{year}-{number[:-1]}")


def test_all_registers_are_asked_by_one_statement() -> None:
    worker = _user("worker")
    for text in ("民法典", "zs", "查无此事此人"):
        search_everything(worker, text)
        with CaptureQueriesContext(connection) as captured:
            search_everything(worker, text)
        assert len(captured) == 1, text


def test_the_page_masks_and_opens_what_it_lists(client: Client, somebody: Resident) -> None:
    client.force_login(_user("worker"))
    answer = client.post("/admin/search/", {"s": somebody.name})
    text = answer.content.decode()
    assert f"{somebody.name[0]}*" in text
    assert somebody.name not in text
    assert somebody.phone not in text
    hits = [one for group in answer.context["found"] for one in group["hits"]]
    assert f"/admin/people/resident/{somebody.pk}/change/" in {one["url"] for one in hits}
    for one in hits:
        assert client.get(one["url"]).status_code == 200


def test_pages_are_found_by_their_names(client: Client) -> None:
    client.force_login(_user("worker"))
    pages = client.post("/admin/search/", {"s": "服务单"}).context["pages"]
    assert [page["title"] for page in pages] == ["当天服务单"]


def test_what_is_asked_stands_in_no_address(client: Client) -> None:
    client.force_login(_user("worker"))
    assert client.get("/admin/search/?s=x").status_code == 405
    assert Client().post("/admin/search/", {"s": "民法典"}).status_code == 302
    client.force_login(_user("resident"))
    assert client.post("/admin/search/", {"s": "民法典"}).status_code == 302
