"""Mended and uploaded again: what was taken stays as it is, and what was mended comes in."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User
from tests.imports.marking import HEADINGS, SOFFICE, colours, converted
from tests.imports.rounds import corrected, explained, take_good, upload
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(
    worker: User, event_open: LegalEducationEvent, building: Any, tmp_path: Path
) -> ImportBatch:
    """Two good rows taken, three bad ones left, of a sheet with title rows and a frame."""
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill

    book = Workbook()
    sheet = book.active
    sheet.title = "签到表"
    sheet.append(["新河社区普法活动签到表"])
    sheet.merge_cells("A1:H1")
    sheet.append(HEADINGS)
    sheet.append([1, "张安然", "男", 65, "13900000001", "3-2-501", "√", None])
    sheet.append([2, "李知远", "女", 70, "1371234567", "3-2-502", "√", None])
    sheet.append([3, "王清和", "x", 50, "13712345679", "3号楼", "√", None])
    sheet.append([4, "赵云舒", "男", 480, "137123456", "3号楼", None, None])
    sheet.append([5, "钱若水", "女", 33, 13712345670, "3号楼", "√", "带孩子"])
    sheet["H7"].fill = PatternFill("solid", start_color="FFFFFF00")
    path = tmp_path / "签到表.xlsx"
    book.save(path)
    made = upload(worker, path.name, path.read_bytes())
    assert (made.create, made.reject) == (2, 3)
    take_good(worker, made)
    return made


def mended(path: Path) -> None:
    """As by hand: two of the three rows mended, the explanations left where they are."""
    book = load_workbook(path)
    sheet = book["签到表"]
    sheet["E4"] = "13712345671"
    sheet["C5"] = "女"
    sheet["D6"] = 48
    book.save(path)


@pytest.mark.parametrize("program", ["openpyxl", pytest.param("soffice", marks=pytest.mark.slow)])
def test_mended_rows_come_in_and_the_others_stay(
    program: str, worker: User, batch: ImportBatch, tmp_path: Path
) -> None:
    path = corrected(worker, batch, tmp_path)
    assert colours(path, "签到表") == {"E4": "bad", "C5": "bad", "D6": "bad", "E6": "bad"}
    mended(path)
    if program == "soffice":
        if SOFFICE is None:
            pytest.skip("needs LibreOffice")
        path = converted(path)
    before = list(Attendance.objects.order_by("pk").values())
    again = upload(worker, "签到表-错误说明.xlsx", path.read_bytes())
    assert (again.create, again.update, again.unchanged, again.reject) == (2, 0, 2, 1)
    take_good(worker, again)
    assert list(Attendance.objects.order_by("pk").values())[:2] == before
    assert sorted(Attendance.objects.values_list("name", flat=True)) == sorted(
        ["张安然", "钱若水", "李知远", "王清和"]
    )
    assert Resident.objects.get(name="李知远").phone == "13712345671"
    second = corrected(worker, again, tmp_path)
    place, told = explained(second, "签到表")
    assert (place, set(told)) == ("I", {6})
    assert colours(second, "签到表") == {"E6": "bad"}, "what was mended is clean again"
    sheet = load_workbook(second)["签到表"]
    assert sheet["H7"].fill.fgColor.rgb == "FFFFFF00", "their own colours are theirs"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:H1"]
    book = load_workbook(second)
    book["签到表"]["E6"] = "13712345672"
    book.save(second)
    last = upload(worker, "签到表.xlsx", second.read_bytes())
    assert (last.create, last.unchanged, last.reject) == (1, 4, 0)


def test_a_template_that_comes_back_knows_its_event_still(
    worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    from tests.imports import filling

    people = [
        {"姓名": "张安然", "联系电话": "137123"},
        {"姓名": "李知远", "联系电话": "13712340002"},
    ]
    content = filling.filled(filling.event_template(worker, event_open), people)
    first = filling.upload(worker, "attendance", content)
    assert (first.target, first.create, first.reject) == ("pf-open", 1, 1)
    path = corrected(worker, first, tmp_path)
    again = filling.upload(worker, "attendance", path.read_bytes())
    assert (again.target, again.create, again.reject) == ("pf-open", 1, 1)
    assert again.file_problems == []


def test_what_cannot_be_marked_is_said_and_not_logged_as_read(
    worker: User, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.core.models import Disclosure, DisclosureKind
    from backend.imports import corrected as module

    monkeypatch.setattr(module, "_run", lambda *_: 3)
    address = f"/admin/imports/importbatch/{batch.pk}/corrected/"
    done = caller(worker).get(address, follow=True)
    assert "标不出问题" in done.content.decode()
    assert not Disclosure.objects.filter(kind=DisclosureKind.EXPORT).exists()
