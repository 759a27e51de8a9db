"""Beside the whole way of a sheet: a file that is none, a form that breaks a rule, the explorer."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.education.models import LegalEducationEvent
from tests.browser.conftest import keep_picture

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True, databases="__all__")]


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "worker")
    page.fill("#id_password", "demo-worker")
    page.click("button[type=submit]")
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()


def tile(page: Page, name: str) -> str:
    return page.locator(f".ll-counts__tile--{name} dd").inner_text()


def test_a_file_that_is_no_table_gets_one_sentence(
    page: Page, neighbourhood: LegalEducationEvent, tmp_path: Path
) -> None:
    web_page = tmp_path / "表.xls"
    web_page.write_text("<html><body><table><tr><td>姓名</td></tr></table></body></html>")
    sign_in(page)
    page.goto("/admin/education/attendance/import/?target=pf-open")
    page.set_input_files("input[type=file]", web_page)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("alert")).to_contain_text("另存为 .xlsx")
    expect(page.get_by_role("link", name="改好后重新上传")).to_be_visible()


@pytest.mark.slow
def test_a_form_that_breaks_a_rule_keeps_what_was_typed(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto(f"/admin/education/legaleducationevent/{neighbourhood.pk}/change/")
    page.fill("#id_title", "改过的名称")
    page.fill("#id_ends_at_0", "2020/01/01")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("结束时间应晚于开始时间")).to_be_visible()
    assert page.input_value("#id_title") == "改过的名称"
    neighbourhood.refresh_from_db()
    assert neighbourhood.title == "民法典进小区"


@pytest.mark.slow
def test_the_query_explorer_answers_without_another_host(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto("/graphql/")
    page.locator("button.graphiql-execute-button, button.execute-button").first.click()
    expect(page.get_by_text("pf-open").first).to_be_visible()
    keep_picture(page, "query", full_page=False)
