"""The query explorer with a question typed by hand and its answer."""

import pytest
from playwright.sync_api import Page, Route, expect

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


TOLD = "".join(
    f'event: next\r\ndata: {{"data": {{"slot": {{"placesLeft": {left}}}}}}}\r\n\r\n: ping\r\n\r\n'
    for left in (9, 8)
)


# The explorer reads what was typed a little later, and runs what it has read.
_READ = """() => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror
    .documentAST?.definitions.some((one) => one.operation === 'subscription')"""


def test_a_subscription_shows_each_answer_as_it_comes(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    def answer(route: Route) -> None:
        if "text/event-stream" not in route.request.headers["accept"]:
            route.fallback()
            return
        assert route.request.headers["x-csrftoken"]
        told = TOLD + "event: complete\r\ndata: \r\n\r\n"
        route.fulfill(content_type="text/event-stream", body=told)

    sign_in(page)
    page.route("**/graphql/", answer)
    page.goto("/graphql/")
    page.locator(".graphiql-query-editor .CodeMirror").first.wait_for()
    page.evaluate(
        "text => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text)",
        'subscription { slot(code: "slot-free") { placesLeft } }',
    )
    page.wait_for_function(_READ)
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text('"placesLeft": 8')
    expect(page.locator(".result-window")).not_to_contain_text("errors")


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
