"""What the pages point at is there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:)([^)#\s]+)")


def missing(page: Path, text: str) -> list[str]:
    """The local files that a page points at and that are not there."""
    return [link for link in _LINK.findall(text) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert missing(page, page.read_text(encoding="utf-8")) == []


def test_a_dead_link_is_noticed() -> None:
    assert missing(ROOT / "README.md", "![](docs/pictures/no-such.png)") == [
        "docs/pictures/no-such.png"
    ]
