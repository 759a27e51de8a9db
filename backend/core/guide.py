"""The staff guide as it is read inside the product: chapters and pictures from the docs folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings

from backend.core.guidance import FIRST_CHAPTER

DOCS = Path(settings.BASE_DIR) / "docs"
STAFF, PICTURES = DOCS / "staff", DOCS / "pictures"
# Beside those of the folder: the first chapter, and the table of rights.
_TOP = (FIRST_CHAPTER, "roles")
_PICTURE = re.compile(r"[a-z0-9-]+\.png")
MOST_FOUND = 30
_AROUND = 45


@dataclass(frozen=True)
class Section:
    """A heading with the plain text below it: what is searched."""

    page: str
    chapter: str
    heading: str
    text: str

    @property
    def anchor(self) -> str:
        """Its place in the page."""
        return anchor_of(self.heading)


@dataclass(frozen=True)
class Chapter:
    """One file of the guide."""

    name: str
    title: str
    html: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Found:
    """A section with the words asked for, and the text around the first of them."""

    section: Section
    before: str
    hit: str
    after: str


def anchor_of(heading: str) -> str:
    """The id of a heading: its words, without spaces."""
    return re.sub(r"\s+", "-", heading.strip())


def names() -> list[str]:
    """The chapters, the first one first."""
    return [FIRST_CHAPTER, *sorted(path.stem for path in STAFF.glob("*.md"))]


def chapters() -> list[Chapter]:
    """Every chapter."""
    return [chapter_of(name) for name in names()]


def _file(name: str) -> Path | None:
    # Looked up among those there are: a name from an address is never a path.
    if name in _TOP:
        return DOCS / f"{name}.md"
    return next((path for path in STAFF.glob("*.md") if path.stem == name), None)


@lru_cache(maxsize=64)
def chapter_of(name: str) -> Chapter:
    """A chapter. Raises: LookupError if the guide has none of that name."""
    path = _file(name)
    if path is None or not path.exists():
        raise LookupError(name)
    # Loaded when somebody reads: most processes never do.
    reader = import_module("markdown_it").MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(path.read_text(encoding="utf-8"))
    title, sections = _prepared(tokens, name)
    html = reader.renderer.render(tokens, reader.options, {})
    return Chapter(name, title, html, tuple(sections))


def picture(name: str) -> Path | None:
    """A picture of the guide, if there is one of that name."""
    path = PICTURES / name
    return path if _PICTURE.fullmatch(name) and path.is_file() else None


def search(asked: str) -> list[Found]:
    """The sections that hold every word asked for, those with one in the heading first."""
    words = asked.lower().split()
    if not words:
        return []
    found = []
    for chapter in chapters():
        for section in chapter.sections:
            whole = f"{chapter.title} {section.heading} {section.text}".lower()
            if all(word in whole for word in words):
                named = any(word in section.heading.lower() for word in words)
                found.append((not named, _shown(section, words)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])][:MOST_FOUND]


def _shown(section: Section, words: list[str]) -> Found:
    text, low = section.text, section.text.lower()
    at, word = min(((low.find(word), word) for word in words if word in low), default=(-1, ""))
    if at < 0:
        return Found(section, text[: 2 * _AROUND], "", "")
    start, end = max(at - _AROUND, 0), at + len(word)
    before = ("…" if start else "") + text[start:at]
    return Found(section, before, text[at:end], text[end : end + _AROUND])


def _prepared(tokens: list[Any], name: str) -> tuple[str, list[Section]]:
    """Gives headings their places and links their addresses; answers the title and the sections."""
    title, heading = name, ""
    texts: dict[str, list[str]] = {"": []}
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[at + 1])
            if token.tag == "h1":
                title = words
            else:
                heading = words
                texts.setdefault(heading, [])
            token.attrSet("id", anchor_of(words))
        elif token.type == "inline":
            for child in token.children or ():
                _redirect(child)
            if tokens[at - 1].type != "heading_open":
                texts[heading].append(_plain(token))
        elif token.type == "html_block":
            # A picture with a width: the guide writes no other.
            token.content = re.sub(
                r'src="(?:\.\./)?pictures/', 'src="/admin/help/pictures/', token.content
            )
    sections = [
        Section(name, title, words or title, " ".join(text)) for words, text in texts.items()
    ]
    # A chapter without a word before its first heading begins with that heading.
    return title, [section for section in sections if section.text or section.heading != title]


def _plain(token: Any) -> str:
    return "".join(_texts(token)).strip()


def _texts(token: Any) -> Iterator[str]:
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak"):
            yield " "


def _redirect(token: Any) -> None:
    if token.type == "image":
        source = str(token.attrGet("src") or "")
        token.attrSet("src", f"/admin/help/pictures/{source.rsplit('/', 1)[-1]}")
        token.attrSet("loading", "lazy")
    elif token.type == "html_inline":
        token.content = token.content.replace("pictures/", "/admin/help/pictures/").replace(
            "..//admin", "/admin"
        )
    elif token.type == "link_open":
        target, _, place = str(token.attrGet("href") or "").partition("#")
        if target.endswith(".md"):
            stem = target.rsplit("/", 1)[-1].removesuffix(".md")
            anchor = f"#{quote(unquote(place))}" if place else ""
            token.attrSet("href", f"/admin/help/{stem}/{anchor}")
