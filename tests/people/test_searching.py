"""Looking somebody up, and what a search does not tell."""

from typing import Any

import pytest
from django.db import connection

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people import actions
from backend.people.models import Resident, User
from backend.people.searching import sought_by, understand
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role
from tests.people.neighbours import OTHER, PHONE, at, neighbour

pytestmark = pytest.mark.django_db
WAYS = ("zs", "5678", "尾号5678", "3-2-501", "3号楼 501", "3号楼2单元501", "3号楼", "张三 5678")


@pytest.fixture
def zhang(community: Community, building: Building) -> Resident:
    neighbour(community, "李四", OTHER)
    return neighbour(community, "张三", PHONE, **at(building))


def found(user: Any, text: str) -> set[str]:
    return {p.name for p in Resident.objects.visible_to(user).filter(sought_by(user, text))}


def test_words_are_told_apart() -> None:
    said = understand("张三, 3号楼的, 尾号5678")
    assert (said.names, said.tails) == (("张三",), ("5678",))
    assert said.door is not None
    assert said.door.building == "3"
    room = understand("3号楼 501").door
    assert room is not None
    assert (room.building, room.room) == ("3", "501")
    assert understand("+8613812345678").phones == (PHONE,)
    assert understand("ZS").letters == ("zs",)


@pytest.mark.parametrize("text", [*WAYS, "张三", PHONE, "张三, 3号楼的, 尾号5678", "ZS 3号楼 501"])
def test_the_desk_finds_somebody_as_one_says_it(zhang: Resident, worker: User, text: str) -> None:
    assert found(worker, text) == {"张三"}


@pytest.mark.parametrize("text", ["ls", "9999", "3-2-502", "张三 4321", "4号楼", "张", "138"])
def test_what_does_not_fit_finds_nobody(zhang: Resident, worker: User, text: str) -> None:
    assert "张三" not in found(worker, text)


def test_a_further_phone_finds_too(zhang: Resident, worker: User) -> None:
    actions.add_phone(zhang, phone="13700009876", kind="family", by=SYSTEM)
    assert found(worker, "9876") == found(worker, "13700009876") == {"张三"}


def test_a_surname_said_otherwise(community: Community, worker: User) -> None:
    neighbour(community, "单雄信", PHONE)
    neighbour(community, "戴星星", OTHER)
    assert found(worker, "sxx") == {"单雄信"}
    assert found(worker, "dxx") == {"单雄信", "戴星星"}


def test_a_search_is_no_oracle_for_those_who_see_masks(
    zhang: Resident, community: Community
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    assert Resident.objects.visible_to(office).count() == 2
    for text in WAYS:
        assert found(office, text) == set(), text
    # The whole name or the whole phone is what they bring themselves.
    assert found(office, "张三") == found(office, PHONE) == {"张三"}


def test_another_communitys_people_are_not_found(
    zhang: Resident, other_worker: User, resident_user: User
) -> None:
    for user in (other_worker, resident_user):
        for text in (*WAYS, "张三", PHONE):
            assert found(user, text) == set(), text


def test_a_steward_searches_in_the_estate_alone(zhang: Resident, community: Community) -> None:
    far = gate.save(Estate(community=community, code="far", name="新河花园"), by=SYSTEM)
    here = user_with_role("steward", "steward", community=community, estate=zhang.building.estate)
    there = user_with_role("far", "steward", community=community, estate=far)
    for text in WAYS:
        assert found(here, text) == {"张三"}, text
        assert found(there, text) == set(), text


@pytest.mark.parametrize("text", ["zs", "5678", "3-2-501", "dsf"])
def test_a_search_asks_an_index(zhang: Resident, worker: User, text: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads tables of a few rows whole, and is right")
    rows = Resident.objects.visible_to(worker).filter(sought_by(worker, text)).order_by("pk")
    plan = rows.explain()
    assert "SCAN people_resident" not in plan, plan
    assert any(f"people_resident_{own}" in plan for own in ("initials", "tail", "place")), plan
    # Not the whole community's either: that is the roster of all.
    assert "(community_id=?)" not in plan, plan
    control = Resident.objects.filter(remark__contains="x").order_by().explain()
    assert "SCAN people_resident" in control


def test_the_columns_follow_the_name_and_the_phone(zhang: Resident) -> None:
    zhang.name, zhang.phone = "李明", "0371-67890123"
    gate.save(zhang, by=SYSTEM)
    zhang.refresh_from_db()
    assert (zhang.initials, zhang.phone_tail) == ("lm", "0123")
