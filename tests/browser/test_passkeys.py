"""Passkeys in a real browser, with an authenticator of the browser's own making."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from backend.education.models import LegalEducationEvent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]


@pytest.fixture
def authenticator(page: Page, live_server: Any) -> Any:
    """A fingerprint reader that always says yes. Passkeys want a name, not a number: localhost."""
    cache.clear()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return lambda command: session.send(f"WebAuthn.{command}", added)


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_username", "worker")
    page.fill("#id_password", "demo-worker")
    page.click("#login-form button[type=submit]")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def add_passkey(page: Page) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", "demo-worker")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="备用码")).to_be_visible()


def test_a_passkey_is_added_signs_in_and_is_removed(
    page: Page, neighbourhood: LegalEducationEvent, authenticator: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(page)
    expect(page.get_by_text("设置两步验证之后才能继续")).to_be_visible()
    add_passkey(page)
    page.goto("/admin/")
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()
    sign_out(page)
    # With the passkey alone.
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()
    sign_out(page)
    # As the second step after the password.
    sign_in(page)
    expect(page.get_by_role("heading", name="两步验证")).to_be_visible()
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="移除").click()
    if page.get_by_role("heading", name="确认是您本人").is_visible():
        page.fill("#id_password", "demo-worker")
        page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("还没有通行密钥")).to_be_visible()
    assert not Authenticator.objects.exists(), "with the last factor its recovery codes go"


def test_without_the_authenticator_nobody_gets_in_and_the_page_says_so(
    page: Page, neighbourhood: LegalEducationEvent, authenticator: Any
) -> None:
    sign_in(page)
    expect(page.get_by_role("link", name="普法活动").first).to_be_visible()
    add_passkey(page)
    sign_out(page)
    authenticator("clearCredentials")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("#passkey-error")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
