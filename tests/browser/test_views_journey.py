"""Views of a list, by keyboard and on a phone; and the street office compares two communities."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.education.models import LegalEducationEvent
from backend.saved_views.models import SavedView
from fixtures import demo
from tests.browser.conftest import keep_picture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
EVENTS = "/admin/education/legaleducationevent/"


@pytest.fixture
def demo_data(transactional_db: None) -> None:
    demo.load()


@pytest.fixture
def browser_free() -> Any:
    """Makes of a signed-in page one that runs no script."""

    def made(page: Page) -> Page:
        browser = page.context.browser
        assert browser is not None
        address = page.url.split("/admin/")[0]
        context = browser.new_context(
            java_script_enabled=False,
            storage_state=page.context.storage_state(),
            base_url=address,
            locale="zh-CN",
        )
        return context.new_page()

    return made


def _sign_in(page: Page, name: str) -> list[str]:
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(f"demo-{name}")
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    return told


def _sign_out(page: Page) -> None:
    page.context.clear_cookies()


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def _box(page: Page, name: str) -> Any:
    return page.locator("summary", has_text=name)


def _heads(page: Page) -> list[str]:
    heads = page.locator("#result_list thead th[class*=column-]").all()
    return [re.findall(r"column-(\w+)", head.get_attribute("class") or "")[0] for head in heads]


def test_a_view_is_made_by_keyboard_shared_and_opened_by_another(
    page: Page, demo_data: None
) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    told = _sign_in(page, "secretary")
    page.goto(f"{EVENTS}?status__exact=held&o=-3")

    # Columns, by keys alone: the topic comes first, the code goes.
    box = _box(page, "选列")
    box.focus()
    page.keyboard.press("Enter")
    chooser = page.locator(".lb-order")
    expect(chooser).to_be_visible()
    keep_picture(page, "view-columns", full_page=False)
    up = chooser.get_by_role("button", name="上移：阵地")
    up.focus()
    for _step in range(3):
        page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(chooser.get_by_role("status")).to_contain_text("阵地：1 /")
    chooser.get_by_role("checkbox", name="编号", exact=True).focus()
    page.keyboard.press("Space")
    # Escape closes the box and gives the focus back.
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="按这些列显示").press("Enter")
    page.wait_for_load_state()
    heads = _heads(page)
    assert heads[:2] == ["venue", "title"]
    assert "code" not in heads

    # The order is still that of the day, though its column stands elsewhere now.
    _box(page, "存为视图").press("Enter")
    page.get_by_label("视图的名字").fill("已办的活动，按阵地看")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存为视图")).to_be_visible()
    view = SavedView.objects.get()
    assert (view.order, view.columns[0]) == (["-starts_at"], "venue")
    keep_picture(page, "views")

    # Shared with the workers, who find it above their list.
    page.get_by_role("link", name="管理视图").click()
    _box(page, "共享").click()
    page.get_by_label("共享给哪种角色").select_option(label="社区工作者")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已共享给社区工作者")).to_be_visible()
    keep_picture(page, "views-page")
    _sign_out(page)
    told += _sign_in(page, "worker")
    page.goto(EVENTS)
    page.get_by_role("link", name="已办的活动，按阵地看").click()
    assert _heads(page) == heads
    states = page.locator("#result_list tbody .field-labelled_status").all_inner_texts()
    assert states
    assert {text.strip() for text in states} == {"已举办"}
    page.get_by_role("button", name="打开列表时先看它").click()
    page.goto(EVENTS)
    assert f"view={view.pk}" in page.url
    assert told == []


def test_views_on_a_phone_and_without_a_script(
    page: Page, demo_data: None, browser_free: Any
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    told = _sign_in(page, "worker")
    page.goto(f"{EVENTS}?view=0")
    _fits(page)
    _box(page, "选列").click()
    page.locator(".lb-order").get_by_role("checkbox", name="主讲人").uncheck()
    _fits(page)
    keep_picture(page, "views-phone", full_page=False)
    page.get_by_role("button", name="按这些列显示").click()
    page.wait_for_load_state()
    assert "speaker" not in _heads(page)
    assert told == []
    # Without JavaScript the same box opens, and the same button does it.
    plain = browser_free(page)
    plain.goto(f"{EVENTS}?view=0")
    _box(plain, "选列").click()
    plain.locator(".lb-order").get_by_label("阵地").uncheck()
    plain.get_by_role("button", name="按这些列显示").click()
    plain.wait_for_load_state()
    assert not {"venue", "speaker"} & set(_heads(plain))
    plain.context.close()


def test_the_office_compares_two_communities_and_opens_the_rows(
    page: Page, demo_data: None
) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    told = _sign_in(page, "office")
    page.get_by_role("link", name="数据对比").first.click()
    for name in ("东方社区", "新河社区"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("时段").select_option(label="2025年")
    page.get_by_role("button", name="比较").click()
    page.wait_for_load_state()
    line = page.locator(".cp-table tbody tr").filter(has_text="普法活动（场）")
    shown = line.locator("strong").all_inner_texts()
    held = LegalEducationEvent.objects.filter(
        status__in=("held", "archived"), starts_at__date__range=("2025-01-01", "2025-12-31")
    )
    expected = [held.filter(community__code=code).count() for code in ("dongfang", "xinhe")]
    assert [int(text) for text in shown] == expected
    assert min(expected) > 0
    expect(line).to_contain_text(f"比东方社区 +{expected[1] - expected[0]}")
    keep_picture(page, "compare")

    # The rows behind a number: as many as it says, and it says whose.
    line.locator("strong").nth(1).click()
    expect(page.locator(".ll-note").first).to_contain_text("新河社区：普法活动（2025年）")
    expect(page.locator("#result_list tbody tr")).to_have_count(expected[1])
    page.go_back()

    # The same numbers as a workbook.
    with page.expect_download() as begun:
        page.get_by_role("link", name="导出表格").click()
    assert begun.value.suggested_filename == "数据对比-2025.xlsx"

    # On paper: the table and its day, no buttons.
    page.emulate_media(media="print")
    expect(page.locator(".cp-ask")).to_be_hidden()
    expect(page.locator(".cp-table")).to_be_visible()
    expect(page.locator(".cp-made")).to_be_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    _fits(page)
    assert told == []

    # A secretary sees the own community alone, asked for by address or not.
    _sign_out(page)
    told += _sign_in(page, "secretary")
    page.goto("/admin/compare/?period=2025")
    expect(page.locator(".cp-places")).to_have_count(0)
    expect(page.locator(".td-h").first).to_contain_text("新河社区")
    assert told == []


def test_a_list_is_printed_with_its_rows_and_is_short_on_a_phone(
    page: Page, demo_data: None
) -> None:
    told = _sign_in(page, "worker")
    page.goto("/admin/demands/demand/?status__exact=registered")
    # Its scroll bar stands: the table is in boxes that have no height of their own.
    table = page.locator(".simplebar-content #result_list")
    expect(table).to_be_visible()
    page.emulate_media(media="print")
    cut = """table => {
        const found = [];
        for (let box = table.parentElement; box.id !== "changelist"; box = box.parentElement)
            if (box.getBoundingClientRect().height < table.offsetHeight) found.push(box.className);
        return found;
    }"""
    assert table.evaluate(cut) == []
    expect(page.locator(".dh")).to_be_hidden()
    page.emulate_media(media="screen")

    # A card: the name, what there is to say, and no line for what there is not.
    page.set_viewport_size({"width": 390, "height": 844})
    card = page.locator("#result_list .data-row").first
    expect(card.locator(".field-content")).to_be_visible()
    expect(card.locator(".field-assigned_to")).to_be_hidden()
    _fits(page)
    assert told == []
