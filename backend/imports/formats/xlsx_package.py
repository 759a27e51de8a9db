"""The plan of an .xlsx file: its sheets, its strings, and which of its styles are dates."""

import posixpath
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .archive import Archive
from .refusal import Refusal

# Half a character is none, and nothing that stores text takes it.
_HALVES = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Plan:
    """What xl/workbook.xml says: sheets as (name, hidden, member), and the first day of time."""

    sheets: list[tuple[str, bool, str]] = field(default_factory=list)
    epoch1904: bool = False


def parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    """An XML parser that refuses document types, so no entity can grow.

    Its handlers see names without namespace prefix.
    """
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = start

    def refuse(*_: object) -> None:
        raise Refusal("file_broken")

    made.StartDoctypeDeclHandler = refuse
    return made


def local(name: str) -> str:
    """A name without its namespace prefix."""
    return name.rpartition(":")[2]


def plan_of(archive: Archive) -> Plan:
    """The sheets of a workbook in order. Raises: `file_broken` for XML that is none."""
    targets: dict[str, str] = {}
    plan = Plan()

    def relationship(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.join("xl", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

    def workbook(name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "workbookPr":
            plan.epoch1904 = attributes.get("date1904") in ("1", "true")
        elif kind == "sheet":
            ids = [v for key, v in attributes.items() if ":" in key and local(key) == "id"]
            member = targets.get(ids[0] if ids else "")
            if member:
                hidden = attributes.get("state", "visible") != "visible"
                plan.sheets.append((attributes.get("name", ""), hidden, member))

    parser(relationship).Parse(archive.read("xl/_rels/workbook.xml.rels"), True)
    parser(workbook).Parse(archive.read("xl/workbook.xml"), True)
    return plan


class SharedStrings:
    """xl/sharedStrings.xml, read no further than the highest string that was asked for."""

    def __init__(self, archive: Archive) -> None:
        # In one piece, with the end of each: an object for each of two million strings would take
        # three times as much.
        self._text = bytearray()
        self._ends = array("L", [0])
        self._more = self._parsed(archive) if "xl/sharedStrings.xml" in archive else iter(())

    def __getitem__(self, index: int) -> str:
        if index < 0:
            raise Refusal("file_broken")
        while index + 1 >= len(self._ends):
            if next(self._more, None) is None:
                raise Refusal("file_broken")
        found = self._text[self._ends[index] : self._ends[index + 1]]
        return found.decode("utf-8", "surrogatepass")

    def _parsed(self, archive: Archive) -> Iterator[bool]:
        collect = TextCollector()

        def start(name: str, attributes: dict[str, str]) -> None:
            collect.start(local(name))

        def end(name: str) -> None:
            if collect.end(local(name)) == "si":
                self._text += collect.take().encode("utf-8", "surrogatepass")
                self._ends.append(len(self._text))

        reading = parser(start)
        reading.EndElementHandler = end
        reading.CharacterDataHandler = collect.characters
        for piece in archive.pieces("xl/sharedStrings.xml"):
            reading.Parse(piece)
            yield True
        reading.Parse(b"", True)


class TextCollector:
    """The text of a rich string (`si`, `is`): its `t` elements, without phonetic guides."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._guide = 0
        self._in_text = False

    def start(self, kind: str) -> None:
        """An element begins."""
        if kind == "rPh":
            self._guide += 1
        elif kind == "t":
            self._in_text = not self._guide

    def end(self, kind: str) -> str:
        """An element ends; its kind again."""
        if kind == "rPh":
            self._guide -= 1
        elif kind == "t":
            self._in_text = False
        return kind

    def characters(self, text: str) -> None:
        """Some text."""
        if self._in_text:
            self._parts.append(text)

    def take(self) -> str:
        """The text so far; the collector is empty again."""
        text = "".join(self._parts)
        self._parts.clear()
        return unescaped(text)


def unescaped(text: str) -> str:
    """Text with _x000D_ and its like turned back into characters."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: _HALVES.sub("\ufffd", chr(int(match[1], 16))), text)
