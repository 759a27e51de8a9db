"""志愿者花名册: in by one path, unchanged the second time, taken back whole; and out and in again."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Transition
from backend.imports.cells import clean_hours
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.plan import unpack
from backend.imports.problems import CellProblem
from backend.people.models import Resident
from backend.places.models import Building, Community
from backend.privacy.models import CommunityPrivacy
from backend.volunteers.models import TeamMember, Volunteer, VolunteerTeam
from tests.imports.doors import command
from tests.volunteers.team import new_record

HEAD = "序号,姓名,性别,出生年月,政治面貌,联系电话,住址,特长,服务队,累计时长,备注"
ROWS = """1,钱志愿,男,1960-05,党员,13900000001,3-2-501,理发,义剪队,12.5,
2,孙志愿,女,1972年3月,群众,13900000002,,急救、护理,义剪队、巡逻队,12小时30分,周末有空
3,李志愿,,,,13900000003,,,,,"""


@pytest.fixture
def world(community: Community, building: Building) -> Community:
    """Somebody on the roster, and one team."""
    known = Resident(
        community=community, name="钱志愿", phone="13900000001", building=building, remark="楼长"
    )
    gate.save(known, by=SYSTEM)
    gate.save(VolunteerTeam(community=community, name="义剪队"), by=SYSTEM)
    return community


def run(folder: Path, rows: str = ROWS, *more: str, head: str = HEAD) -> tuple[int, dict[str, Any]]:
    path = folder / "志愿者花名册.csv"
    path.write_text(f"{head}\n{rows}\n", encoding="utf-8")
    return command("volunteers", str(path), *more)


def codes(answer: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(p["row"], p["code"]) for p in answer["problems"] if p["level"] != "note"]


def state() -> Any:
    people = ("name", "phone", "gender", "birth_month", "building__name", "room", "remark")
    volunteers = ("resident__name", "status", "skills", "political_status", "carried_minutes")
    return (
        sorted(Resident.objects.values_list(*people), key=repr),
        sorted(Volunteer.objects.values_list(*volunteers, "remark"), key=repr),
        sorted(TeamMember.objects.values_list("team__name", "volunteer__resident__name")),
        sorted(VolunteerTeam.objects.values_list("name", flat=True)),
    )


def answered(folder: Path, rows: str = ROWS) -> dict[str, Any]:
    """Taken with the patrol team made beforehand."""
    community = Community.objects.get(code="xinhe")
    if not VolunteerTeam.objects.filter(name="巡逻队").exists():
        gate.save(VolunteerTeam(community=community, name="巡逻队"), by=SYSTEM)
    status, answer = run(folder, rows)
    assert (status, answer["state"]) == (0, "committed"), answer
    return answer


@pytest.mark.django_db
def test_a_roster_becomes_residents_and_volunteers(world: Community, tmp_path: Path) -> None:
    answer = answered(tmp_path)
    assert answer["rows"]["create"] == 3
    residents, volunteers, members, _ = state()
    assert volunteers == [
        ("孙志愿", "active", "急救、护理", "", 750, "周末有空"),
        ("李志愿", "active", "", "", None, ""),
        ("钱志愿", "active", "理发", "", 750, ""),
    ]
    assert members == [("义剪队", "孙志愿"), ("义剪队", "钱志愿"), ("巡逻队", "孙志愿")]
    # Blanks of the roster are filled, what stands there stays.
    assert ("钱志愿", "13900000001", "male", "1960-05", "3", "", "楼长") in residents
    moved = Transition.objects.filter(model="volunteers.Volunteer", move="approve")
    assert moved.count() == 3
    assert {row.reason[:2] for row in moved} == {"补录"}


@pytest.mark.django_db
def test_what_is_off_is_named_and_neither_stored_nor_repeated(
    world: Community, tmp_path: Path
) -> None:
    answer = answered(tmp_path)
    said = {(p["column"], p["code"], p["level"]) for p in answer["problems"]}
    assert ("政治面貌", "column_off", "note") in said
    assert "党员" not in str(answer)
    for chunk in PlanChunk.objects.all():
        assert "党员" not in str([(row.cells, row.writes) for row in unpack(chunk.payload)])


@pytest.mark.django_db
def test_party_membership_comes_in_where_it_is_turned_on(world: Community, tmp_path: Path) -> None:
    settings = CommunityPrivacy(community=world, party_membership_on=True)
    gate.save(settings, by=SYSTEM)
    answered(tmp_path)
    found = dict(Volunteer.objects.values_list("resident__name", "political_status"))
    assert found == {"钱志愿": "party_member", "孙志愿": "none", "李志愿": ""}


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_undo_takes_all_back(
    world: Community, tmp_path: Path
) -> None:
    gate.save(VolunteerTeam(community=world, name="巡逻队"), by=SYSTEM)
    before = state()
    answered(tmp_path)
    after = state()
    _, again = run(tmp_path)
    assert (again["rows"]["unchanged"], again["rows"]["update"]) == (3, 0), again
    assert state() == after
    batch = ImportBatch.objects.order_by("pk")[0]
    call_command("undo_import", batch.code)
    assert state() == before
    batch.refresh_from_db()
    assert batch.left == {}


@pytest.mark.django_db
def test_undo_leaves_whom_somebody_has_worked_with(world: Community, tmp_path: Path) -> None:
    answered(tmp_path)
    served = Volunteer.objects.get(resident__name="李志愿")
    new_record(served, 10, 8)
    call_command("undo_import", ImportBatch.objects.get().code)
    assert [v.pk for v in Volunteer.objects.all()] == [served.pk]
    assert set(Resident.objects.values_list("name", flat=True)) == {"李志愿", "钱志愿"}
    batch = ImportBatch.objects.get()
    assert batch.left["total"] == 2, "the volunteer, and the resident behind it"


@pytest.mark.django_db
def test_an_unknown_team_is_a_question(world: Community, tmp_path: Path) -> None:
    status, answer = run(tmp_path)
    assert (status, answer["state"]) == (1, "refused")
    assert codes(answer) == [(3, "team_unknown")]
    assert not Volunteer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,钱志愿,,,,,,,,,", "required"),
        ("1,钱志愿,,,,13900000001,,,,约20,", "duration_invalid"),
        ("1,孙志愿,,,,13900000001,,,,,", "phone_other_name"),
        ("1,吴少年,,2015-06,,13900000009,,,,,", "guardian_missing"),
        ("1,钱*,,,,13900000001,,,,,", "name_masked"),
        ("1,钱志愿,,,,139****0009,,,,,", "phone_masked"),
    ],
)
def test_refuses_or_asks(world: Community, tmp_path: Path, row: str, code: str) -> None:
    before = state()
    status, answer = run(tmp_path, row)
    assert status == 1
    assert codes(answer) == [(2, code)]
    assert state() == before


@pytest.mark.django_db
def test_the_opening_balance_is_changed_until_hours_are_verified(
    world: Community, tmp_path: Path
) -> None:
    row = "1,钱志愿,,,,13900000001,,,,{},"
    answered(tmp_path, row.format("20"))
    volunteer = Volunteer.objects.get()
    assert (volunteer.carried_minutes, volunteer.carried_source) == (1200, "志愿者花名册（导入）")
    _, answer = run(tmp_path, row.format("21小时"))
    assert answer["rows"]["update"] == 1
    gate.move(new_record(volunteer, 10, 8), "verify", by=SYSTEM)
    # The total of both is what the register would export: no news.
    for told in ("21", "23", "23小时0分", ""):
        _, answer = run(tmp_path, row.format(told))
        assert answer["rows"]["unchanged"] == 1, told
    _, answer = run(tmp_path, row.format("30"))
    assert codes(answer) == [(2, "carried_hours_stand")]
    assert Volunteer.objects.get().carried_minutes == 1260


@pytest.mark.django_db
def test_hours_beside_verified_ones_are_asked_about(world: Community, tmp_path: Path) -> None:
    row = "1,钱志愿,,,,13900000001,,,,{},"
    answered(tmp_path, row.format(""))
    gate.move(new_record(Volunteer.objects.get(), 10, 8), "verify", by=SYSTEM)
    _, answer = run(tmp_path, row.format("5"))
    assert codes(answer) == [(2, "hours_beside_verified")]
    assert Volunteer.objects.get().carried_minutes is None


@pytest.mark.django_db
def test_who_has_left_is_asked_about_and_who_applied_is_taken_on(
    world: Community, tmp_path: Path
) -> None:
    answered(tmp_path)
    one = Volunteer.objects.get(resident__name="钱志愿")
    gate.move(one, "leave", by=SYSTEM, reason="搬家")
    resident = gate.save(Resident(community=world, name="周志愿", phone="13900000005"), by=SYSTEM)
    gate.save(Volunteer(community=world, resident=resident), by=SYSTEM)
    rows = "1,钱志愿,,,,13900000001,,,,,\n2,周志愿,,,,13900000005,,,,,"
    _, answer = run(tmp_path, rows, "--take-good")
    assert codes(answer) == [(2, "volunteer_left_before")]
    assert Volunteer.objects.get(resident=resident).status == "active"
    # A move of somebody who was there before is not taken back, and it is said.
    batch = ImportBatch.objects.order_by("-pk")[0]
    call_command("undo_import", batch.code)
    batch.refresh_from_db()
    assert [row["reason"] for row in batch.left["rows"]] == ["volunteer_approved"]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (12.5, 750),
        (3, 180),
        ("12.5", 750),
        ("１２．５小时", 750),
        ("12小时30分", 750),
        ("12 小时 30 分钟", 750),
        ("12个小时", 720),
        ("1,200", 72_000),
        ("2小时半", 150),
        ("两", None),
        ("半小时", 30),
        ("90分钟", 90),
        ("12h30m", 750),
        (datetime.timedelta(hours=2, minutes=5), 125),
        ("", "nothing"),
        ("无", "nothing"),
        ("约20", None),
        ("20多", None),
        ("-3", None),
        ("20001", None),
        ("12:30", None),
        (datetime.time(12, 30), None),
        (True, None),
    ],
)
def test_hours_as_people_write_them(cell: Any, minutes: Any) -> None:
    if minutes == "nothing":
        assert clean_hours(cell) is None
    elif minutes is None:
        with pytest.raises(CellProblem) as refusal:
            clean_hours(cell)
        assert refusal.value.code == "duration_invalid"
    else:
        assert clean_hours(cell) == minutes
