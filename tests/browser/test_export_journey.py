"""A worker makes the ledger of a sign-in list: columns by keyboard, a period, print-ready; a large one."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.jobs.models import Job
from backend.jobs.running import work_off
from backend.people.models import Resident
from backend.places.models import Building
from fixtures.people import invented_name
from tests.browser.conftest import keep_picture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
COUNT = 60


def _look(page: Page, name: str) -> None:
    folder = os.environ.get("LINLI_LOOKS")
    if folder:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("input[name=login]", "worker")
    page.fill("input[name=password]", "demo-worker")
    page.click("button[type=submit]")


@pytest.fixture
def signed_in(neighbourhood: LegalEducationEvent) -> LegalEducationEvent:
    """Sixty people signed in, with doors and long remarks."""
    community = neighbourhood.community
    buildings = list(Building.objects.all())
    people = [
        Resident(
            community=community,
            name=invented_name(n)[0],
            phone=f"1390001{n:04}",
            building=buildings[n % 3],
            unit="2",
            room=str(101 + n),
        )
        for n in range(COUNT)
    ]
    gate.save_many(people, by=SYSTEM)
    rows = [
        Attendance(
            community=community,
            event=neighbourhood,
            resident=person,
            name=person.name,
            gender="female" if n % 2 else "male",
            age=30 + n % 50,
            signed_in_at=neighbourhood.starts_at,
            signed=True,
            remark="行动不便，由女儿陪同前来，下次活动请提前一天打电话提醒" if n % 7 == 0 else "",
        )
        for n, person in enumerate(people)
    ]
    gate.save_many(rows, by=SYSTEM)
    return neighbourhood


def test_the_ledger_of_a_list_by_keyboard(
    signed_in: LegalEducationEvent, page: Page, tmp_path: Path
) -> None:
    _sign_in(page)
    page.goto("/admin/education/attendance/?gender__exact=female")
    page.locator("a[href*='attendance/export/']").first.click()
    expect(page.get_by_text(f"导出 {COUNT // 2} 条记录")).to_be_visible()
    _look(page, "export-page")
    keep_picture(page, "export")
    page.get_by_label("台账（.xlsx）").check()
    page.get_by_label("制表人").fill("王工作")
    # 姓名 goes to the top, by keyboard alone.
    up = page.get_by_role("button", name="上移：姓名")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="姓名：1 /")).to_be_visible()
    page.get_by_role("checkbox", name="系统编号").uncheck()
    page.get_by_label("导出完整个人信息").check()
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("至少 4 个字")
    # What was chosen is still there.
    expect(page.locator(".ll-order li").first).to_contain_text("姓名")
    page.get_by_label("导出原因").fill("季度普法台账存档")
    with page.expect_download() as begun:
        page.get_by_role("button", name="导出", exact=True).click()
    assert re.fullmatch(r"签到台账-\d{8}\.xlsx", begun.value.suggested_filename)
    file = Path(os.environ.get("LINLI_LOOKS") or tmp_path) / "ledger.xlsx"
    begun.value.save_as(file)
    sheet = load_workbook(file).active
    headings = [cell.value for cell in sheet[3]]
    assert headings[:4] == ["序号", "姓名", "活动编号", "活动"]
    assert "系统编号" not in headings
    assert sheet.max_row == 3 + COUNT // 2 + 2
    # Next time the columns are as they were chosen, until the usual ones are asked for.
    page.goto("/admin/education/attendance/export/")
    first, number = (
        page.locator(".ll-order li").first,
        page.get_by_role("checkbox", name="系统编号"),
    )
    expect(first).to_contain_text("姓名")
    expect(number).not_to_be_checked()
    page.get_by_role("button", name="恢复常用").click()
    expect(first).to_contain_text("活动编号")
    expect(number).to_be_checked()


def test_a_large_one_is_made_in_the_background_and_fetched(
    signed_in: LegalEducationEvent, page: Page, settings: Any
) -> None:
    settings.EXPORT_IN_BACKGROUND_ROWS = 20
    _sign_in(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/people/resident/export/")
    expect(page.get_by_text("会在后台生成文件")).to_be_visible()
    _look(page, "export-phone")
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.get_by_text("正在后台生成文件。")).to_be_visible()
    _look(page, "export-waits-phone")
    work_off(Job.objects.get().pk)
    expect(page.get_by_text(f"文件已生成，共 {COUNT + 1} 条")).to_be_visible()
    _look(page, "export-ready-phone")
    with page.expect_download() as begun:
        page.get_by_role("link", name="下载文件").click()
    assert begun.value.suggested_filename.startswith("居民-")
    page.get_by_role("link", name="我的导出文件").click()
    expect(page.get_by_role("link", name="下载文件")).to_be_visible()
    _look(page, "export-list-phone")
