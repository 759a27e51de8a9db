"""A worker hangs photos on the evidence of a head-count, at the desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import HeadcountEntry, LegalEducationEvent
from backend.files.models import Attachment
from tests.browser.test_import_journey import sign_in
from tests.files.making import pdf, photo, scan

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]


@pytest.fixture
def entry(neighbourhood: LegalEducationEvent) -> HeadcountEntry:
    return gate.save(
        HeadcountEntry(
            community=neighbourhood.community,
            event=neighbourhood,
            kind="crowd",
            count=60,
            evidence="照片见附件",
        ),
        by=SYSTEM,
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """What is on the desk: two photos, a scan, an agreement, and a letter that is no attachment."""
    made = {
        "现场一.jpg": photo(1600, 1200),
        "现场二.jpg": photo(900, 1200, seed=7),
        "签到表扫描.png": scan(),
        "共建协议.pdf": pdf(),
        "通知.docx": b"PK\x03\x04" + b"0" * 99,
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in made]


def test_several_files_go_up_at_once_and_one_comes_down_again(
    page: Page, entry: HeadcountEntry, files: list[Path]
) -> None:
    sign_in(page)
    page.goto(f"/admin/education/headcountentry/{entry.pk}/change/")
    page.set_input_files(".ll-drop input[type=file]", files)
    expect(page.locator(".ll-drop__title")).to_contain_text("已选择：现场一.jpg、现场二.jpg")
    page.get_by_role("button", name="添加附件").click()
    expect(page.get_by_text("已添加 4 个附件。")).to_be_visible()
    expect(page.get_by_text("通知.docx：这是压缩包或办公文档")).to_be_visible()
    expect(page.locator(".ll-file")).to_have_count(4)
    pictures = page.locator(".ll-file img")
    pictures.last.scroll_into_view_if_needed()
    for number in range(3):
        expect(pictures.nth(number)).to_have_js_property("complete", True)
        assert pictures.nth(number).evaluate("image => image.naturalWidth") > 0
    card = page.locator(".ll-file").first
    card.get_by_text("改标题、移除").click()
    card.get_by_role("button", name="移除").click()
    expect(page.locator(".ll-file")).to_have_count(3)
    page.get_by_text("已移除的附件").click()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator(".ll-file")).to_have_count(4)
    page.goto("/admin/education/headcountentry/")
    expect(page.locator("#result_list, table").first).to_contain_text("4")


def test_on_a_phone_it_fits_and_the_camera_is_a_touch_away(
    page: Page, entry: HeadcountEntry, files: list[Path]
) -> None:
    sign_in(page)
    browser = page.context.browser
    assert browser is not None
    phone = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
        storage_state=page.context.storage_state(),
        base_url=page.url.split("/admin")[0],
    ).new_page()
    phone.goto(f"/admin/education/headcountentry/{entry.pk}/change/")
    expect(phone.locator(".ll-files__camera")).to_be_visible()
    phone.set_input_files(".ll-files__camera input[type=file]", files[0])
    # It goes by itself: nobody looks for a button with a camera in the hand.
    expect(phone.locator(".ll-file")).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator(".ll-files__camera")).to_be_visible()
    assert Attachment.objects.get().original_name == "现场一.jpg"


def test_without_our_script_it_works_as_well(
    page: Page, entry: HeadcountEntry, files: list[Path]
) -> None:
    """The theme itself does not show a page without scripts; the panel needs none of its own."""
    page.route("**/linli/files.js", lambda route: route.abort())
    sign_in(page)
    page.goto(f"/admin/education/headcountentry/{entry.pk}/change/")
    page.set_input_files(".ll-drop input[type=file]", files[:2])
    page.get_by_role("button", name="添加附件").click()
    expect(page.locator(".ll-file")).to_have_count(2)
