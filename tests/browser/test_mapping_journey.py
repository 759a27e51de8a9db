"""A sheet with headings of its own, from upload through 核对列 to the preview; with keyboard, on a phone."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import MappingProfile
from tests.browser.conftest import keep_picture
from tests.browser.test_import_journey import sign_in, tile

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True, databases="__all__")]

ROWS = [
    ("张安然", "男", 13900000001, "3-2-501", "会计", "410101195001010011"),
    ("李知远", "女", 13712345678, "3-2-502", "退休", "410101195001010038"),
    ("王清和", "男", 13712345679, "4-1-301", "个体", None),
]


@pytest.fixture
def own_sheet(tmp_path: Path) -> Path:
    """A sheet as staff keep it: a title, headings of their own, columns that no register has."""
    book = Workbook()
    sheet = book.active
    sheet.title = "四月"
    sheet.append(["新河社区民法典进小区签到表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["您的姓名", "性别", "本人手机", "现居住地址", "职业", "身份证号"])
    for row in ROWS:
        sheet.append(row)
    path = tmp_path / "签到表.xlsx"
    book.save(path)
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并预览").click()


def test_columns_are_looked_at_said_and_remembered(
    page: Page, neighbourhood: LegalEducationEvent, own_sheet: Path
) -> None:
    sign_in(page)
    upload(page, own_sheet)
    expect(page.get_by_role("button", name="就按这样读，看预览")).to_be_visible()
    for personal in ("张安然", "13712345678", "410101195001010011", "501"):
        assert personal not in page.content()
    job = page.get_by_label("“职业”这一列是")
    expect(job).to_have_value("-")
    keep_picture(page, "mapping")
    page.get_by_text("不对？换一行").click()
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_checked()
    job.select_option("+")
    # By keyboard alone from here: the button is reached and pressed.
    job.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="就按这样读，看预览")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".ll-counts")).to_be_visible()
    assert tile(page, "create") == "3"
    page.get_by_role("button", name="确认导入（3 行）").click()
    expect(page.get_by_text("已导入。新增 3 行")).to_be_visible()
    assert "职业：会计" in set(Attendance.objects.values_list("remark", flat=True))
    # The next such sheet goes straight to the preview, and says why.
    assert MappingProfile.objects.count() == 1
    upload(page, own_sheet)
    expect(page.get_by_text("已按上次的对应关系读取")).to_be_visible()
    expect(page.get_by_role("link", name="列对得不对？调整")).to_be_visible()
    assert tile(page, "unchanged") == "3"
    page.goto("/admin/imports/mappingprofile/")
    expect(page.get_by_text("职业 → 并入备注")).to_be_visible()


def test_on_a_phone_the_columns_are_cards(
    page: Page, neighbourhood: LegalEducationEvent, own_sheet: Path
) -> None:
    sign_in(page)
    page.set_viewport_size({"width": 390, "height": 800})
    upload(page, own_sheet)
    expect(page.get_by_role("button", name="就按这样读，看预览")).to_be_visible()
    page.get_by_text("不对？换一行").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, "mapping-phone")


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
    keep_picture(page, "landing-phone")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("按“居民花名册”读取")).to_be_visible()
    assert tile(page, "unchanged") == "1"
