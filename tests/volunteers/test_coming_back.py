"""What was exported of volunteers and their hours comes back as no work; an edited cell changes itself."""

from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from backend.volunteers.models import ServiceRecord, TeamMember, Volunteer, VolunteerTeam
from tests.imports.coming_back import (
    WAYS,
    World,
    assert_nothing_to_do,
    exported,
    outcome,
    planned,
)
from tests.volunteers.team import new_record, new_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(worker: User, community: Community, building: Building) -> World:
    """Two of one mask, one who has left, one without a phone, one who was erased."""
    teams = [
        gate.save(VolunteerTeam(community=community, name=name), by=SYSTEM)
        for name in ("义剪队", "巡逻队")
    ]
    found = []
    for name in ("钱志远", "钱志愿", "孙志愿", "李志愿", "周志愿"):
        one = new_volunteer(community, name, account=False, skills="理发" if "钱" in name else "")
        found.append(one)
    for team in teams:
        member = TeamMember(community=community, team=team, volunteer=found[0])
        gate.save(member, by=SYSTEM)
    carried = Volunteer.objects.get(pk=found[0].pk)
    carried.carried_minutes, carried.carried_source = 750, "旧花名册"
    carried.carried_as_of = carried.applied_on
    carried.remark = "=周末"
    gate.save(carried, by=SYSTEM)
    for start in (10, 40):
        gate.move(new_record(found[0], start, start - 2.01), "verify", by=SYSTEM)
    new_record(found[1], 10, 8.5, excluded_minutes=15)
    gate.move(found[2], "leave", by=SYSTEM, reason="搬家")
    Resident.objects.filter(pk=found[3].resident_id).update(phone="", building=building, room="501")
    Volunteer.objects.filter(pk=found[4].pk).update(resident=None, status="left")
    return World(community, worker, [])


@pytest.mark.parametrize(("form", "whole"), WAYS)
@pytest.mark.parametrize("register", ["volunteers", "service_records"])
def test_what_left_comes_back_as_nothing_to_do(
    world: World, register: str, form: Any, whole: bool
) -> None:
    assert_nothing_to_do(world, register, form, whole=whole)


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (1, {"特长": "理发、护理"}, ("update", [])),
        (1, {"备注": "周末有空"}, ("update", [])),
        (1, {"服务队": "巡逻队"}, ("update", [])),
        (1, {"累计时长": "20"}, ("update", [])),
        (0, {"备注": "＊＊＊"}, ("unchanged", [])),
        (1, {"备注": "＊＊＊"}, ("reject", ["mask_mismatch"])),
        (0, {"累计时长": "99"}, ("reject", ["carried_hours_stand"])),
        (0, {"联系电话": "139****9999"}, ("reject", ["mask_mismatch"])),
        (0, {"联系电话": "13900008888"}, ("reject", ["phone_of_roster"])),
        (0, {"姓名": "李*"}, ("reject", ["record_number_other_name"])),
        (0, {"系统编号": "N999999-AAA"}, ("reject", ["record_number_unknown"])),
        (0, {"系统编号": ""}, ("reject", ["name_masked"])),
        (2, {"特长": "唱歌"}, ("reject", ["volunteer_left"])),
        (1, {"服务队": "没有的队"}, ("reject", ["team_unknown"])),
    ],
)
def test_an_edited_cell_changes_itself_alone(
    world: World, row: int, cells: dict[str, str], expected: Any
) -> None:
    assert outcome(world, "volunteers", row=row, **cells) == expected


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (2, {"服务内容": "打扫楼道"}, ("update", [])),
        (2, {"时长": "1"}, ("update", [])),
        (0, {"服务内容": "打扫楼道"}, ("reject", ["hours_are_fixed"])),
        (2, {"姓名": "李*"}, ("reject", ["record_number_other_name"])),
    ],
)
def test_an_edited_record_changes_itself_alone(
    world: World, row: int, cells: dict[str, str], expected: Any
) -> None:
    assert outcome(world, "service_records", row=row, **cells) == expected


def test_without_the_number_a_whole_export_is_known_by_phone_and_name(world: World) -> None:
    from backend.core.exporting.orders import Form

    columns = ("name", "phone", "skills", "teams", "hours")
    with exported(world, "volunteers", Form.XLSX, whole=True, columns=columns) as path:
        plan = planned(world, "volunteers", path)
    said = {p.code for p in plan.problems() if p.rejects}
    # Who has left is asked about; who has no phone cannot be told; nobody is nobody.
    assert said == {"volunteer_left_before", "required", "name_masked"}
    assert plan.counts_dict()["unchanged"] == 2


def test_the_control_the_hours_that_left_are_the_ledgers(world: World) -> None:
    verified = ServiceRecord.objects.filter(status="verified")
    total = 750 + sum(verified.values_list("minutes", flat=True))
    assert outcome(world, "volunteers", row=0, 累计时长=f"{total}分钟") == ("unchanged", [])
    told = outcome(world, "volunteers", row=0, 累计时长=f"{total + 1}分钟")
    assert told == ("reject", ["carried_hours_stand"])
