"""The journey of a worker: sign in, upload, preview, confirm, corrected workbook, undo."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident
from tests.browser.conftest import keep_picture

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def sign_in_sheet(tmp_path: Path) -> Path:
    """A sheet as staff keep them: title rows, a total, a phone that lacks a digit, a couple."""
    book = Workbook()
    sheet = book.active
    sheet.title = "签到表"
    sheet.append(["新河社区普法活动签到表"])
    sheet.merge_cells("A1:H1")
    sheet.append(["活动名称：民法典进小区    时间：2026年4月1日    地点：小马扎剧场"])
    sheet.append(["序号", "姓 名", "性别", "年龄", "联系\n电话", "住址(楼号)", "签名", "备注"])
    sheet.append([1, "张安然", "男", 65, 13900000001, "3-2-501", "√", None])
    sheet.append([2, "李 知远", "女", "70岁", "137 1234 5678", "同上", "√", None])
    sheet.append([3, "王清和", "男", 50, "1371234567", "4号楼", None, None])
    sheet.append([4, "赵云舒", "男", 48, 13712345678, "4号楼", None, None])
    sheet.append([5, "钱若水", "女", None, None, None, "√", None])
    sheet.append(["合计", None, None, 5])
    path = tmp_path / "签到表.xlsx"
    book.save(path)
    return path


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "worker")
    page.fill("#id_password", "demo-worker")
    page.click("button[type=submit]")
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()


def tile(page: Page, name: str) -> str:
    return page.locator(f".ll-counts__tile--{name} dd").inner_text()


def test_uploads_previews_confirms_and_undoes(
    page: Page, neighbourhood: LegalEducationEvent, sign_in_sheet: Path, tmp_path: Path
) -> None:
    sign_in(page)
    page.goto("/admin/education/legaleducationevent/")
    keep_picture(page, "events", full_page=False)
    page.get_by_role("link", name="民法典进小区").first.click()
    keep_picture(page, "event", full_page=False)
    page.get_by_role("link", name="导入签到表").click()
    page.set_input_files("input[type=file]", sign_in_sheet)
    expect(page.locator(".ll-drop__title")).to_contain_text("已选择：签到表.xlsx")
    keep_picture(page, "upload")
    page.get_by_role("button", name="上传并预览").click()

    expect(page.locator(".ll-counts")).to_be_visible()
    counts = [tile(page, name) for name in ("create", "update", "unchanged", "skip", "reject")]
    assert counts == ["3", "0", "0", "1", "2"]
    expect(page.get_by_text("这里是 10 位")).to_be_visible()
    assert "13712345678" not in page.content(), "phones are masked in the preview"
    assert "李知远" not in page.content(), "names are masked in the preview"
    keep_picture(page, "preview")
    assert Attendance.objects.count() == 0, "nothing is written before it is confirmed"

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出问题的表格").click()
    corrected = tmp_path / "corrected.xlsx"
    download.value.save_as(corrected)
    sheet = load_workbook(corrected)["签到表"]
    assert sheet["I3"].value == "错误说明"
    assert "10 位" in sheet["I6"].value
    assert sheet["E6"].fill.start_color.rgb == "FFFFC7CD"
    assert "A1:H1" in {str(merged) for merged in sheet.merged_cells.ranges}

    page.get_by_role("button", name="只导入没有问题的 3 行").click()
    expect(page.get_by_text("2 行有问题，没有导入")).to_be_visible()
    keep_picture(page, "result")
    assert Attendance.objects.filter(event=neighbourhood).count() == 3
    assert Resident.objects.count() == 2

    page.get_by_role("link", name="撤销这次导入").click()
    assert Attendance.objects.count() == 3, "it asks once"
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("这次导入已撤销")).to_be_visible()
    assert Attendance.objects.count() == 0
    assert Resident.objects.count() == 1


def test_a_phone_shows_the_preview_without_sideways_scrolling(
    page: Page, neighbourhood: LegalEducationEvent, sign_in_sheet: Path
) -> None:
    sign_in(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", sign_in_sheet)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator(".ll-counts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, "preview-phone")


def test_a_file_that_is_no_table_gets_one_sentence(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    web_page = tmp_path / "表.xls"
    web_page.write_text("<html><body><table><tr><td>姓名</td></tr></table></body></html>")
    sign_in(page)
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", web_page)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("alert")).to_contain_text("另存为 .xlsx")
    expect(page.get_by_role("link", name="改好后重新上传")).to_be_visible()


def test_a_form_that_breaks_a_rule_keeps_what_was_typed(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto(f"/admin/education/legaleducationevent/{neighbourhood.pk}/change/")
    page.fill("#id_title", "改过的名称")
    page.fill("#id_ends_at_0", "2020/01/01")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("结束时间应晚于开始时间")).to_be_visible()
    assert page.input_value("#id_title") == "改过的名称"
    neighbourhood.refresh_from_db()
    assert neighbourhood.title == "民法典进小区"


def test_the_query_explorer_answers_without_another_host(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto("/graphql/")
    page.locator("button.graphiql-execute-button, button.execute-button").first.click()
    expect(page.get_by_text("pf-open").first).to_be_visible()
    keep_picture(page, "query", full_page=False)
