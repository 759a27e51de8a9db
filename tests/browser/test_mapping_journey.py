"""Which sheet of a workbook, and which register a file is for: asked, or found."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from backend.education.models import LegalEducationEvent
from tests.browser.conftest import keep_picture
from tests.browser.test_import_journey import sign_in, tile

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]


def upload(page: Page, path: Path) -> None:
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并预览").click()


def test_a_workbook_of_several_sheets_asks_which(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    book = Workbook()
    for name in ("四月", "五月"):
        sheet = book.active if name == "四月" else book.create_sheet()
        sheet.title = name
        sheet.append(["姓名", "联系电话"])
        sheet.append(["张安然", "13900000001"])
    path = tmp_path / "签到表.xlsx"
    book.save(path)
    sign_in(page)
    upload(page, path)
    expect(page.get_by_text("要导入哪一张工作表")).to_be_visible()
    page.locator("li", has_text="五月").get_by_role("button", name="导入这一张").click()
    expect(page.get_by_text("工作表“五月”")).to_be_visible()
    assert tile(page, "create") == "1"


def test_a_file_dropped_on_the_page_finds_its_register(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto("/admin/imports/importbatch/")
    page.get_by_role("link", name="导入表格").last.click()
    page.wait_for_url("**/upload-table/")
    page.wait_for_load_state("networkidle")
    zone = page.locator(".ll-drop")
    dropped = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            const rows = "居民花名册,\\n姓名,联系电话\\n张安然,13900000001\\n";
            data.items.add(new File([rows], "表.csv"));
            return data;
        }"""
    )
    zone.dispatch_event("dragenter", {"dataTransfer": dropped})
    assert "ll-drop--over" in (zone.get_attribute("class") or "")
    zone.dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator(".ll-drop__title")).to_contain_text("已选择：表.csv")
    keep_picture(page, "landing")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("按“居民花名册”读取")).to_be_visible()
    assert tile(page, "unchanged") == "1"
