"""The secretary puts what waits in the registers on the agenda, in Chromium."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings.models import JointMeeting
from backend.partners import actions as partners
from backend.partners import reporting
from backend.partners.models import IncipientIssue, ProgressReport
from tests.browser.conftest import keep_picture
from tests.browser.test_meeting_journey import _press, _sign_in, hall
from tests.meetings.world import Town, new_meeting

__all__ = ["hall"]
pytestmark = pytest.mark.slow


def _waiting(town: Town) -> tuple[IncipientIssue, JointMeeting]:
    issue = IncipientIssue(
        community=town.community,
        place="东门外",
        kind="parking",
        description="早晚高峰两侧乱停，消防通道受阻",
        found_on=timezone.localdate(),
    )
    gate.save(issue, by=SYSTEM)
    issue = partners.escalate(issue, register="mediation.MediationCase", code="tj-7", by=SYSTEM)
    report = ProgressReport(
        community=town.community, organization=town.bodies["物业"], year=2026, number=10
    )
    items = [("路灯", "已换二十盏", "done"), ("绿化", "", "under_way")]
    reporting.submit(reporting.make_report(report, items, by=SYSTEM), by=SYSTEM)
    return issue, new_meeting(town, items=0)


def test_items_are_chosen_from_the_registers(page: Page, hall: Town) -> None:
    issue, meeting = _waiting(hall)
    record = f"/admin/meetings/jointmeeting/{meeting.pk}/change/"
    _sign_in(page, "secretary", record)
    page.get_by_role("link", name="从登记里选议题", exact=True).click()
    expect(page.get_by_text("消防通道受阻")).to_be_visible()
    page.get_by_label("苗头性问题：停车（东门外）").check()
    page.get_by_label("诚信行物业服务进展").check()
    keep_picture(page, "agenda-from-registers")
    _press(page, "加入本次议题", page.locator("form", has_text="苗头性问题").last)
    expect(page.get_by_text("已加入 2 项议题。")).to_be_visible()
    form = page.locator("form", has_text="没有登记册的数字")
    form.get_by_label("议题").fill("上门走访情况")
    form.get_by_label("来源").fill("上门走访")
    form.get_by_label("期间和类别").fill("2026年10月")
    form.get_by_label("件数").fill("31")
    _press(page, "加入本次议题", form)
    page.get_by_role("link", name="返回", exact=True).first.click()
    expect(page.locator("input[value='上门走访情况']")).to_be_visible()
    assert [item.origin for item in meeting.items.order_by("position")] == [
        f"苗头性问题 {issue.code}",
        f"物业服务进展 {ProgressReport.objects.get().code}",
        "上门走访 2026年10月（31 件）",
    ]
    page.goto(page.url.split("/admin/")[0] + f"/admin/partners/incipientissue/{issue.pk}/change/")
    expect(page.get_by_text("列入筹备中的会议")).to_be_visible()
