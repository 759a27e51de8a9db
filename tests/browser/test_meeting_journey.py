"""The secretary convenes, holds and publishes a meeting; the contact reports the own action item.

With an inquorate start, a proxy, a tied vote and a carried-over item, in Chromium.
"""

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings.models import ActionItem, JointMeeting, MeetingSettings
from backend.people.models import User
from backend.places.models import Community, Subdistrict
from tests.browser.conftest import keep_picture
from tests.conftest import user_with_role
from tests.meetings.world import Town, build_town, contact

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(transactional_db: None) -> Town:
    """A community with six seats, its secretary, and the contact of the property company."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    town = build_town(community)
    # Nobody waits three days in a test.
    gate.save(MeetingSettings(community=community, notice_days=0), by=SYSTEM)
    user_with_role("secretary", "secretary", community=community)
    partner: User = user_with_role("partner", "partner", community=community)
    User.objects.filter(pk=partner.pk).update(is_staff=False)
    contact(town, "物业", partner)
    return town


def _sign_in(page: Page, name: str, to: str) -> None:
    page.context.clear_cookies()
    page.goto(to)
    page.get_by_label("账号").or_(page.locator("input[name=login]")).first.fill(name)
    page.locator("input[name=password]").fill(f"demo-{name}")
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def _seat(page: Page, name: str) -> Any:
    # By its own name: others offer it as their proxy.
    return page.locator(".mt-seat", has=page.locator(".mt-seat__name strong", has_text=name))


def _press(page: Page, name: str, within: Any = None) -> None:
    (within or page).get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def _move(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    _press(page, name)


def _item(page: Page, title: str) -> Any:
    return page.locator(".mt-item", has_text=title)


def test_a_meeting_from_notice_to_open_data_and_what_comes_of_it(page: Page, hall: Town) -> None:
    _sign_in(page, "secretary", "/admin/meetings/jointmeeting/add/")
    page.locator("#id_title").fill("四月联席会议")
    today = timezone.localtime()
    page.locator("#id_starts_at_0").fill(f"{today:%Y-%m-%d}")
    page.locator("#id_starts_at_1").fill("09:00")
    page.locator("#id_place").fill("社区会议室")
    for number, (title, kind) in enumerate(
        (("增设充电点", "decision"), ("道闸更换", "decision"), ("绿化补种", "deliberation"))
    ):
        page.get_by_text("添加另一个").first.click()
        page.locator(f"#id_items-{number}-position").fill(str(number + 1))
        page.locator(f"#id_items-{number}-title").fill(title)
        page.locator(f"#id_items-{number}-kind").select_option(kind, force=True)
    page.get_by_role("button", name="保存并继续编辑").click()
    page.wait_for_load_state()
    meeting = JointMeeting.objects.get()
    assert meeting.items.count() == 3
    change = page.url

    # Convened, and inquorate: only three came.
    _move(page, "发出会议通知")
    expect(page.get_by_text("已通知").first).to_be_visible()
    page.goto(f"/admin/meetings/jointmeeting/{meeting.pk}/room/")
    _press(page, "宣布开会")
    for name in ("新河社区党委", "诚信行物业", "惠民便利店"):
        _press(page, "到会", _seat(page, name))
    expect(page.locator(".mt-quorum")).to_contain_text("还差：居委会、业委会中的1方；1 席")
    _press(page, "宣布人数不足")
    expect(page.get_by_text("人数不足").first).to_be_visible()

    # Convened anew: the committee comes, the owners' committee sends its vote along.
    page.goto(change)
    _move(page, "重新通知")
    page.goto(f"/admin/meetings/jointmeeting/{meeting.pk}/room/")
    _press(page, "宣布开会")
    for name in ("新河社区党委", "诚信行物业", "惠民便利店", "新河社区居委会"):
        _press(page, "到会", _seat(page, name))
    owners = _seat(page, "万达华府业委会")
    owners.get_by_text("委托", exact=True).click()
    owners.locator("select[name=proxy]").select_option(label="新河社区居委会")
    _press(page, "登记委托", owners)
    expect(_seat(page, "万达华府业委会")).to_contain_text("委托（新河社区居委会）")
    _press(page, "迟到", _seat(page, "邻里互助会"))
    expect(page.locator(".mt-quorum--reached")).to_contain_text("到会 6 席，全体 6 席")
    # Who came for the company, by video.
    company = _seat(page, "诚信行物业")
    company.get_by_text("谁到会", exact=True).click()
    company.get_by_label("线上参会").check()
    _press(page, "记下", company)
    expect(_seat(page, "诚信行物业")).to_contain_text("周* · 线上")
    keep_picture(page, "meeting-roll")

    # The first is carried, the second is tied, the third is left to the next meeting.
    first = _item(page, "增设充电点")
    _press(page, "开始审议", first)
    # What is being written down stays while others are let in, and when the motion comes.
    _item(page, "增设充电点").get_by_label("讨论情况").fill("各方同意选址。")
    _press(page, "其余席位都到会")
    expect(_item(page, "增设充电点").get_by_label("讨论情况")).to_have_value("各方同意选址。")
    _press(page, "提请表决", _item(page, "增设充电点"))
    ballots = _item(page, "增设充电点").locator(".mt-ballots > li")
    expect(ballots).to_have_count(6)
    for ballot in ballots.all():
        ballot.get_by_label("赞成").check()
    expect(_item(page, "增设充电点").get_by_label("讨论情况")).to_have_value("各方同意选址。")
    _press(page, "计票", _item(page, "增设充电点"))
    expect(_item(page, "增设充电点")).to_contain_text("需 4 票，通过")
    _press(page, "形成决议", _item(page, "增设充电点"))
    task = _item(page, "增设充电点")
    task.get_by_placeholder("做什么").fill("安装充电桩")
    task.locator("select[name=organization]").select_option(label="诚信行物业")
    _press(page, "登记", task)
    expect(_item(page, "增设充电点")).to_contain_text("安装充电桩")
    # Another body's: the contact is to see nothing of it.
    task = _item(page, "增设充电点")
    task.get_by_text("登记落实事项").click()
    task.get_by_placeholder("做什么").fill("张贴充电须知")
    task.locator("select[name=organization]").select_option(label="新河社区居委会")
    task.locator("input[name=working_days]").fill("3")
    _press(page, "登记", task)
    expect(_item(page, "增设充电点")).to_contain_text("张贴充电须知")
    _press(page, "审议完毕", _item(page, "增设充电点"))

    _press(page, "开始审议", _item(page, "道闸更换"))
    _press(page, "提请表决", _item(page, "道闸更换"))
    for number, ballot in enumerate(_item(page, "道闸更换").locator(".mt-ballots > li").all()):
        ballot.get_by_label("赞成" if number % 2 else "反对").check()
    keep_picture(page, "meeting-vote")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(page, "meeting-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    _press(page, "计票", _item(page, "道闸更换"))
    expect(_item(page, "道闸更换")).to_contain_text("需 4 票，未通过")
    expect(_item(page, "道闸更换").get_by_role("button", name="形成决议")).to_have_count(0)
    _press(page, "审议完毕", _item(page, "道闸更换"))
    page.get_by_text("散会…").click()
    expect(page.get_by_text("还有 1 项没有议完")).to_be_visible()
    _press(page, "确定散会")

    # The minutes: another has saved meanwhile.
    page.goto(f"/admin/meetings/jointmeeting/{meeting.pk}/minutes/")
    text = page.locator("#text")
    expect(text).to_have_value(re.compile("安装充电桩"))
    mine = text.input_value() + "\n我补充的一句。"
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#text").fill(other.locator("#text").input_value() + "\n同事补充的一句。")
    other.get_by_role("button", name="保存", exact=True).click()
    other.wait_for_load_state()
    other.close()
    text.fill(mine)
    _press(page, "保存")
    expect(page.get_by_role("alert")).to_contain_text("没有丢失")
    compared = page.locator(".mt-compare__differs").first
    expect(compared).to_contain_text("同事补充的一句。")
    expect(compared).to_contain_text("我补充的一句。")
    keep_picture(page, "minutes-conflict")
    page.locator("#text").fill(mine + "\n同事补充的一句。")
    _press(page, "保存")
    expect(page.get_by_role("alert")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word").click()
    assert download.value.suggested_filename.endswith(".docx")

    page.goto(change)
    _move(page, "确认纪要")
    _move(page, "公布纪要")
    expect(page.get_by_text("纪要已公布").first).to_be_visible()
    answer = page.request.post(
        "/open-data/graphql/",
        data={
            "query": "{ resolutions { edges { node { number actionItems { organization } } } } }"
        },
    ).json()
    (edge,) = answer["data"]["resolutions"]["edges"]
    accountable = {item["organization"] for item in edge["node"]["actionItems"]}
    assert (edge["node"]["number"], accountable) == (1, {"诚信行物业", "新河社区居委会"})

    # The next meeting takes up what was left.
    following = gate.save(
        JointMeeting(
            community=hall.community,
            title="五月联席会议",
            starts_at=timezone.now() + datetime.timedelta(days=30),
        ),
        by=SYSTEM,
    )
    page.goto(f"/admin/meetings/jointmeeting/{following.pk}/carry/")
    _press(page, "加入本次议题")
    assert set(following.items.values_list("title", flat=True)) == {
        "绿化补种",
        "落实情况：安装充电桩",
        "落实情况：张贴充电须知",
    }

    # The contact sees and reports this one, and nothing else.
    _sign_in(page, "partner", "/tasks/")
    expect(page.get_by_text("安装充电桩")).to_be_visible()
    expect(page.locator(".tk-card")).to_have_count(1)
    foreign = ActionItem.objects.get(title="张贴充电须知")
    # Neither by its address, nor the meeting, nor the staff's page of it.
    assert page.request.get(f"/tasks/{foreign.code}/").status == 404
    for closed in (change, f"/admin/meetings/actionitem/{foreign.pk}/change/"):
        said = page.request.get(closed).text()
        assert "张贴充电须知" not in said
        assert "道闸更换" not in said
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("安装充电桩").click()
    page.locator("#text").fill("已装好四个充电桩")
    keep_picture(page, "task-phone")
    _press(page, "登记进展")
    expect(page.get_by_text("已装好四个充电桩")).to_be_visible()
    _press(page, "报告办结")
    expect(page.get_by_text("已办待核验").first).to_be_visible()
    assert ActionItem.objects.get(title="安装充电桩").status == "done"
    foreign.refresh_from_db()
    assert foreign.status == "open"
