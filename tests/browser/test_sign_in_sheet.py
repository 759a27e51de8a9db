"""The sign-in sheet as Chromium prints it, and a template dropped on the page."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from backend.education.models import Attendance, LegalEducationEvent
from tests.browser.conftest import keep_picture
from tests.browser.test_import_journey import sign_in

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True, databases="__all__")]
PDF_TO_TEXT = shutil.which("pdftotext")


@pytest.mark.slow
def test_the_paper_has_a_page_for_every_page(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    sign_in(page)
    page.goto(f"/admin/education/legaleducationevent/{neighbourhood.pk}/sign-in-sheet/")
    keep_picture(page, "sign-in-sheet")
    page.fill("input[name=blank]", "50")
    page.get_by_role("button", name="换行数").click()
    expect(page.locator(".si-page")).to_have_count(3)
    # No line is cut off by the end of its page, and there is room to sign.
    for sheet in page.locator(".si-page").all():
        box, footer = sheet.bounding_box(), sheet.locator("footer").bounding_box()
        table = sheet.locator("table").bounding_box()
        assert box is not None
        assert footer is not None
        assert table is not None
        assert table["y"] + table["height"] <= footer["y"]
        assert footer["y"] + footer["height"] <= box["y"] + box["height"]
    row = page.locator(".si-page tbody tr").first.bounding_box()
    assert row is not None
    assert row["height"] >= 41, "11 mm"
    heads = page.locator(".si-page").first.locator("th")
    boxes = {head.inner_text(): head.bounding_box() for head in heads.all()}
    for heading, least in (("姓名", 80), ("联系电话", 110), ("住址", 130), ("签名", 100)):
        found = boxes[heading]
        assert found is not None
        assert found["width"] >= least, heading
        assert found["height"] <= 36, f"{heading} stands on one line"
    if PDF_TO_TEXT is None:
        pytest.skip("needs pdftotext")
    path = tmp_path / "签到表.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    text = subprocess.run([PDF_TO_TEXT, str(path), "-"], capture_output=True, check=True)
    printed = ["".join(each.split()) for each in text.stdout.decode().split("\f")[:-1]]
    assert len(printed) == 3
    for number, sheet_text in enumerate(printed, start=1):
        assert f"第{number}页共3页" in sheet_text
        assert "联系电话" in sheet_text
        assert "换行数" not in sheet_text, "what is for the screen is not printed"


@pytest.mark.slow
def test_a_template_is_filled_in_and_dropped_without_choosing(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    sign_in(page)
    page.goto(f"/admin/education/legaleducationevent/{neighbourhood.pk}/change/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载签到模板").click()
    assert download.value.suggested_filename == "签到表模板-民法典进小区-pf-open.xlsx"
    path = tmp_path / "签到表.xlsx"
    download.value.save_as(path)
    book = load_workbook(path)
    book["签到表"].append([None, "李知远", "女", 70, "13712345678"])
    book.save(path)
    # On the wrong register's page.
    page.goto("/admin/people/resident/import/")
    keep_picture(page, "template-upload", full_page=False)
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("alert")).to_contain_text("这是“签到表”·民法典进小区")
    keep_picture(page, "template-of-other", full_page=False)
    page.get_by_role("button", name="按模板写的地方导入").click()
    page.get_by_role("button", name="确认导入（1 行）").click()
    expect(page.get_by_text("已导入。新增 1 行")).to_be_visible()
    assert Attendance.objects.get().event == neighbourhood
