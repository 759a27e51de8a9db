"""The query explorer with a question typed by hand and its answer."""

import pytest
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from tests.browser.conftest import keep_picture
from tests.browser.test_import_journey import sign_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]

QUESTION = """query {
  legalEducationEvent(code: "pf-open") {
    title
    statusLabel
    headsTotal
    venue { name }
    attendances(first: 2) {
      totalCount
      edges { node { name signedInAt } }
    }
    availableActions { name label allowed }
  }
}
"""


@pytest.fixture
def visited(neighbourhood: LegalEducationEvent) -> LegalEducationEvent:
    """Three people signed the list, and forty heads were counted, these three among them."""
    community = neighbourhood.community
    gate.save_many(
        [
            Attendance(
                community=community,
                event=neighbourhood,
                name=name,
                signed_in_at=neighbourhood.starts_at,
            )
            for name in ("张安然", "李知远", "王清和")
        ],
        by=SYSTEM,
    )
    gate.save(
        HeadcountEntry(
            community=community,
            event=neighbourhood,
            kind="crowd",
            count=40,
            includes_signed_in=True,
            evidence="现场照片 2 张",
        ),
        by=SYSTEM,
    )
    return neighbourhood


def test_the_explorer_answers_a_question_typed_by_hand(
    page: Page, visited: LegalEducationEvent
) -> None:
    sign_in(page)
    page.goto("/graphql/")
    page.locator(".graphiql-query-editor .CodeMirror").first.wait_for()
    page.evaluate(
        "text => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text)",
        QUESTION,
    )
    page.locator("button.graphiql-execute-button, button.execute-button").first.click()
    answer = page.locator(".result-window")
    expect(answer).to_contain_text('"totalCount": 3')
    expect(answer).to_contain_text('"headsTotal": 40')
    expect(answer).to_contain_text("张*")
    expect(answer).not_to_contain_text("张安然")
    keep_picture(page, "graphql", full_page=False)


_OPERATIONS = """() => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror
    .getValue().match(/^(query|mutation|subscription)\\b/gm)?.length ?? 0"""


@pytest.mark.parametrize(
    ("address", "title", "answer"),
    [
        ("/graphql/", "Coming to an event", "民法典进小区"),
        ("/open-data/graphql/", "The notice board", "民法典进小区"),
    ],
)
def test_a_journey_is_chosen_and_run(
    page: Page, visited: LegalEducationEvent, address: str, title: str, answer: str
) -> None:
    sign_in(page)
    page.goto(address)
    page.get_by_label("示例").select_option(
        label=page.locator("option", has_text=title).inner_text()
    )
    expect(page.locator(".graphiql-query-editor")).to_contain_text("query")
    run_first_operation(page)
    expect(page.locator(".result-window")).to_contain_text(answer)


def run_first_operation(page: Page) -> None:
    """Presses the button, which asks which operation once the explorer has read several."""
    button, menu = page.get_by_role("button", name="Execute query"), page.get_by_role("menuitem")
    if page.evaluate(_OPERATIONS) < 2:
        button.click()
        return
    for _ in range(20):
        button.click()
        page.wait_for_timeout(500)
        if menu.count():
            menu.first.click()
            return
    raise AssertionError("the button never asked which operation")
