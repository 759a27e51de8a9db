"""Compiles the translations: ``python -m admin_theme.compile_messages``.

Django's own command needs the msgfmt program, which a bare machine does not have; Babel is a
Python package. The .mo files are built, never committed.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent / "locale"

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")


class BrokenTranslation(Exception):
    """A translation that would fail, or show English, on the page of a clerk."""


def compile_messages(source: Path = LOCALE, target: Path | None = None) -> list[Path]:
    """The .mo files written: one for each .po under source, beside it, or at the same place
    under target.

    Raises:
        BrokenTranslation: a message is without a translation, is marked fuzzy, or its
            placeholders differ; nothing of that file is written.
    """
    written = []
    for po_path in sorted(source.rglob("*.po")):
        with po_path.open("rb") as po_file:
            catalog = read_po(po_file, locale=po_path.parents[1].name, abort_invalid=True)
        faults = list(_faults(catalog))
        if faults:
            raise BrokenTranslation(f"{po_path.name}: " + "; ".join(faults))
        mo_path = (target or source) / po_path.relative_to(source).with_suffix(".mo")
        mo_path.parent.mkdir(parents=True, exist_ok=True)
        with mo_path.open("wb") as mo_file:
            write_mo(mo_file, catalog)
        written.append(mo_path)
    return written


def _faults(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:  # the header
            continue
        original, *_ = _texts(message.id)
        for translation in _texts(message.string):
            if not translation:
                yield f"{original!r} is not translated"
            elif message.fuzzy:
                yield f"{original!r} is fuzzy"
            # A missing placeholder is an exception at the moment the page is shown.
            elif sorted(PLACEHOLDER.findall(translation)) != sorted(PLACEHOLDER.findall(original)):
                yield f"{original!r} and its translation differ in their placeholders"


def _texts(text: object) -> tuple[str, ...]:
    """A message as Babel keeps it: one string, or one for each plural form."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


if __name__ == "__main__":
    for path in compile_messages():
        print(path)
