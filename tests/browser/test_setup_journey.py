"""A street office opens a community from the workbook; its new secretary signs in and begins the day."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.founding.models import Founding
from backend.people.models import CommunityRole
from backend.places.models import Building, Community, Subdistrict
from tests.browser.conftest import keep_picture
from tests.conftest import user_with_role
from tests.founding.making import GOOD, workbook

pytestmark = pytest.mark.slow
PASSWORD = "xinqiao-2026-open"


def _sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def test_an_office_opens_a_community_and_its_secretary_begins(
    page: Page, transactional_db: None, tmp_path: Path
) -> None:
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    user_with_role("office", "office", subdistrict=subdistrict)
    page.set_viewport_size({"width": 1366, "height": 900})
    _sign_in(page, "office", "demo-office")
    page.goto("/admin/founding/founding/")
    page.get_by_role("link", name="开通一个社区").first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载模板").click()
    assert taken.value.suggested_filename == "开通小区模板.xlsx"
    keep_picture(page, "setup-upload")

    # Two cells wrong: it says which, and nothing is written.
    wrong = tmp_path / "wrong.xlsx"
    people = [("王小芳", "社区书记", None, None), ("赵立新", "网格员", None, None)]
    services = [("助老", "便民理发", None, None, None)]
    rows = GOOD | {"人员与岗位": people, "服务项目": services}
    wrong.write_bytes(workbook(subdistrict, rows))
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("有 2 处要改")).to_be_visible()
    expect(page.locator("[data-code=post_estate_missing]")).to_contain_text("负责哪个小区")
    keep_picture(page, "setup-problems")
    assert not Community.objects.exists()

    good = tmp_path / "good.xlsx"
    good.write_bytes(workbook(subdistrict))
    page.get_by_role("link", name="改好后重新上传").click()
    page.locator("input[type=file]").set_input_files(good)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("表格没有问题")).to_be_visible()
    keep_picture(page, "setup-preview")
    page.get_by_role("button", name="确认开通新桥社区").click()
    expect(page.get_by_text("还有 3 个账号没有人用过")).to_be_visible()
    assert Building.objects.count() == 3
    page.get_by_role("button", name="打印登录单").click()
    slip = page.locator(".sl-slip", has_text="wangxiaofang")
    link = slip.locator("[data-first-link]").inner_text()
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="看还缺什么").click()
    expect(page.locator("[data-need=estates]")).to_contain_text("有了")
    expect(page.locator("[data-need=residents]")).to_contain_text("还没有")
    keep_picture(page, "setup-checklist")

    # The secretary, on a browser of her own.
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_text("王小芳，您好")).to_be_visible()
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="设好密码，去登录").click()
    expect(page.get_by_text("密码已设好")).to_be_visible()
    page.locator("input[name=login]").fill("wangxiaofang")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").first.click()
    expect(page).to_have_title("今日待办 | Linli 邻里")
    # Nothing waits but what there is to begin with.
    expect(page.get_by_role("heading", name="等您办的")).to_be_visible()
    # What a page is for, without leaving it; the guide from there, without a network.
    help_ = page.locator("details[data-help=index]")
    help_.locator("summary").click()
    expect(help_).to_contain_text("下一步：")
    keep_picture(page, "help", full_page=False)
    help_.get_by_role("link").click()
    expect(page.locator(".gd-text h2", has_text="等您办的")).to_be_in_viewport()
    page.get_by_label("在手册里找").fill("登录单")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".gd-found li").first).to_contain_text("登录单")
    keep_picture(page, "help-search")
    # An empty register says how to begin.
    page.goto("/admin/people/resident/")
    expect(page.locator("[data-empty=new]")).to_contain_text("下载空模板")
    keep_picture(page, "empty-list")
    page.goto("/admin/people/resident/?q=nobody")
    expect(page.locator("[data-empty=filtered]")).to_contain_text("清除条件")
    # Settings: the default, then the own word with its day and its history.
    page.goto("/admin/meetings/meetingsettings/add/")
    page.locator("input[name=notice_days]").fill("5")
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/admin/settings/")
    line = page.locator("[data-setting=meeting-rules]")
    expect(line).to_contain_text("提前通知天数：5 天")
    expect(line).to_contain_text("默认 3")
    keep_picture(page, "settings", full_page=False)
    line.get_by_role("link", name="历史").click()
    expect(page.locator("tbody tr").first).to_contain_text("王小芳")
    page.goto("/admin/checklist/")
    page.locator("[data-need=body_residents_committee]").get_by_role("link", name="新建").click()
    assert "/organization/add/" in page.url
    assert CommunityRole.objects.filter(user__username="wangxiaofang").count() == 1
    assert Founding.objects.filter(status="made").count() == 1
    assert told == []
