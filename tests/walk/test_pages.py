"""Every page of the sidebar, its form and its first record, in a real Chromium.

In Chinese nothing English is left over, nothing is asked of another host, no script complains, and
on a phone nothing is wider than the screen.
"""

import re
from collections import defaultdict
from typing import Any

import pytest
from playwright.sync_api import Page

from backend.people.models import User
from backend.places.models import Community, Estate, Subdistrict
from tests.walk.conftest import SignedIn

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(databases="__all__")]

# What pages say, not what rows hold: cells, values and what was uploaded are data.
SAID = """() => {
  const data = "td, th[scope=row], code, pre, textarea, script, style, svg, [data-value], " +
    ".material-symbols-outlined, .font-mono, option[value]:not([value='']), #history-list";
  const words = [];
  const walk = (node) => {
    if (node.nodeType === 3) { words.push(node.textContent); return; }
    if (node.nodeType !== 1 || node.matches(data)) return;
    for (const name of ["title", "placeholder", "aria-label", "alt"]) {
      if (node.hasAttribute(name)) words.push(node.getAttribute(name));
    }
    if (node.matches("input[type=submit], input[type=button]")) words.push(node.value);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return [document.title, ...words].join("\\n");
}"""
# Names that Chinese readers write so, too.
KNOWN = re.compile(
    r"(?<![A-Za-z])(?:Excel|WPS|Word|PDF|CSV|XLSX|xlsx|xls|ods|csv|docx|API|GraphQL|GraphiQL|ID|IP|URL|JSON|"
    r"TOTP|Linli|Passkey|App|Ctrl|UTF|GB|MB|KB|px|cm|svg|png|jpg|jpeg|webp|heic|zip|http|https|"
    r"Esc|esc|Enter|English|en|LDAP|HTTP|SHA|QR|iPhone|Android|mp|doc)(?![A-Za-z])"
)
WORD = re.compile(r"[A-Za-z]{2,}")


def _english(text: str) -> set[str]:
    """The English words in what a page says; addresses and codes with digits or dashes are none."""
    plain = re.sub(r"\S*[@/:_-][\x21-\x7e]*|\S*\d\S*", " ", text)
    return set(WORD.findall(KNOWN.sub(" ", plain)))


def _watched(page: Page, base: str, wrong: list[str]) -> None:
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((base, "data:", "blob:")) else wrong.append(f"host {r.url}")
        ),
    )
    page.on("pageerror", lambda error: wrong.append(f"script {page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            wrong.append(f"console {page.url}: {said.text}") if said.type == "error" else None
        ),
    )


def _sidebar(page: Page) -> list[str]:
    page.goto("/admin/")
    page.wait_for_load_state("networkidle")
    found = page.eval_on_selector_all(
        "nav a[href], #nav-sidebar a[href]", "links => links.map(link => link.getAttribute('href'))"
    )
    return sorted({href.split("#")[0] for href in found if href.startswith("/admin/")})


def _beyond(page: Page) -> list[str]:
    """The form for a new row, the first row's own page and the board, where the list offers them."""
    return page.evaluate(
        """() => {
          const one = (where) => document.querySelector(where)?.getAttribute("href");
          const add = [...document.querySelectorAll("a[href$='/add/'], a[href*='/add/?']")]
            .map(a => a.getAttribute("href")).find(href => href.startsWith(location.pathname));
          return [add, one("#result_list tbody a[href*='/change/']"), one("a.bd-link")].filter(Boolean);
        }"""
    )


@pytest.mark.parametrize("who", ["secretary", "admin"])
def test_pages_are_chinese_and_keep_to_this_server(
    signed_in: SignedIn, demo_site: Any, who: str
) -> None:
    context = signed_in(who)
    page = context.new_page()
    wrong: list[str] = []
    _watched(page, demo_site.url, wrong)
    english: defaultdict[str, set[str]] = defaultdict(set)
    # The filters name accounts, and forms that are only read the codes of places.
    named = [
        *User.objects.values_list("username", flat=True),
        *Community.objects.values_list("code", flat=True),
        *Estate.objects.values_list("code", flat=True),
        *Subdistrict.objects.values_list("code", flat=True),
    ]
    names = {word for name in named for word in WORD.findall(name)}
    places = _sidebar(page)
    seen: set[str] = set()
    while places:
        place = places.pop(0)
        if place in seen:
            continue
        seen.add(place)
        page.goto(place, wait_until="load")
        if "/change/" not in place and "/add/" not in place:
            places += _beyond(page)
        for word in _english(page.evaluate(SAID)) - names:
            english[word].add(place)
    context.close()
    assert len(seen) > 60, seen
    assert wrong == []
    found = {word: sorted(where)[:3] for word, where in sorted(english.items())}
    assert not found, "\n".join(f"{word}: {where}" for word, where in found.items())


def test_on_a_phone_nothing_is_wider_than_the_screen(signed_in: SignedIn) -> None:
    context = signed_in("secretary", viewport={"width": 390, "height": 844})
    page = context.new_page()
    wide: dict[str, int] = {}
    places = _sidebar(page)
    assert len(places) > 30
    for place in places:
        page.goto(place, wait_until="load")
        for one in [place, *_beyond(page)]:
            if one != place:
                page.goto(one, wait_until="load")
            width = page.evaluate("document.scrollingElement.scrollWidth")
            if width > 390:
                wide[one] = width
    context.close()
    assert wide == {}
