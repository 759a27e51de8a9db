"""A record's page in Chromium: its way, two people at one form, and a former version that comes back."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.people.models import CommunityRole, User
from tests.browser.conftest import keep_picture

pytestmark = [pytest.mark.slow, pytest.mark.once]


def sign_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(f"demo-{name}")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/admin/**")


@pytest.fixture
def chief(neighbourhood: LegalEducationEvent) -> User:
    """The secretary, who works at the same time."""
    User.objects.filter(username="worker").update(first_name="方晓")
    user = User.objects.create_user(
        "secretary", password="demo-secretary", is_staff=True, first_name="林静"
    )
    gate.save(
        CommunityRole(
            user=user,
            role="secretary",
            community=neighbourhood.community,
            valid_from=datetime.date(2025, 1, 1),
        ),
        by=SYSTEM,
    )
    return user


def test_two_people_at_one_record_and_a_version_that_comes_back(
    neighbourhood: LegalEducationEvent, chief: User, page: Page, live_server: Any
) -> None:
    address = f"/admin/education/legaleducationevent/{neighbourhood.pk}/change/"
    sign_in(page, "worker")
    page.goto(address)
    way = page.get_by_role("region", name="办理进度")
    expect(way.locator(".ll-way [aria-current=step]")).to_contain_text("开放报名")
    keep_picture(page, "record-page")
    way.get_by_text("全部状态和步骤").click()
    expect(way.locator(".ll-map__place--now")).to_be_visible()
    for width, scheme in ((390, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if scheme == "dark":
            keep_picture(page, "record-page-phone-dark", full_page=False)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.reload()
    page.locator("#id_topic").fill("邻里纠纷怎么办")
    page.locator("#id_speaker").fill("方老师")

    assert page.context.browser is not None
    other = page.context.browser.new_context(base_url=live_server.url, locale="zh-CN")
    theirs = other.new_page()
    sign_in(theirs, "secretary")
    theirs.goto(address)
    theirs.locator("#id_topic").fill("高空抛物")
    theirs.locator("#id_title").fill("周六普法课")
    theirs.get_by_role("button", name="保存", exact=True).click()
    theirs.wait_for_url("**/legaleducationevent/")
    other.close()

    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("林静（secretary）")
    keep_picture(page, "record-conflict")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("radio", name="邻里纠纷怎么办").check()
    page.get_by_role("button", name="按这样保存").click()
    page.wait_for_url("**/legaleducationevent/")
    event = LegalEducationEvent.objects.get(pk=neighbourhood.pk)
    assert (event.topic, event.title, event.speaker) == ("邻里纠纷怎么办", "周六普法课", "方老师")

    page.goto(address.replace("/change/", "/history/"))
    keep_picture(page, "record-history")
    page.get_by_role("link", name="恢复到此版本").first.click()
    expect(page.get_by_role("table")).to_contain_text("高空抛物")
    page.get_by_label("原因（必填）").fill("以书记填的为准")
    keep_picture(page, "record-restore")
    page.get_by_role("button", name="恢复", exact=True).click()
    page.wait_for_url(f"**{address}")
    expect(page.locator(".ll-recent li").first).to_contain_text("以书记填的为准")
    event.refresh_from_db()
    assert (event.topic, event.speaker) == ("高空抛物", "")
