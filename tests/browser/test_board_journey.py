"""The secretary works from the board, with keys and with the mouse; then many at once, and undoes it.

Each step is looked up in the database; nothing is asked of another host, and no script fails.
"""

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangeSet, Transition
from backend.meetings import actions, working
from backend.meetings.models import ActionItem, JointMeeting
from backend.places.models import Community, Subdistrict
from tests.browser.conftest import keep_picture
from tests.conftest import user_with_role
from tests.meetings.world import Town, build_town, decided, in_session

pytestmark = pytest.mark.slow

BOARD = "/admin/meetings/actionitem/board/"
LIST = "/admin/meetings/actionitem/"
# Title, days until it is due; the second one has a report, so it can be said to be done.
TASKS = (
    ("修好东门的路灯", -3),
    ("清理三号楼楼道杂物", 2),
    ("补种中心花园的绿化", 9),
    ("更换健身器材", 12),
    ("公示维修资金", 20),
)


@pytest.fixture
def town(transactional_db: None) -> Town:
    """A community whose last meeting left five things to do."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    town = build_town(community)
    user_with_role("secretary", "secretary", community=community)
    meeting = in_session(town)
    decided(meeting, town)
    resolution = actions.resolve(meeting.items.get(), "马上办。", by=SYSTEM)
    today = timezone.localdate()
    for title, days in TASKS:
        item = actions.add_action(
            resolution,
            town.bodies["物业"],
            title,
            due_on=today + datetime.timedelta(days=max(days, 1)),
            by=SYSTEM,
        )
        if days == TASKS[1][1]:
            working.report(item, "清了一半。", by=SYSTEM)
    # As time goes by.
    JointMeeting.objects.update(starts_at=timezone.now() - datetime.timedelta(days=9))
    late = ActionItem.objects.filter(title=TASKS[0][0])
    late.update(due_on=today - datetime.timedelta(days=3))
    return town


def _sign_in(page: Page) -> list[str]:
    """Signs the secretary in; answers what the console complains of, from here on."""
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=login]").fill("secretary")
    page.locator("input[name=password]").fill("demo-secretary")
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    return told


def _column(page: Page, state: str) -> Any:
    return page.locator(f'.bd-col[data-state="{state}"]')


def _card(page: Page, title: str) -> Any:
    return page.locator(".bd-card", has_text=title)


def _states() -> dict[str, str]:
    return dict(ActionItem.objects.values_list("title", "status"))


def test_the_secretary_works_from_the_board(page: Page, town: Town) -> None:
    told = _sign_in(page)
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(LIST)
    page.get_by_role("link", name="看板").click()
    page.wait_for_url(f"**{BOARD}")
    expect(_column(page, "open").locator(".bd-count")).to_have_text("4")
    expect(_column(page, "open").locator(".bd-card").first).to_contain_text("逾期 3 天")
    expect(_card(page, "清理三号楼楼道杂物")).to_contain_text("还有 2 天")
    keep_picture(page, "board")

    # By keys: the button of the card; back on the board, the card is where one goes on.
    start = _card(page, "修好东门的路灯").get_by_role("button", name=re.compile("^开始落实"))
    start.focus()
    page.keyboard.press("Enter")
    expect(_column(page, "in_progress").locator(".bd-card", has_text="路灯")).to_be_focused()
    expect(page.locator("#main")).to_contain_text("修好东门的路灯：已开始落实。")
    assert _states()["修好东门的路灯"] == "in_progress"

    # What the rules refuse stays, and the board says why.
    done = _card(page, "修好东门的路灯").get_by_role("button", name=re.compile("^报告办结"))
    done.focus()
    page.keyboard.press("Space")
    expect(page.locator("#main")).to_contain_text("还没有任何进展记录")
    expect(_column(page, "in_progress").locator(".bd-card", has_text="路灯")).to_be_visible()
    assert _states()["修好东门的路灯"] == "in_progress"

    # With the mouse: dropped where its step leads, and nowhere else.
    _card(page, "清理三号楼楼道杂物").drag_to(_column(page, "verified"))
    assert _states()["清理三号楼楼道杂物"] == "in_progress"
    _card(page, "清理三号楼楼道杂物").drag_to(_column(page, "done"))
    expect(_column(page, "done").locator(".bd-card", has_text="楼道")).to_be_visible()
    assert _states()["清理三号楼楼道杂物"] == "done"

    # A step that asks why has its page, and leads back to the board.
    card = _card(page, "清理三号楼楼道杂物")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="退回重办…").click()
    page.get_by_label("原因（必填）").fill("四楼还堆着旧家具。")
    page.locator("#content button[type=submit]").last.click()
    page.wait_for_url(f"**{BOARD}*")
    expect(_column(page, "open").locator(".bd-card", has_text="楼道")).to_be_visible()
    assert Transition.objects.latest("pk").reason == "四楼还堆着旧家具。"

    # Taken back from the board itself.
    page.get_by_role("link", name="要撤销？").click()
    page.get_by_role("button", name="撤销这 1 条").click()
    expect(page.locator("#main")).to_contain_text("1 条恢复到原来的样子")
    assert _states()["清理三号楼楼道杂物"] == "done"
    page.get_by_role("link", name="返回", exact=True).click()
    expect(_column(page, "done").locator(".bd-card", has_text="楼道")).to_be_visible()
    assert told == []


def test_many_at_once_are_counted_done_and_taken_back(page: Page, town: Town) -> None:
    told = _sign_in(page)
    page.set_viewport_size({"width": 1366, "height": 900})
    before = _states()
    page.goto(f"{LIST}?q=&o=1")
    for title in ("修好东门的路灯", "补种中心花园的绿化", "更换健身器材", "清理三号楼楼道杂物"):
        page.locator("#result_list tr", has_text=title).locator("input.action-select").check()
    page.locator("#changelist-actions select[name=action]").select_option(label="开始落实所选记录")
    page.get_by_role("button", name="执行").click()
    expect(page.locator(".bk-counts")).to_contain_text("可以办")
    assert page.locator(".bk-counts dd").all_inner_texts() == ["3", "1"]
    expect(page.locator(".bk-why")).to_contain_text("不能开始落实")
    # Looking has written nothing.
    assert _states() == before
    keep_picture(page, "bulk")
    page.get_by_role("button", name="开始落实 3 条").click()
    expect(page.locator(".ll-note--done")).to_contain_text("办了 3 条")
    expect(page.locator(".ll-note--done")).to_contain_text("1 条没有办")
    moved = {title for title, state in _states().items() if state != before[title]}
    assert moved == {"修好东门的路灯", "补种中心花园的绿化", "更换健身器材"}
    assert ChangeSet.objects.latest("pk").transitions.count() == 3
    keep_picture(page, "bulk-done")

    page.get_by_role("button", name="撤销这 3 条").click()
    expect(page.locator("#main")).to_contain_text("3 条恢复到原来的样子")
    assert _states() == before
    expect(page.get_by_role("button", name="撤销")).to_have_count(0)
    page.get_by_role("link", name="返回", exact=True).click()
    page.wait_for_url(f"**{LIST}?q=&o=1")
    assert told == []


def test_on_a_phone_the_columns_stand_under_each_other(page: Page, town: Town) -> None:
    told = _sign_in(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    tops = [one.bounding_box() for one in page.locator(".bd-col").all()]
    assert all(box is not None and box["x"] < 40 for box in tops)
    keep_picture(page, "board-phone")
    step = _card(page, "更换健身器材").get_by_role("button", name=re.compile("^开始落实"))
    box = step.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    step.click()
    expect(_column(page, "in_progress").locator(".bd-card", has_text="健身")).to_be_visible()
    assert told == []
