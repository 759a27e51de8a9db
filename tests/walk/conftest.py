"""The demo's neighbourhood, served, and a Chromium that is signed in to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext

from backend.people.models import User
from fixtures import demo
from tests.browser.conftest import PATIENCE_MS, started_chromium
from tests.conftest import CHEAP_HASHERS

SignedIn = Callable[..., BrowserContext]


@pytest.fixture
def demo_site(live_server: Any, transactional_db: None) -> Any:
    """A server on the demo's data."""
    with override_settings(PASSWORD_HASHERS=CHEAP_HASHERS):
        demo.load()
    return live_server


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with started_chromium() as browser:
        yield browser


@pytest.fixture
def signed_in(demo_site: Any, chromium: Browser) -> SignedIn:
    """Opens a context in which somebody is signed in, without going through the form."""

    def opened(username: str, **options: Any) -> BrowserContext:
        given = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"} | options
        context = chromium.new_context(base_url=demo_site.url, timezone_id="Asia/Shanghai", **given)
        context.set_default_timeout(PATIENCE_MS)
        user = User.objects.get(username=username)
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "url": demo_site.url}])
        return context

    return opened
