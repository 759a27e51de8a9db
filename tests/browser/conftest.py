"""A real Chromium against a real server."""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education import actions
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Building, Community, Estate, Subdistrict
from tests.browser.settled import settle_steps

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"

# What comes at last is waited for: five seconds are short on a machine with other work.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

# Playwright's loop runs in this thread, and Django's ORM asks about loops.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """A browser for the block, in which nobody has been anywhere yet."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()
        # While Playwright's loop runs, Django gives this thread connections that nobody sees after it:
        # they would lead the next module to this one's database.
        connections.close_all()


@pytest.fixture
def neighbourhood(transactional_db: None) -> LegalEducationEvent:
    """A community with an open event, a worker, and one resident on the roster."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    estate = gate.save(Estate(community=community, name="万达华府"), by=SYSTEM)
    for number in ("3", "4", "5"):
        gate.save(Building(community=community, estate=estate, name=number), by=SYSTEM)
    venue = gate.save(
        Venue(community=community, name="小马扎剧场", kind="stool_theatre"), by=SYSTEM
    )
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    event = gate.save(
        LegalEducationEvent(
            community=community,
            code="pf-open",
            title="民法典进小区",
            topic="民法典",
            venue=venue,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=2),
        ),
        by=SYSTEM,
    )
    actions.open_event(event, by=SYSTEM)
    gate.save(Resident(community=community, name="张安然", phone="13900000001"), by=SYSTEM)
    worker = User.objects.create_user("worker", password="demo-worker", is_staff=True)
    gate.save(
        CommunityRole(
            user=worker, role="worker", community=community, valid_from=datetime.date(2025, 1, 1)
        ),
        by=SYSTEM,
    )
    return event


@pytest.fixture
def page(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page at desk width whose console, failed requests and foreign hosts are looked at."""
    with started_chromium() as browser:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=live_server.url,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        settle_steps(page, monkeypatch)
        wrong: list[str] = []
        page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 else None)
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((live_server.url, "data:", "blob:"))
                else wrong.append(r.url)
            ),
        )
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        yield page
    assert wrong == [], "broken or foreign requests"


def keep_picture(page: Page, name: str, *, full_page: bool = True) -> None:
    """Writes a picture for the docs, when they are being refreshed (LINLI_PICTURES=1)."""
    if os.environ.get("LINLI_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("networkidle")
        if full_page:
            # What stands beside the page as it scrolls stands at its head in the picture.
            page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png", full_page=full_page)
