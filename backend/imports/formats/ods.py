""".ods, read cell by cell.

calamine builds all sheets of an .ods in memory, repeats blank and filled cells as often as the file
says, and tells neither merged cells nor errors.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from .archive import Archive
from .cells import Row, filled
from .ods_rows import TableRows
from .xlsx_package import parser

_CONTENT = "content.xml"
_TABLE = re.compile(rb"<table:table\s([^<>]*+)>|</table:table>")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*(?:"([^"]*)"|'([^']*)')""")
_HIDDEN_STYLE = re.compile(
    rb"""<style:style\s([^<>]*+)>\s*+<style:table-properties\s(?>[^<>]*?table:display=["']false)"""
)
_ROWS = (b"<table:table-row ", b"<table:table-row>")
_EPOCH_1904 = re.compile(rb"""<table:null-date\s[^<>]*?table:date-value=["']1904-""")


class OdsBook:
    """An .ods workbook."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        self.epoch1904 = False
        self.hidden: set[int] = set()
        # About how many rows the sheet has that is read: one that is repeated counts once.
        self.last_row = 0
        # By name: whether it is hidden, its place among all tables, whether any cell has a value,
        # and its rows.
        self._tables: dict[str, tuple[bool, int, bool, int]] = {}
        self._survey()

    def _survey(self) -> None:
        """Finds the tables without parsing their cells."""
        hidden_styles: set[str] | None = None
        head = b""
        name, hidden, place, used, rows = "", False, -1, False, 0
        for xml in self._archive.whole_tags(_CONTENT):
            if hidden_styles is None:
                head += xml
                if b"<table:table " not in head:
                    continue
                xml, head = head, b""
                hidden_styles = {
                    _attributes(found).get("style:name", "") for found in _HIDDEN_STYLE.findall(xml)
                }
                self.epoch1904 = _EPOCH_1904.search(xml) is not None
            at = 0
            for tag in _TABLE.finditer(xml):
                used = used or _has_value(xml[at : tag.start()])
                rows += _rows_in(xml[at : tag.start()])
                at = tag.end()
                if tag[1] is None or tag[1].endswith(b"/"):
                    self._tables.setdefault(name, (hidden, place, used, rows))
                    name, used = "", False
                if tag[1] is not None:
                    place += 1
                    attributes = _attributes(tag[1])
                    name, used, rows = attributes.get("table:name", ""), False, 0
                    hidden = (
                        attributes.get("table:style-name", "") in hidden_styles
                        or attributes.get("table:display") == "false"
                    )
            used = used or (bool(name) and _has_value(xml[at:]))
            rows += _rows_in(xml[at:])
        self._tables.pop("", None)

    def sheets(self) -> list[tuple[str, bool]]:
        """The sheets in order: name, and whether it is hidden."""
        return [(name, hidden) for name, (hidden, *_) in self._tables.items()]

    def has_rows(self, name: str) -> bool:
        """Whether a sheet has any row that is not blank."""
        return self._tables[name][2] and next(self.rows(name), None) is not None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank, vertical merges filled in. Raises: `file_broken`."""
        table = TableRows(self._tables[name][1])
        self.hidden, self.last_row = table.hidden, self._tables[name][3]
        return filled(self._parsed(table), table.spans)

    def _parsed(self, table: TableRows) -> Iterator[Row]:
        reading = parser(table.start)
        reading.EndElementHandler = table.end
        reading.CharacterDataHandler = table.characters
        for piece in self._archive.pieces(_CONTENT):
            reading.Parse(piece)
            yield from table.take()
            if table.finished:
                return
        reading.Parse(b"", True)


def _attributes(tag: bytes) -> dict[str, str]:
    text = tag.decode("utf-8", "replace")
    return {name: unescape(one or two) for name, one, two in _ATTRIBUTE.findall(text)}


def _rows_in(xml: bytes) -> int:
    return sum(map(xml.count, _ROWS))


def _has_value(xml: bytes) -> bool:
    return b"<text:p" in xml or b"office:value-type" in xml
