"""import_sheet, to the letter of what outside callers rely on."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident
from backend.places.models import Building, Community
from tests.imports.doors import command
from tests.imports.sheets_by_hand import attendance, sheet, told

HEADER = ("姓名", "联系电话", "住址", "备注")


@pytest.fixture
def event(event_open: LegalEducationEvent, building: Building) -> LegalEducationEvent:
    return event_open


def test_a_good_sheet_is_carried_out_by_the_system_at_the_command_line(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    status, answer = attendance(sheet(tmp_path, [HEADER, ("张安然", "13700000001", "", "")]))
    assert status == 0
    assert set(answer) == {"batch", "state", "register", "sheet", "rows", "problems"}
    assert answer["state"] == "committed"
    assert answer["register"] == "attendance"
    assert answer["sheet"] == "签到表"
    expected = {"read": 1, "create": 1, "update": 0, "unchanged": 0, "skip": 0, "reject": 0}
    assert answer["rows"] == expected
    assert answer["batch"]
    change = ChangeSet.objects.filter(verb__startswith="import").latest("pk")
    assert (change.door, change.actor, change.community) == ("command_line", None, event.community)


def test_one_rejected_row_and_nothing_is_written(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [HEADER, ("张安然", "13700000001", "", ""), ("李知远", "1370000000", "", "")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, answer["state"], answer["batch"]) == (1, "refused", None)
    assert answer["rows"]["create"] == answer["rows"]["reject"] == 1
    assert told(answer) == [(3, "联系电话", "phone_incomplete", "error")]
    assert not Attendance.objects.exists()
    assert not Resident.objects.exists()


def test_the_good_rows_by_choice_and_the_status_stays_1(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [HEADER, ("张安然", "13700000001", "", ""), ("李知远", "1370000000", "", "")]
    status, answer = attendance(sheet(tmp_path, rows), "--take-good")
    assert (status, answer["state"]) == (1, "committed")
    assert Attendance.objects.count() == 1


def test_a_dry_run_is_planned_and_writes_nothing(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [HEADER, ("张安然", "13700000001", "", "")])
    status, answer = attendance(path, "--dry-run")
    assert (status, answer["state"], answer["batch"]) == (0, "planned", None)
    assert answer["rows"]["create"] == 1
    assert not Resident.objects.exists()
    assert not ChangeSet.objects.filter(verb__startswith="import").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "FILE", "--event", "pf-open"),
        ("attendance", "FILE", "--event", "pf-none"),
        ("attendance", "FILE", "--event", "pf-open", "--sheet", "没有"),
        ("attendance", "MISSING", "--event", "pf-open"),
    ],
)
def test_wrong_usage_is_2_and_speaks_on_standard_error_alone(
    event: LegalEducationEvent, tmp_path: Path, arguments: tuple[str, ...], capfd: Any
) -> None:
    path = sheet(tmp_path, [HEADER, ("张安然", "13700000001", "", "")])
    known = {"FILE": str(path), "MISSING": str(tmp_path / "none.xlsx")}
    with pytest.raises(CommandError) as caught:
        call_command("import_sheet", *[known.get(a, a) for a in arguments], "--json")
    assert caught.value.returncode == 2
    assert capfd.readouterr().out == ""


def test_where_there_are_several_communities_one_is_named(
    event: LegalEducationEvent, other_community: Community, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [HEADER, ("张安然", "13700000001", "", "")])

    def where(*options: str) -> str:
        assert command("residents", str(path), *options)[0] == 0
        return str(Resident.objects.latest("pk").community.code)

    assert where("--community", other_community.code) == other_community.code
    # A register that goes into no event takes the event's community.
    assert where("--event", event.code) == event.community.code
    for wrong in (
        ("--community", "nowhere"),
        ("--event", "pf-none"),
        ("--event", event.code, "--community", other_community.code),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("import_sheet", "residents", str(path), *wrong)
        assert caught.value.returncode == 2


def test_rows_are_numbered_as_the_program_shows_them(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    book = Workbook()
    page = book.active
    page.title = "表一"
    page["A2"] = "新河社区普法活动签到表"
    for column, heading in enumerate(("序号", "姓 名", "联系\n电话"), start=1):
        page.cell(4, column, heading)
    page.append([1, "张安然", 13700000001])
    page["A7"], page["B7"], page["C7"] = 2, "李知远", "137 0000"
    page["A9"] = "  "
    page["A10"] = "合计：2人"
    page["A11"] = "制表人：王清和"
    path = tmp_path / "表.xlsx"
    book.save(path)
    _, answer = attendance(path, "--dry-run")
    assert answer["sheet"] == "表一"
    assert answer["rows"] == {
        "read": 4, "create": 1, "update": 0, "unchanged": 0, "skip": 2, "reject": 1,
    }  # fmt: skip
    assert told(answer)[0] == (7, "联系电话", "phone_incomplete", "error")
    assert [row for row, *_ in told(answer)] == [7, 10, 11]


def test_an_unknown_column_is_a_question_about_the_file_that_rejects_nothing(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [(*HEADER, "是否领奖品"), ("张安然", "13700000001", "", "", "#REF!")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, answer["state"]) == (0, "committed")
    assert told(answer) == [(None, "是否领奖品", "column_unknown", "question")]


def test_identity_numbers_are_ignored_by_name_and_repeated_nowhere(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    secret = "110101195803070011"
    rows = [(*HEADER, "身份证号"), ("张安然", "13700000001", "", "", secret)]
    status, answer = attendance(sheet(tmp_path, rows))
    assert status == 0
    assert told(answer) == [(None, "身份证号", "column_off", "note")]
    assert secret not in str(answer)
    from backend.imports.models import PlanChunk
    from backend.imports.plan import unpack

    kept = [row for chunk in PlanChunk.objects.all() for row in unpack(chunk.payload)]
    assert kept
    assert secret not in str(kept)


def test_a_row_equal_to_an_earlier_one_is_skipped(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    row = ("张安然", "13700000001", "", "")
    _, answer = attendance(sheet(tmp_path, [HEADER, row, row]))
    assert answer["rows"]["create"] == answer["rows"]["skip"] == 1


def test_a_row_that_is_only_spelled_otherwise_is_equal(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [
        HEADER,
        ("张安然", "13700000001", "3-2-501", ""),
        ("张 安 然", "137 0000 0001", "３号楼2单元501 ", ""),
    ]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, told(answer)) == (0, [(3, None, "row_duplicate", "note")])


def test_one_phone_with_another_name_is_a_question(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [HEADER, ("张安然", "13700000001", "", ""), ("李知远", "13700000001", "", "")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert status == 1
    assert told(answer) == [(3, "联系电话", "phone_other_name", "question")]
    gate.save(Resident(community=event.community, name="王清和", phone="13700000002"), by=SYSTEM)
    _, answer = attendance(sheet(tmp_path, [HEADER, ("赵云舒", "13700000002", "", "")]))
    assert told(answer) == [(2, "联系电话", "phone_other_name", "question")]


def test_a_name_alone_is_taken_and_tied_to_nobody(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    gate.save(Resident(community=event.community, name="张安然", phone="13700000001"), by=SYSTEM)
    status, answer = attendance(sheet(tmp_path, [HEADER, ("张安然", "", "", "")]))
    assert (status, told(answer)) == (0, [(2, None, "unlinked", "note")])
    assert Attendance.objects.get().resident is None
    twice = sheet(tmp_path, [HEADER, ("李知远", "", "", "甲"), ("李知远", "", "", "乙")])
    status, answer = attendance(twice)
    assert status == 1
    assert (3, "姓名", "name_twice", "question") in told(answer)


def test_name_and_address_find_who_is_known(
    event: LegalEducationEvent, building: Building, tmp_path: Path
) -> None:
    known = Resident(
        community=event.community,
        name="张安然",
        phone="13700000001",
        building=building,
        unit="2",
        room="501",
    )
    gate.save(known, by=SYSTEM)
    _, answer = attendance(sheet(tmp_path, [HEADER, ("张安然", "", "3-2-501", "")]))
    assert answer["rows"]["create"] == 1
    assert Attendance.objects.get().resident == known
    assert Resident.objects.count() == 1


def test_ditto_takes_the_cell_above_and_never_a_phone(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [HEADER, ("张安然", "13700000001", "3-2-501", ""), ("李知远", "同上", "同上", "")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert status == 1
    assert told(answer) == [(3, "联系电话", "phone_ditto", "error")]
    rows[2] = ("李知远", "13700000002", "同上", "")
    assert attendance(sheet(tmp_path, rows))[0] == 0
    assert set(Resident.objects.values_list("room", flat=True)) == {"501"}


def test_a_sheet_fills_blanks_and_overwrites_nothing(
    event: LegalEducationEvent, building: Building, tmp_path: Path
) -> None:
    known = Resident(community=event.community, name="张安然", phone="13700000001", gender="female")
    gate.save(known, by=SYSTEM)
    rows = [("姓名", "性别", "联系电话", "住址"), ("张安然", "男", "137****0001", "3-2-501")]
    _, answer = attendance(sheet(tmp_path, rows))
    known.refresh_from_db()
    assert known.gender == "female"
    assert answer["rows"]["create"] + answer["rows"]["reject"] == 1


def test_several_sheets_are_one_question_and_hidden_ones_do_not_count(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    book = Workbook()
    for page, name in ((book.active, "上午"), (book.create_sheet("下午"), "下午")):
        page.title = name
        page.append(list(HEADER))
        page.append([f"{name[0]}安然", "13700000001", "", ""])
    path = tmp_path / "两场.xlsx"
    book.save(path)
    status, answer = attendance(path)
    assert (status, answer["state"]) == (1, "refused")
    assert [p[2:] for p in told(answer)] == [("several_sheets", "question")]
    assert set(answer["rows"].values()) == {0}
    assert attendance(path, "--sheet", "下午", "--dry-run")[1]["sheet"] == "下午"
    book["下午"].sheet_state = "hidden"
    book.save(path)
    assert attendance(path, "--dry-run")[1]["sheet"] == "上午"


def test_a_month_needs_no_day(community: Community, tmp_path: Path) -> None:
    header = ("姓名", "性别", "出生年月", "联系电话")
    for number, month in enumerate(("1958-03", "1958年3月", "1958.03", "1958/3/7", "195803")):
        row = (
            f"张安{number}然".replace(str(number), "甲乙丙丁戊"[number]),
            "男",
            month,
            f"1370000000{number}",
        )
        path = sheet(tmp_path, [header, row], "花名册.csv")
        status, answer = command("residents", str(path))
        assert (status, answer["rows"]["create"]) == (0, 1), (month, answer)
    assert set(Resident.objects.values_list("birth_month", flat=True)) == {"1958-03"}


def test_signing_in_on_a_day_alone_is_taken_at_the_events_hour(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    header = ("姓名", "联系电话", "签到时间")
    from django.utils import timezone

    start = timezone.localtime(event.starts_at)
    rows = [
        header,
        ("张安然", "13700000001", f"{start:%Y.%-m.%-d}"),
        ("李知远", "13700000002", "2月30日"),
    ]
    _, answer = attendance(sheet(tmp_path, rows), "--take-good")
    assert told(answer) == [
        (2, "签到时间", "time_missing", "note"),
        (3, "签到时间", "date_impossible", "error"),
    ]
    assert Attendance.objects.get().signed_in_at == event.starts_at
    other = start + datetime.timedelta(days=1)
    rows = [header, ("王清和", "13700000003", f"{other:%-m月%-d日} 9:05")]
    assert told(attendance(sheet(tmp_path, rows))[1]) == [
        (2, "签到时间", "date_no_year", "question")
    ]


def test_nobody_has_signed_in_on_a_day_that_is_still_to_come(
    event: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [("姓名", "联系电话", "签到时间"), ("张安然", "13700000001", "2099-01-01 9:05")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, told(answer)) == (1, [(2, "签到时间", "occurred_in_future", "error")])
    later = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
    record = Attendance(community=event.community, event=event, name="张安然", signed_in_at=later)
    with pytest.raises(RuleViolation) as caught:
        gate.save(record, by=SYSTEM)
    assert caught.value.code == "occurred_in_future"
    assert not Attendance.objects.exists()


def test_an_event_that_takes_nobody_refuses_the_file(
    event_planned: LegalEducationEvent, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [HEADER, ("张安然", "13700000001", "", "")])
    status, answer = command("attendance", str(path), "--event", "pf-planned")
    assert (status, answer["state"]) == (1, "refused")
    assert told(answer) == [(None, None, "event_not_open", "error")]
    assert set(answer["rows"].values()) == {0}
