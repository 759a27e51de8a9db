"""The secretary's day from 今日待办: what is overdue, one click to its action, done, the line is gone.

Then the same by the search, on a phone; without a request to another host, or an error of a script.
"""

import datetime
import os
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings import actions, working
from backend.meetings.models import ActionItem, JointMeeting
from backend.people.models import Resident, User
from backend.places.models import Community, Subdistrict
from fixtures import demo
from tests.browser.conftest import PICTURES, keep_picture
from tests.conftest import user_with_role
from tests.meetings.world import Town, build_town, decided, in_session, new_meeting
from tests.schema.asking import caller, data

pytestmark = pytest.mark.slow

WAITING = "{ myWork { openActionItems overdueActionItems actionItemsToVerify } }"


@pytest.fixture
def town(transactional_db: None) -> Town:
    """A community whose last meeting left one task overdue, one due soon, one done."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    town = build_town(community)
    user_with_role("secretary", "secretary", community=community)
    user_with_role("worker", "worker", community=community)
    user_with_role("office", "office", subdistrict=subdistrict)
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "马上办。", by=SYSTEM)
    today = timezone.localdate()
    for title, days, done in (
        ("修好东门的路灯", 10, False),
        ("清理楼道杂物", 2, False),
        ("补种中心花园的绿化", 5, True),
    ):
        item = actions.add_action(
            resolution,
            town.bodies["物业"],
            title,
            due_on=today + datetime.timedelta(days=days),
            by=SYSTEM,
        )
        if done:
            working.report(item, "种好了。", by=SYSTEM)
            item.refresh_from_db()
            working.finish(item, by=SYSTEM)
    # As time goes by.
    JointMeeting.objects.update(starts_at=timezone.now() - datetime.timedelta(days=9))
    ActionItem.objects.filter(title="修好东门的路灯").update(due_on=today - datetime.timedelta(3))
    new_meeting(town, days=6, title="下周联席会议")
    gate.save(Resident(community=community, name="张安然", phone="13900000001"), by=SYSTEM)
    return town


def _sign_in(page: Page, name: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(f"demo-{name}")
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def _line(page: Page, title: str) -> Any:
    return page.locator(".td-line", has_text=title)


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_the_secretarys_day_begins_with_what_is_overdue(page: Page, town: Town) -> None:
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": 1366, "height": 900})
    _sign_in(page, "secretary")
    expect(page.locator(".td-sum__late")).to_have_text("1 件已逾期")
    expect(page.locator(".td-line").first).to_contain_text("修好东门的路灯")
    expect(_line(page, "修好东门的路灯")).to_contain_text("逾期 3 天")
    expect(_line(page, "清理楼道杂物")).to_contain_text("还有 2 天")
    expect(page.locator(".td-agenda")).to_contain_text("下周联席会议")
    keep_picture(page, "today")

    # One click to its action, and done.
    _line(page, "修好东门的路灯").get_by_role("link", name="去落实").click()
    page.get_by_label("办了什么，结果怎样").fill("换了三只灯头，晚上都亮了。")
    page.get_by_role("button", name="登记进展").click()
    page.get_by_role("button", name="报告办结").click()
    expect(page.get_by_text("已报告办结")).to_be_visible()
    page.get_by_role("link", name="今日待办").click()

    # The line is gone; somebody else looks at it.
    expect(page.locator(".td-sum__late")).to_have_count(0)
    expect(_line(page, "修好东门的路灯")).to_have_count(0)
    _line(page, "补种中心花园的绿化").get_by_role("link", name="核验").click()
    page.locator("#content button[type=submit]").last.click()
    page.wait_for_load_state()
    page.goto("/admin/")
    expect(_line(page, "补种中心花园的绿化")).to_have_count(0)
    expect(_line(page, "清理楼道杂物")).to_have_count(1)

    # The same in the database and in the interface.
    done = dict(ActionItem.objects.values_list("title", "status"))
    assert (done["修好东门的路灯"], done["补种中心花园的绿化"]) == ("done", "verified")
    told_to = {"openActionItems": 1, "overdueActionItems": 0, "actionItemsToVerify": 0}
    assert _work("secretary") == told_to
    assert _work("worker") == told_to | {"actionItemsToVerify": 1}

    # A figure opens its rows.
    page.locator(".td-tile", has_text="核验完成的落实事项").get_by_role("link").click()
    expect(page.locator(".ll-note")).to_contain_text("核验完成的落实事项")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert told == []


def test_a_phone_finds_people_and_records_by_the_search(page: Page, town: Town) -> None:
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": 390, "height": 844})
    _sign_in(page, "secretary")
    _fits(page)
    keep_picture(page, "today-phone")
    page.locator(".td-find").click()
    asked = page.locator("#search-input-command")
    expect(asked).to_be_focused()
    # Enter before anything is found does nothing, and no harm.
    asked.press("Enter")
    asked.fill("zar")
    hit = page.locator(".sr-hit", has_text="张*")
    expect(hit).to_contain_text("139****0001")
    keep_picture(page, "search-phone", full_page=False)
    asked.fill("路灯")
    expect(page.locator(".sr-hit", has_text="修好东门的路灯")).to_be_visible()
    asked.fill("查无此事")
    expect(page.locator("#command-results-note")).to_contain_text("没有找到")
    asked.fill("0001")
    expect(page.locator(".sr-hit", has_text="139****0001")).to_be_visible()
    asked.press("ArrowDown")
    asked.press("Enter")
    page.wait_for_url("**/admin/people/resident/*/change/")
    assert told == []


def test_keys_alone_open_the_search_and_the_sidebar(page: Page, town: Town) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    _sign_in(page, "secretary")
    page.keyboard.press("Control+k")
    expect(page.locator("#search-input-command")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".sr-box")).to_be_hidden()
    page.locator(".nv summary", has_text="会议").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".nv").get_by_role("link", name="落实事项")).to_be_visible()


def test_who_only_reads_has_nothing_to_do_and_is_told_so(page: Page, town: Town) -> None:
    _sign_in(page, "office")
    expect(page.locator(".td-empty")).to_contain_text("手上的事都办完了")
    expect(page.locator(".td-line")).to_have_count(0)
    keep_picture(page, "today-empty")


def test_figures_and_charts_of_a_period(page: Page, transactional_db: None) -> None:
    demo.load()
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": 1366, "height": 900})
    _sign_in(page, "secretary")
    page.goto("/admin/?period=2025H2")
    page.get_by_role("link", name="往前一期").click()
    expect(page.locator("#td-numbers")).to_contain_text("2025年上半年")
    heads = page.locator(".td-tile", has_text="普法活动人次").locator("strong")
    total = int(heads.inner_text().replace(",", ""))
    assert total > 1000
    # Each chart with its numbers in words, for whoever does not see it.
    chart = page.locator(".td-chart", has_text="普法活动人次")
    chart.locator("summary").click()
    cells = chart.locator("tbody td").all_inner_texts()
    assert len(cells) == 12
    assert sum(int(cell.replace(",", "")) for cell in cells[6:]) == total
    assert chart.locator("rect").count() == sum(cell != "0" for cell in cells)
    chart.locator("summary").click()
    if os.environ.get("LINLI_PICTURES"):
        page.locator("#figures").screenshot(path=PICTURES / "today-figures.png")
    # On paper and in the dark the bars are there, and fit.
    page.emulate_media(media="print")
    expect(page.locator(".td-find")).to_be_hidden()
    expect(chart.locator("rect").first).to_be_visible()
    page.emulate_media(media="screen", color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    _fits(page)
    assert told == []


def _work(name: str) -> dict[str, Any]:
    found: dict[str, Any] = data(caller(User.objects.get(username=name)), WAITING)["myWork"]
    return found
