"""房屋业主登记表: areas to the hundredth, co-owners, who is who, and what goes out comes back."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.imports import actions as imports
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.owner_votes.models import OwnedRoom, PropertyOwner
from backend.people.models import Organization, Resident, User
from backend.places.models import Building, Estate
from tests.owner_votes.conftest import Block
from tests.owner_votes.sheets import carried_out, planned, rows_of, said

pytestmark = pytest.mark.django_db
HEAD = "楼栋,单元,室,面积,业主姓名,电话"


@pytest.fixture
def empty(estate: Estate) -> Estate:
    for name in ("1", "2"):
        gate.save(Building(community=estate.community, estate=estate, name=name), by=SYSTEM)
    return estate


def rooms_now() -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    return {
        (r.building.name, r.unit, r.room): (
            r.size,
            sorted(r.ownerships.values_list("owner__name", flat=True)),
        )
        for r in OwnedRoom.objects.select_related("building")
    }


def test_rooms_come_in_as_staff_write_them(tmp_path: Path, empty: Estate) -> None:
    rows = [
        "1号楼,1单元,101室,89.5,张安然,13900000001",
        "1栋,一单元,102,89.50㎡,李知远,13900000002",
        '2,,201,"1,020.05 平方米",张安然,13900000001',
        ",,2-1-202,60,王若水、赵若谷,13900000003、13900000004",
        ",,2-2-301,７５．２５,钱一,13900000005",
        ",,2-2-301,75.25,钱二,13900000006",
    ]
    found = carried_out("owned_rooms", empty.community, HEAD, *rows)
    assert found.create == 5
    assert found.update == 1
    assert rooms_now() == {
        ("1", "1", "101"): (8950, ["张安然"]),
        ("1", "1", "102"): (8950, ["李知远"]),
        ("2", "", "201"): (102005, ["张安然"]),
        ("2", "1", "202"): (6000, ["王若水", "赵若谷"]),
        ("2", "2", "301"): (7525, ["钱一", "钱二"]),
    }
    # One owner of two rooms is there once.
    assert PropertyOwner.objects.count() == 6
    again = planned(tmp_path, "owned_rooms", empty.community, HEAD, *rows)
    assert again.counts["unchanged"] == 6


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("89.555", "area_too_fine"),
        ("八十九", "area_unreadable"),
        ("0", "area_invalid"),
        ("-5", "area_unreadable"),
        ("1e3", "area_unreadable"),
        ("100001", "area_invalid"),
        ("", "required"),
    ],
)
def test_an_area_that_says_too_little_or_too_much(
    tmp_path: Path, empty: Estate, area: str, code: str
) -> None:
    found = planned(tmp_path, "owned_rooms", empty.community, HEAD, f"1,1,101,{area},张安然,")
    assert said(found) == [(2, code)]


def test_numbers_of_a_workbook_are_exact(tmp_path: Path, empty: Estate) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(HEAD.split(","))
    for number, area in enumerate((89.5, 0.1 + 0.2, 1234.56, 100), start=101):
        sheet.append(["1", "1", str(number), area, "张安然", "13900000001"])
    path = tmp_path / "房屋.xlsx"
    book.save(path)
    plan = plan_file(path, sheet_of("owned_rooms"), community=empty.community)
    sizes = [w.values["size"] for row in rows_of(plan) for w in row.writes if w.model == 1]
    assert sizes == [8950, 30, 123456, 10000]


def test_the_same_name_without_a_phone_is_asked_about(tmp_path: Path, empty: Estate) -> None:
    rows = ["1,1,101,80,张安然,", "1,1,102,80,张安然,"]
    found = planned(tmp_path, "owned_rooms", empty.community, HEAD, *rows)
    assert said(found) == [(3, "owner_same_name")]
    same = carried_out(
        "owned_rooms", empty.community, HEAD, *rows, answers={"owner_same_name": "same"}
    )
    assert same.create == 2
    assert PropertyOwner.objects.count() == 1


def test_two_of_one_name_are_two_heads_when_staff_say_so(tmp_path: Path, empty: Estate) -> None:
    rows = ["1,1,101,80,张安然,", "1,1,102,80,张安然,"]
    answers = {"owner_same_name": "another"}
    carried_out("owned_rooms", empty.community, HEAD, *rows, answers=answers)
    assert PropertyOwner.objects.count() == 2


def test_a_phone_under_another_name_is_asked_about(tmp_path: Path, empty: Estate) -> None:
    rows = ["1,1,101,80,张安然,13900000001", "1,1,102,80,李知远,13900000001"]
    assert said(planned(tmp_path, "owned_rooms", empty.community, HEAD, *rows)) == [
        (3, "owner_other_name")
    ]


def test_half_of_a_rooms_owners_is_no_head(tmp_path: Path, empty: Estate) -> None:
    rows = ["1,1,101,80,张安然,13900000001", "1,1,101,80,李知远,12"]
    found = planned(tmp_path, "owned_rooms", empty.community, HEAD, *rows)
    assert [code for _, code in said(found)] == ["room_incomplete", "phone_incomplete"]
    assert found.counts["reject"] == 2


def test_a_room_with_two_sizes_and_one_of_no_building(tmp_path: Path, empty: Estate) -> None:
    rows = [
        "1,1,101,80,张安然,13900000001",
        "1,1,101,81,李知远,13900000002",
        "7,1,101,80,张安然,13900000001",
    ]
    found = planned(tmp_path, "owned_rooms", empty.community, HEAD, *rows)
    assert [code for _, code in said(found)] == [
        "room_incomplete",
        "room_sizes_differ",
        "building_unknown",
    ]


def test_a_room_that_is_sold_asks_and_changes_hands(tmp_path: Path, block: Block) -> None:
    row = "1,1,101,89.5,新业主,13900000099"
    assert said(planned(tmp_path, "owned_rooms", block.community, HEAD, row)) == [
        (2, "owners_differ")
    ]
    assert rooms_now()["1", "1", "101"] == (8950, ["业主甲"])
    changes = carried_out(
        "owned_rooms", block.community, HEAD, row, answers={"owners_differ": "replace"}
    )
    assert changes.update == 1
    assert rooms_now()["1", "1", "101"] == (8950, ["新业主"])
    assert rooms_now()["1", "2", "102"] == (6025, ["业主甲"])
    imports.undo_import(changes, by=SYSTEM, reason="弄错了")
    assert rooms_now()["1", "1", "101"] == (8950, ["业主甲"])
    assert not PropertyOwner.objects.filter(name="新业主").exists()


def test_a_co_owner_is_added_when_staff_say_so(tmp_path: Path, block: Block) -> None:
    row = "1,1,101,89.5,新业主,13900000099"
    answers = {"owners_differ": "add"}
    carried_out("owned_rooms", block.community, HEAD, row, answers=answers)
    assert rooms_now()["1", "1", "101"] == (8950, ["业主甲", "新业主"])


def test_owners_on_the_roster_and_bodies_are_linked(tmp_path: Path, empty: Estate) -> None:
    here = empty.community
    resident = gate.save(Resident(community=here, name="张安然", phone="13900000001"), by=SYSTEM)
    builder = gate.save(
        Organization(community=here, name="河畔建设开发有限公司", kind="other"), by=SYSTEM
    )
    carried_out(
        "owned_rooms",
        here,
        HEAD,
        "1,1,101,80,张安然,13900000001",
        "1,1,102,80,河畔建设开发有限公司,",
        "1,1,103,80,河畔建设开发有限公司,",
        answers={"owner_same_name": "same"},
    )
    assert PropertyOwner.objects.get(name="张安然").resident == resident
    assert PropertyOwner.objects.get(organization=builder).ownerships.count() == 2


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("whole", [False, True])
def test_what_went_out_comes_back_unchanged(
    tmp_path: Path, block: Block, worker: User, whole: bool, form: Form
) -> None:
    order = ExportOrder(
        form=form, whole=whole, reason="核对业主名册", maker="王工作", columns=(), details="test"
    )
    path = tmp_path / f"out.{form.extension}"
    with path.open("wb") as target:
        write_export(OwnedRoom.objects.all(), order, by=Actor.of(worker, "test"), target=target)
    plan = plan_file(path, sheet_of("owned_rooms"), community=block.community)
    # A row for each owner of each room.
    assert plan.counts["unchanged"] == 7, (plan.counts, said(plan))
    assert plan.counts["reject"] == 0
