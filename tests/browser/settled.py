"""A step in the browser is over when the page that it led to has come.

Playwright waits for a navigation to begin, not to end: what reads the page at once after a click may
read the empty document between two pages. Here every click and key waits for the page it opened.
"""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Keyboard, Locator, Page

# By the mouse, by keys, and fields that send their form when they change.
OF_PLACES = ("click", "dblclick", "press", "check", "uncheck", "select_option")


def _then_arrived(act: Callable[..., Any], page_of: Callable[[Any], Page]) -> Callable[..., Any]:
    @functools.wraps(act)
    def acted(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = act(self, *args, **kwargs)
        page = page_of(self)
        if not page.is_closed():
            page.wait_for_load_state()
        return answer

    return acted


def settle_steps(page: Page, patch: pytest.MonkeyPatch) -> None:
    """Makes every step on `page`, and on what it opens, wait for the page that it leads to."""
    for name in OF_PLACES:
        act = getattr(Locator, name)
        patch.setattr(Locator, name, _then_arrived(act, lambda place: place.page))
    for name in ("click", "press", "check", "select_option"):
        act = getattr(Page, name)
        patch.setattr(Page, name, _then_arrived(act, lambda here: here))
    patch.setattr(Keyboard, "press", _then_arrived(Keyboard.press, lambda _keys: page))
