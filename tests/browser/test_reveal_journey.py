"""A worker has to ring those who came: a reason once, the numbers, and it closes again."""

import datetime
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.people.models import CommunityRole, Resident, User
from tests.browser.conftest import keep_picture

pytestmark = pytest.mark.slow


def _look(page: Page, name: str) -> None:
    folder = os.environ.get("LINLI_LOOKS")
    if folder:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _sign_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", f"demo-{name}")
    page.click("button[type=submit]")


@pytest.fixture
def people(neighbourhood: LegalEducationEvent) -> LegalEducationEvent:
    community = neighbourhood.community
    names = ("李知远", "王清和", "周若谷", "吴越人", "郑重之")
    rows = [
        Resident(community=community, name=name, phone=f"139000000{n + 10}")
        for n, name in enumerate(names)
    ]
    gate.save_many(rows, by=SYSTEM)
    user = User.objects.create_user("secretary", password="demo-secretary", is_staff=True)
    term = datetime.date(2025, 1, 1)
    role = CommunityRole(user=user, role="secretary", community=community, valid_from=term)
    gate.save(role, by=SYSTEM)
    return neighbourhood


def test_a_reason_once_the_numbers_and_closed_again(
    people: LegalEducationEvent, page: Page
) -> None:
    _sign_in(page, "worker")
    page.goto("/admin/people/resident/")
    expect(page.get_by_text("139****0012")).to_be_visible()
    page.get_by_text("显示完整信息").click()
    _look(page, "reveal-asked")
    page.get_by_label("为什么要看").fill("看")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("至少 4 个字")
    _look(page, "reveal-refused")
    page.get_by_label("原因").fill("电话通知活动改期")
    page.get_by_role("button", name="显示完整信息").click()
    expect(page.get_by_text("13900000012")).to_be_visible()
    expect(page.get_by_text("还剩 30 分钟")).to_be_visible()
    keep_picture(page, "reveal")
    _look(page, "reveal-open")

    page.get_by_role("link", name="周若谷").click()
    expect(page.locator("input[name=phone]")).to_have_value("13900000012")
    _look(page, "reveal-form")
    page.get_by_role("button", name="结束").click()
    expect(page.locator("input[name=phone]")).to_have_value("139****0012")

    page.goto("/admin/people/resident/export/")
    _look(page, "export")

    page.context.clear_cookies()
    _sign_in(page, "secretary")
    page.goto("/admin/core/disclosure/")
    expect(page.get_by_role("heading", name="最近 7 天")).to_be_visible()
    expect(page.get_by_text("电话通知活动改期").first).to_be_visible()
    keep_picture(page, "disclosures")
    _look(page, "disclosures")
    page.set_viewport_size({"width": 390, "height": 800})
    _look(page, "disclosures-phone")
