"""A vote of the owners in Chromium, at a desk and on a phone: paper by paper, then the result."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.owner_votes import actions
from backend.owner_votes.models import OwnerBallot, OwnerVote
from backend.places.models import Community, Estate, Subdistrict
from tests.browser.conftest import keep_picture
from tests.conftest import user_with_role
from tests.owner_votes.conftest import DAY, build, new_vote

pytestmark = pytest.mark.slow
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture
def vote(transactional_db: None) -> OwnerVote:
    """A vote under way in an estate of six rooms and five heads, and a worker."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    estate = gate.save(Estate(community=community, code="wanda", name="万达华府"), by=SYSTEM)
    user_with_role("worker", "worker", community=community)
    return actions.open_vote(new_vote(build(estate), code="yz-1"), by=SYSTEM)


def _sign_in(page: Page, to: str) -> None:
    page.goto(to)
    page.get_by_label("账号").or_(page.locator("input[name=login]")).first.fill("worker")
    page.locator("input[name=password]").fill("demo-worker")
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def _look(page: Page, name: str) -> None:
    """A picture for whoever is working on the page (LINLI_LOOK=a folder)."""
    if folder := os.environ.get("LINLI_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _fits(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, "the page scrolls sideways"


@pytest.mark.parametrize("at", WIDTHS)
def test_ballots_are_entered_and_the_result_is_seen(page: Page, vote: OwnerVote, at: str) -> None:
    width, height = WIDTHS[at]
    page.set_viewport_size({"width": width, "height": height})
    _sign_in(page, f"/owner-votes/{vote.code}/ballots/")
    expect(page.locator("#room")).to_be_focused()
    # By the keyboard alone: room, opinion, Enter; and the next one.
    for room, arrows in (("1-1-101", 0), ("1-1-102", 0), ("2-101", 1)):
        page.keyboard.type(room)
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(arrows):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.get_by_role("status").first).to_contain_text("已登记")
        expect(page.locator("#room")).to_be_focused()
    assert list(OwnerBallot.objects.order_by("pk").values_list("head__place", "opinion")) == [
        ("1-1-101", "for"),
        ("1-1-102", "for"),
        ("2-1-101", "against"),
    ]
    _look(page, f"ballots-{at}")
    _fits(page)
    keep_picture(page, f"owner-ballots-{at}")

    # Another room of the first owner: one buyer, one ballot.
    page.locator("#room").fill("1-2-102")
    page.get_by_label("反对").first.check()
    page.get_by_role("button", name="登记这张选票").click()
    expect(page.get_by_role("alert")).to_contain_text("一户一票")
    # A room that is said too shortly is chosen from a list.
    page.locator("#room").fill("2-1")
    page.get_by_label("同意").first.check()
    page.get_by_role("button", name="登记这张选票").click()
    expect(page.locator(".ow-maybe")).to_contain_text("2-1-102")
    _look(page, f"maybe-{at}")
    page.locator(".ow-maybe").get_by_label("2-1-102", exact=True).check()
    page.get_by_role("button", name="登记这张选票").click()
    expect(page.get_by_role("status").first).to_contain_text("2-1-102")

    # The clerk misread one paper.
    first = page.locator(".ow-list > li", has_text="2-1-101")
    first.locator("summary").click()
    first.locator("select").select_option("abstain")
    first.get_by_placeholder("如：录错").fill("录错，以纸质选票为准")
    _look(page, f"correct-{at}")
    first.get_by_role("button", name="更正意见").click()
    page.wait_for_load_state()
    assert OwnerBallot.objects.get(head__place="2-1-101").opinion == "abstain"

    page.goto(f"/owner-votes/{vote.code}/")
    expect(page.locator("main")).to_contain_text("须 ≥ 2/3")
    expect(page.locator("main")).to_contain_text("439.25 平方米")
    _look(page, f"progress-{at}")
    _fits(page)

    # Its last day goes by, and it is counted on its page in the admin.
    OwnerVote.objects.filter(pk=vote.pk).update(ends_on=timezone.localdate() - DAY)
    page.goto(f"/admin/owner_votes/ownervote/{vote.pk}/change/")
    _look(page, f"admin-{at}")
    page.get_by_role("link", name="截止并计票").click()
    page.get_by_role("button", name="截止并计票").click()
    page.wait_for_load_state()
    page.goto(f"/owner-votes/{vote.code}/")
    expect(page.locator(".ow-sentence")).to_contain_text("通过")
    _look(page, f"result-{at}")
    _fits(page)
    keep_picture(page, f"owner-vote-{at}")
    page.get_by_role("link", name="结果公告").click()
    page.wait_for_load_state()
    notice = page.locator(".ow-notice")
    expect(notice).to_contain_text("业主共同决定结果公告")
    # Nobody and no room is in it, and not how few abstained.
    text = notice.inner_text()
    assert "业主甲" not in text
    assert "1-1-101" not in text
    assert "弃权\t" not in text
    _look(page, f"notice-{at}")
    _fits(page)
    if at == "desk":
        page.emulate_media(media="print")
        height = page.evaluate("document.querySelector('.ow-notice').offsetHeight")
        assert height <= 1123 + 2, "one sheet of A4"
