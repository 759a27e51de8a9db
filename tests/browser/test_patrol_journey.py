"""A round on the phone, its digest to the groups, and what it found on a meeting's agenda, in Chromium."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.demands.models import Demand
from backend.meetings.models import JointMeeting
from backend.patrols import digesting
from backend.patrols.models import DailyDigest, GroupPost, Patrol
from backend.places.models import Estate, Grid
from tests.browser.conftest import keep_picture
from tests.browser.test_meeting_journey import _move, _press, _sign_in, hall
from tests.conftest import user_with_role
from tests.indicators.months import category, months
from tests.meetings.world import Town, new_meeting
from tests.patrols.rounds import new_grid, new_group

__all__ = ["hall"]
pytestmark = pytest.mark.slow


def _estate(town: Town) -> Estate:
    return gate.save(Estate(community=town.community, code="wanda", name="万达华府"), by=SYSTEM)


def _walk(page: Page, grid: Grid) -> None:
    """The steward's round: four points in order, a street lamp that is not."""
    page.set_viewport_size({"width": 390, "height": 844})
    _sign_in(page, "steward", "/patrols/")
    page.get_by_role("button", name="早班").click()
    page.wait_for_load_state()
    for card in page.locator(".pa-card").all():
        lamp = "设施维护" in card.inner_text()
        card.get_by_role("radio", name="有问题" if lamp else "正常").check()
    lamp_card: Any = page.locator(".pa-card", has_text="设施维护")
    lamp_card.get_by_label("什么问题、在哪里").fill("东门路灯有三盏不亮")
    # Neither mended nor passed on: the round is not over, and nothing typed is lost.
    _press(page, "完成巡查")
    expect(page.get_by_text("设施维护的问题还没有处理")).to_be_visible()
    expect(lamp_card.get_by_label("什么问题、在哪里")).to_have_value("东门路灯有三盏不亮")
    lamp_card.get_by_label("解决不了，转为诉求").check()
    keep_picture(page, "patrol-phone")
    _press(page, "完成巡查")
    expect(page.get_by_text("已转诉求")).to_be_visible()
    assert Patrol.objects.get(grid=grid).status == "finished"
    page.set_viewport_size({"width": 1280, "height": 900})


def _publish(page: Page, digest: DailyDigest) -> None:
    """The secretary reads what the day's rounds became, and sends it out."""
    _sign_in(page, "secretary", f"/admin/patrols/dailydigest/{digest.pk}/change/")
    _move(page, "审核通过")
    page.get_by_role("link", name="发布", exact=True).click()
    expect(page.locator("#digest-text")).to_have_value(digest.text)
    page.get_by_role("button", name="全选").click()
    keep_picture(page, "digest-publish")
    _press(page, "发布")
    digest.refresh_from_db()
    assert digest.status == "published"
    assert GroupPost.objects.filter(digest=digest).count() == 2


def test_what_a_round_finds_comes_before_the_meeting(page: Page, hall: Town) -> None:
    estate = _estate(hall)
    grid = new_grid(estate)
    for name in ("2号楼邻里群", "10号楼邻里群"):
        new_group(estate, name)
    user_with_role("steward", "steward", community=hall.community, estate=estate)
    calls = category(hall.community)
    last = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    for year, count in ((last.year - 1, 20), (last.year, 25)):
        months(calls, year, {last.month: count})

    _walk(page, grid)
    demand = Demand.objects.get()
    assert (demand.channel, demand.status, demand.estate_id) == ("patrol", "registered", estate.pk)

    digest = digesting.draft_digest(estate, timezone.localdate(), by=SYSTEM)
    assert "东门路灯有三盏不亮" in digest.text
    _publish(page, digest)

    # On the agenda: the demand that waits, what the round found, and a month of the hotline.
    Demand.objects.filter(pk=demand.pk).update(due_at=timezone.now() - datetime.timedelta(days=2))
    meeting = new_meeting(hall, items=0)
    page.goto(f"/admin/meetings/jointmeeting/{meeting.pk}/origins/")
    for title in ("诉求：", "巡查发现：", "市民热线：物业类"):
        page.get_by_label(title).first.check()
    keep_picture(page, "agenda-from-patrols")
    _press(page, "加入本次议题", page.locator("form", has_text="市民热线：物业类").last)
    expect(page.get_by_text("已加入 3 项议题。")).to_be_visible()
    items = JointMeeting.objects.get(pk=meeting.pk).items.order_by("position")
    assert {item.origin_kind for item in items} == {"demand", "patrol_point", "hotline_count"}
    page.goto(f"/admin/demands/demand/{demand.pk}/change/")
    expect(page.get_by_text("列入筹备中的会议")).to_be_visible()
