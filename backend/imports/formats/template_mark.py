"""The mark that a template of ours bears: which register, event and community it was made for.

It stands twice, as a document property and as a hidden defined name: spreadsheet programs keep both,
also when they save as another format, and not every one keeps each.
"""

import re
from pathlib import Path
from xml.parsers import expat

from .archive import Archive
from .refusal import Refusal
from .xlsx_package import local, parser

PROPERTY = "linli.template"
NAME = "LINLI_TEMPLATE"

# linli-template;version;register;code of the event;code of the community. Codes alone: no prose.
_MARK = re.compile(r"linli-template;\d{1,4};[a-z_]{1,40};[\w-]{0,40};[\w-]{0,40}", re.ASCII)
_IN_BYTES = re.compile(_MARK.pattern.encode())
# The parts are a few hundred bytes; a longer one is read no further.
_PROPERTIES_BYTES = 256 * 2**10


def mark_of(path: Path, kind: str) -> str:
    """The mark in a workbook; "" for one that has none, or none that can be read."""
    try:
        if kind == "xlsx":
            return _in_xlsx(Archive(path))
        if kind == "ods":
            archive = Archive(path)
            return _first(_texts(archive, "meta.xml", "user-defined", _called(PROPERTY)))
    except (Refusal, expat.ExpatError, UnicodeError, ValueError):
        return ""
    return _in_bytes(path) if kind == "xls" else ""


def _in_xlsx(archive: Archive) -> str:
    found = _texts(archive, "docProps/custom.xml", "property", _called(PROPERTY))
    return _first(found) or _first(_texts(archive, "xl/workbook.xml", "definedName", _called(NAME)))


def _called(name: str) -> tuple[str, str]:
    return "name", name


def _texts(archive: Archive, member: str, element: str, wanted: tuple[str, str]) -> list[str]:
    """The texts of the elements of that kind whose attribute has that value."""
    found: list[str] = []
    inside: list[str] | None = None
    if member not in archive:
        return found

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        named = {local(key): value for key, value in attributes.items()}
        if local(name) == element and named.get(wanted[0]) == wanted[1]:
            inside = []

    def end(name: str) -> None:
        nonlocal inside
        if inside is not None and local(name) == element:
            found.append("".join(inside))
            inside = None

    def characters(text: str) -> None:
        if inside is not None:
            inside.append(text)

    reading = parser(start)
    reading.EndElementHandler = end
    reading.CharacterDataHandler = characters
    reading.Parse(archive.read(member, _PROPERTIES_BYTES), True)
    return found


def _first(texts: list[str]) -> str:
    for text in texts:
        match = _MARK.fullmatch(text.strip().strip('"'))
        if match:
            return match[0]
    return ""


def _in_bytes(path: Path) -> str:
    """In the old binary format both places hold it as bytes, one or two to a character."""
    content = path.read_bytes()
    at = content.find(b"linli-template;")
    if at < 0:
        at = content.find("linli-template;".encode("utf-16-le"))
        content = content[at : at + 400 : 2] if at >= 0 else b""
        at = 0
    match = _IN_BYTES.match(content, at)
    return match[0].decode("ascii") if match else ""
