"""The whole way of a sheet with problems, in one go, as the staff guide tells and shows it:

upload, columns looked at, questions, preview, good rows taken, corrected workbook fetched, mended and
uploaded again, the rest taken, both taken back. What the database holds is looked at after each.
"""

from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch, MappingProfile
from backend.people.models import Resident, ResidentPhone
from tests.browser.conftest import keep_picture
from tests.browser.own_sheets import ON_PAPER, mend, red_cells, sheet_with_problems
from tests.browser.test_import_journey import sign_in, tile

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
# In the sheet, and never on a page.
PERSONAL = ("李知远", "1390000", "3-2-501", "吴静好")


def counts(page: Page) -> list[str]:
    """New, changed, unchanged, skipped and rejected, as the page says."""
    return [tile(page, name) for name in ("create", "update", "unchanged", "skip", "reject")]


def stored() -> tuple[int, int, int]:
    """Sign-ins, residents, further phones."""
    return Attendance.objects.count(), Resident.objects.count(), ResidentPhone.objects.count()


def nothing_personal(page: Page) -> None:
    shown = page.content()
    assert not [text for text in PERSONAL if text in shown]


def on_a_phone(page: Page, name: str) -> None:
    """The same page at 390 px: nothing sticks out; its picture is taken."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("window.scrollTo(0, 0)")
    keep_picture(page, f"{name}-phone", full_page=False)
    page.set_viewport_size({"width": 1280, "height": 900})


def choose(page: Page, path: Path) -> None:
    page.set_input_files("input[type=file]", path)
    expect(page.locator(".ll-drop__title")).to_contain_text(f"已选择：{path.name}")


def take_back(page: Page) -> None:
    before = stored()
    page.get_by_role("link", name="撤销这次导入").click()
    keep_picture(page, "undo")
    assert stored() == before, "it asks once"
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("这次导入已撤销")).to_be_visible()


def test_a_sheet_with_problems_from_upload_to_undo(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    assert stored() == (0, 1, 0)
    own = sheet_with_problems(tmp_path, timezone.localtime(neighbourhood.starts_at).date())
    sign_in(page)
    page.goto("/admin/education/legaleducationevent/")
    keep_picture(page, "events", full_page=False)
    page.get_by_role("link", name="民法典进小区").first.click()
    keep_picture(page, "event", full_page=False)
    page.get_by_role("link", name="导入签到表").click()
    choose(page, own)
    keep_picture(page, "upload")
    page.get_by_role("button", name="上传并预览").click()

    # 核对列: one heading is guessed rightly, two are for staff to say; by keyboard at the end.
    ready = page.get_by_role("button", name="就按这样读，看预览")
    expect(ready).to_be_visible()
    nothing_personal(page)
    expect(page.get_by_label("“本人手机”这一列是")).to_have_value("phone")
    page.get_by_label("“住在几号楼”这一列是").select_option("address")
    page.get_by_label("“文化程度”这一列是").select_option("+")
    keep_picture(page, "mapping")
    on_a_phone(page, "mapping")
    page.get_by_label("“备注”这一列是").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(ready).to_be_focused()
    page.keyboard.press("Enter")

    # Two questions: a couple on one phone, two phones in a cell.
    expect(page.get_by_role("heading", name="需要您确认 2 件事")).to_be_visible()
    assert counts(page) == ["3", "0", "0", "2", "5"]
    nothing_personal(page)
    keep_picture(page, "questions")
    on_a_phone(page, "questions")
    couple = page.locator("fieldset", has_text="同一个电话，另一个名字")
    couple.get_by_role("radio", name="和家人共用这个电话").check()
    phones = page.locator("fieldset", has_text="一个格里有两个电话")
    phones.get_by_role("radio", name="用第一个").check()
    page.get_by_role("button", name="保存选择，更新预览").click()
    expect(page.get_by_role("heading", name="您的选择")).to_be_visible()
    expect(page.get_by_text("您选了：用第一个")).to_be_visible()

    # The preview: masked, nothing written yet.
    assert counts(page) == ["5", "0", "0", "2", "3"]
    expect(page.get_by_text("这里是 10 位")).to_be_visible()
    nothing_personal(page)
    keep_picture(page, "preview")
    on_a_phone(page, "preview")
    assert stored() == (0, 1, 0)

    # The good rows are taken.
    page.get_by_role("button", name="只导入没有问题的 5 行").click()
    expect(page.get_by_text("3 行有问题，没有导入")).to_be_visible()
    keep_picture(page, "result")
    assert stored() == (5, 4, 1)
    assert Attendance.objects.get(name="赵云舒").remark == "文化程度：高中"
    assert Resident.objects.get(name="李知远").phone == ""
    assert ResidentPhone.objects.get(phone="13900000001").resident.name == "李知远"
    assert MappingProfile.objects.count() == 1

    # Their own workbook comes back, with what is wrong in red.
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出问题的表格").click()
    assert download.value.suggested_filename == "民法典签到表-错误说明.xlsx"
    corrected = tmp_path / download.value.suggested_filename
    download.value.save_as(corrected)
    sheet = load_workbook(corrected)["签到表"]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:I1", "A2:I2", "A3:I3"}
    assert sheet["A1"].font.size == 18
    assert sheet.column_dimensions["E"].width == 26
    assert sheet["J4"].value == "错误说明"
    assert "10 位" in sheet["J7"].value
    assert red_cells(corrected) == set(ON_PAPER)

    # Mended and uploaded again: no step in between, what is there already is unchanged.
    mend(corrected, ON_PAPER)
    page.get_by_role("link", name="再导入一份").click()
    choose(page, corrected)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("已按上次的对应关系读取")).to_be_visible()
    expect(page.get_by_text("有 1 行和以前导入的一模一样")).to_be_visible()
    assert counts(page) == ["3", "0", "5", "2", "0"]
    keep_picture(page, "preview-again")
    page.get_by_role("button", name="确认导入（3 行）").click()
    expect(page.get_by_text("已导入。新增 3 行")).to_be_visible()
    assert stored() == (8, 7, 1)
    assert Attendance.objects.get(name="孙若谷").age == 65
    assert Resident.objects.get(name="周明礼").phone == "13900000007"

    # Both are taken back, the later one first.
    take_back(page)
    assert stored() == (5, 4, 1)
    first = ImportBatch.objects.get(status="committed")
    page.goto(f"/admin/imports/importbatch/{first.pk}/change/")
    take_back(page)
    assert stored() == (0, 1, 0)
    assert Resident.objects.get().name == "张安然"
