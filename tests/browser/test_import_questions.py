"""A worker answers what the preview asks: for all rows alike, for one row, by keyboard; and takes it back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident, ResidentPhone
from tests.browser.test_import_journey import sign_in, tile
from tests.imports.sheets_by_hand import sheet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
HEADER = ("序号", "姓名", "性别", "联系电话", "住址", "年龄")
ROWS = (
    (1, "张安然", "男", "13900000001", "3-2-501", 65),
    (2, "李知远", "女", "13900000001", "3-2-501", 63),
    (3, "王清和", "男", "13900000002/13900000003", "4-1-101", 50),
    (4, "赵云舒", "男", "13900000004 13900000005", "4-1-102", 48),
    (5, "孙若水", "女", "13900000006、13900000007", "4-1-103", 47),
    (6, "钱若谷", "女", "13900000008", "5-1-101", 70),
    (7, "钱若谷", "女", "13900000008", "5-1-101", 71),
)


@pytest.fixture
def preview(page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path) -> Page:
    sign_in(page)
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", sheet(tmp_path, [HEADER, *ROWS]))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name="需要您确认 3 件事")).to_be_visible()
    return page


def answer(page: Page) -> None:
    """Two of the three questions: one for all rows alike but one row, one for its only row."""
    phones = page.locator("fieldset", has_text="一个格里有两个电话")
    phones.get_by_role("radio", name="用第一个").check()
    phones.get_by_text("逐行选择").click()
    phones.get_by_role("combobox").nth(1).select_option(label="用第二个")
    couple = page.locator("fieldset", has_text="同一个电话，另一个名字")
    couple.get_by_role("radio", name="和家人共用这个电话").check()
    page.get_by_role("button", name="保存选择，更新预览").click()


def test_answers_what_is_asked_and_imports_everything(preview: Page) -> None:
    page = preview
    assert (tile(page, "create"), tile(page, "reject")) == ("2", "5")
    for personal in ("13900000001", "李知远", "13900000008"):
        assert personal not in page.content()
    answer(page)
    expect(page.get_by_text("新增 2 → 6 行")).to_be_visible()
    expect(page.get_by_role("heading", name="需要您确认 1 件事")).to_be_visible()

    # All is taken back, on a phone, and answered as before.
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_text("逐行选择").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="全部收回").click()
    expect(page.get_by_text("新增 6 → 2 行")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    answer(page)
    expect(page.get_by_text("新增 2 → 6 行")).to_be_visible()

    # The keyboard alone: from the radio in hand to the next one, and to the button.
    twice = page.locator("fieldset", has_text="同一个人写了两行")
    twice.get_by_role("radio", name="先不决定").focus()
    page.keyboard.press("ArrowUp")
    expect(twice.get_by_role("radio", name="以这一行为准")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="您的选择")).to_be_visible()
    assert (tile(page, "create"), tile(page, "skip"), tile(page, "reject")) == ("6", "1", "0")
    page.get_by_role("button", name="确认导入（6 行）").click()
    expect(page.get_by_text("已导入。新增 6 行")).to_be_visible()
    assert Attendance.objects.get(name="钱若谷").age == 71
    assert Resident.objects.get(name="赵云舒").phone == "13900000005"
    assert ResidentPhone.objects.get().resident.name == "李知远"
