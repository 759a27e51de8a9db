"""Lines that are nobody: where to sign, how many came, the title of the next page."""

from pathlib import Path

import pytest

from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident
from tests.imports.doors import command
from tests.imports.sheets_by_hand import attendance, sheet, told

HEADER = ("姓名", "联系电话", "住址", "备注")
SOMEBODY = ("张安然", "13700000001", "", "")


@pytest.mark.parametrize(
    "line",
    [
        ("负责人签字：",),
        ("社区负责人（签字）：", "", "日期：2026年4月1日"),
        ("工作人员签名",),
        ("主办单位：新河社区",),
        ("实到人数：30",),
        ("应到30人",),
        ("总计（人）",),
        ("2026年4月1日",),
        ("（以下空白）",),
        ("※以上人员均已到场",),
        ("本表一式两份，由社区存档。",),
        ("", "", "", "2026年4月1日"),
    ],
)
def test_a_line_that_stands_alone_is_skipped_and_nobody_comes_of_it(
    event_open: LegalEducationEvent, tmp_path: Path, line: tuple[str, ...]
) -> None:
    status, answer = attendance(sheet(tmp_path, [HEADER, SOMEBODY, line]))
    assert (status, answer["rows"]["create"], answer["rows"]["skip"]) == (0, 1, 1), answer
    assert Attendance.objects.count() == 1


def test_a_title_that_comes_again_with_the_next_page_is_skipped_with_its_header(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    title = "民法典进小区活动"
    again = (f"{title}（第2页）",)
    rows = [(title,), HEADER, SOMEBODY, again, HEADER, ("李知远", "13700000002", "", "")]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, answer["rows"]["create"]) == (0, 2)
    assert told(answer) == [
        (4, None, "row_repeated_header", "note"),
        (5, None, "row_repeated_header", "note"),
    ]


def test_the_speaker_who_is_named_above_may_come_and_sign(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [
        ("主讲人", "张安然"),
        ("张安然",),
        HEADER,
        ("张安然",),
        ("李知远", "13700000002", "", ""),
    ]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, answer["rows"]["create"]) == (0, 2), answer


def test_pages_numbered_to_the_end_bring_nobody(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [("序号", *HEADER), ("1", *SOMEBODY), ("2", "以下空白"), ("3",)]
    status, answer = attendance(sheet(tmp_path, rows))
    assert (status, answer["rows"]["create"], answer["rows"]["skip"]) == (0, 1, 2)


def test_names_that_end_like_a_label_are_names(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    names = ("李白", "陈表", "王字名", "孙日")
    status, answer = attendance(sheet(tmp_path, [HEADER, *((name,) for name in names)]))
    assert (status, answer["rows"]["create"]) == (0, 4)
    assert set(Attendance.objects.values_list("name", flat=True)) == set(names)


@pytest.mark.parametrize("cell", ["张安然、李知远", "张安然，李知远", "张安然：13700000001"])
def test_what_is_two_people_or_more_than_a_name_is_sent_back_not_skipped(
    event_open: LegalEducationEvent, tmp_path: Path, cell: str
) -> None:
    path = tmp_path / "签到表.csv"
    path.write_text(f"姓名;联系电话\n{cell};\n", encoding="utf-8")
    status, answer = attendance(path)
    assert (status, told(answer)) == (1, [(2, "姓名", "name_invalid", "error")])
    assert not Resident.objects.exists()


def test_a_demand_may_have_several_reporters(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [("日期", "内容", "反映人"), ("2026-03-05", "楼道灯不亮", "张安然、李知远")]
    assert command("demands", str(sheet(tmp_path, rows, "诉求台账.csv")))[0] == 0


def test_prose_may_begin_with_a_label_and_a_day_alone_is_a_row_begun(
    event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    rows = [("内容", "日期"), ("投诉：楼道灯不亮", ""), ("", "2026-03-05")]
    path = sheet(tmp_path, rows, "诉求台账.csv")
    status, answer = command("demands", str(path))
    assert (status, answer["rows"]["reject"]) == (1, 2)
    rows = [("日期", "内容"), ("2026-03-05", ""), ("填报单位：新河社区", "")]
    _, answer = command("demands", str(sheet(tmp_path, rows, "诉求台账.csv")))
    assert told(answer) == [
        (2, "内容", "required", "error"),
        (3, None, "row_signature", "note"),
    ]
