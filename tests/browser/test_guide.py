"""A new user, from the guide alone: docs/staff/sheets.md is read, and what it says is done.

点“…” is clicked, 看到“…” is looked for, and nothing else: a word that is not on the screen fails.
"""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from tests.browser.own_sheets import mend, red_cells

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]

DOCS = Path(__file__).resolve().parents[2] / "docs"
TITLE = "走一遍：导入、改两行、撤销、再导入"
ROWS = (
    ("张安然", "男", 65, "13900000001", "√"),
    ("李知远", "女", 63, "1390000002", "√"),
    ("王清和", "男", 500, "13900000003", "√"),
    ("赵云舒", "男", 48, "13900000004", "√"),
)
RIGHT: dict[tuple[int, str], Any] = {(3, "D"): "13900000002", (4, "C"): 50}
_DONE = re.compile(
    r"(左边点|点|看到)“([^”]+)”|(点那场活动的名称)|(选择您的签到表)|(选择改好的表)|(改好标了红)"
)


def steps() -> list[str]:
    """The numbered lines of the guide's walk."""
    page = (DOCS / "staff" / "sheets.md").read_text("utf-8")
    section = page.partition(f"## {TITLE}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. (.+)$", section, re.MULTILINE)


def own_sheet(folder: Path, day: datetime.date) -> Path:
    book = Workbook()
    book.active.title = "签到表"
    book.active.append(["姓名", "性别", "年龄", "联系电话", "签名"])
    for row in ROWS:
        book.active.append(row)
    path = folder / f"签到表{day:%m%d}.xlsx"
    book.save(path)
    return path


def named(page: Page, name: str) -> Locator:
    """The button or link that the screen calls so; N in the guide is a number."""
    words = re.compile("^\\s*" + re.escape(name).replace("N", r"\d+") + "(\\s|$)")
    main = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words))
    return main.filter(visible=True).first


class Reader:
    """Somebody with the guide in one hand."""

    def __init__(self, page: Page, own: Path, event: LegalEducationEvent) -> None:
        self.page, self.own, self.event = page, own, event
        self.clicked: list[str] = []

    def follow(self, step: str) -> None:
        for verb, name, the_event, own, mended, mends in _DONE.findall(step):
            if verb == "左边点":
                self.in_the_sidebar(name)
            elif verb == "点":
                self.click(name)
            elif verb == "看到":
                expect(self.page.get_by_text(name).filter(visible=True).first).to_be_visible()
            elif the_event:
                self.page.get_by_role("link", name=self.event.title).first.click()
            elif own or mended:
                self.page.set_input_files("input[type=file]", self.own)
            elif mends:
                assert red_cells(self.own) == set(RIGHT), "two cells are marked"
                mend(self.own, RIGHT)

    def in_the_sidebar(self, name: str) -> None:
        self.page.locator("#nav-sidebar").get_by_text(name, exact=True).first.click()
        self.page.wait_for_load_state()

    def click(self, name: str) -> None:
        self.clicked.append(name)
        target = named(self.page, name)
        if name.startswith("下载"):
            with self.page.expect_download() as download:
                target.click()
            self.own = self.own.parent / download.value.suggested_filename
            download.value.save_as(self.own)
            return
        target.click()
        self.page.wait_for_load_state()


def test_the_guide_leads_through_the_screens(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    own = own_sheet(tmp_path, timezone.localdate())
    reader = Reader(page, own, neighbourhood)
    found = steps()
    assert len(found) == 10
    page.goto("/admin/")
    page.get_by_label("用户名").fill("worker")
    page.get_by_label("密码").first.fill("demo-worker")
    after: dict[int, Callable[[], None]] = {
        4: lambda: _stored(0),
        5: lambda: _stored(2),
        8: lambda: _stored(4),
        9: lambda: _stored(2),
        10: lambda: _stored(4),
    }
    for number, step in enumerate(found, start=1):
        reader.follow(step)
        after.get(number, lambda: None)()
    assert Attendance.objects.get(name="王清和").age == 50
    assert sorted(ImportBatch.objects.values_list("status", flat=True)) == [
        "committed",
        "committed",
        "undone",
    ]
    assert load_workbook(reader.own)["签到表"]["F1"].value == "错误说明"
    # The handbook calls them by the same names.
    handbook = (DOCS / "staff-guide.md").read_text("utf-8")
    assert [name for name in reader.clicked if f"“{name}”" not in handbook] == []


def test_a_word_that_is_not_on_the_screen_fails(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    """The control."""
    page.goto("/admin/")
    page.set_default_timeout(1500)
    reader = Reader(page, own_sheet(tmp_path, timezone.localdate()), neighbourhood)
    with pytest.raises(Exception, match="Timeout"):
        reader.follow("点“登陆系统”。")


def _stored(rows: int) -> None:
    assert Attendance.objects.count() == rows
