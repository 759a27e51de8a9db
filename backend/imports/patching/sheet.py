"""A sheet's XML with its problems marked, as a stream: whole rows at a time, the rest untouched."""

import re
from collections.abc import Iterator
from typing import Any

from ..formats.archive import Archive
from ..formats.cells import MAX_COLUMNS
from ..formats.refusal import Refusal
from ..formats.xlsx_stream import column_of
from .notes import WIDTH, Note, OddPackage, Task
from .rows import Marker
from .styles import Styles
from .xml import attribute, element, letters_of, prefix_of, with_attribute

# A row of 16 384 cells with a long text in each is larger; no table for people is.
_LONGEST_ROW = 8 * 2**20
_SPACE = b" \t\r\n/>"


def segments(archive: Archive, member: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces that end before a row begins.

    Raises: OddPackage for comments, CDATA and the like, within which a row might seem to stand.
    """
    rest = opening = b""
    for piece in archive.pieces(member):
        rest += piece
        if not opening:
            opening = b"<" + prefix_of(rest[:65_536], "worksheet") + b"row"
        cut = _last(rest, opening)
        if cut > 0:
            yield _plain(rest[:cut])
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise OddPackage("row")
    yield _plain(rest)


def _last(xml: bytes, opening: bytes) -> int:
    """Where the last row begins; 0 if none does."""
    at = len(xml)
    while (at := xml.rfind(opening, 0, at)) > 0:
        if xml[at + len(opening) : at + len(opening) + 1] in _SPACE:
            return at
    return 0


def _plain(xml: bytes) -> bytes:
    if b"<!" in xml:
        raise OddPackage("markup")
    return xml


def place_for(archive: Archive, member: str, task: Task) -> int:
    """The column, from 0, for the explanations: an earlier one, or the first that is free.

    Free is one to the right of the headings with no value, and no merged cell, below the titles.
    """
    if task.explanation is not None:
        return task.explanation
    beyond: set[int] = set()
    columns: dict[bytes, int] = {}
    last = b""
    for xml in segments(archive, member):
        for letters in set(re.findall(rb"\br=[\"']([A-Z]{1,3})[0-9]", xml)):
            if letters not in columns:
                columns[letters] = column_of(letters.decode())
            column = columns[letters]
            to_see = column > task.last_heading and column not in beyond
            if to_see and _has_value(xml, letters, task.header_row):
                beyond.add(column)
        last = xml
    beyond |= _merged(last, task)
    place = next(c for c in range(task.last_heading + 1, MAX_COLUMNS + 2) if c not in beyond)
    if place >= MAX_COLUMNS:
        raise OddPackage("width")
    return place


def _has_value(xml: bytes, letters: bytes, header_row: int) -> bool:
    cells = re.finditer(rb"\br=[\"']" + letters + rb"([0-9]+)[\"'][^<>]*(?<!/)>(?!</)", xml)
    return any(int(cell[1]) >= header_row for cell in cells)


def _merged(xml: bytes, task: Task) -> set[int]:
    found = set()
    for reference in re.findall(rb"mergeCell\s[^<>]*ref=[\"']([^\"']+)[\"']", xml):
        corners = re.fullmatch(rb"([A-Z]{1,3})[0-9]+:([A-Z]{1,3})([0-9]+)", reference)
        if corners and int(corners[3]) >= task.header_row:
            first, last = (column_of(corners[n].decode()) for n in (1, 2))
            found |= set(range(max(first, task.last_heading + 1), last + 1))
    return found


class SheetPatch:
    """One sheet on its way through."""

    def __init__(self, archive: Archive, member: str, task: Task, styles: Styles) -> None:
        self._archive = archive
        self._member = member
        self._task = task
        self._styles = styles
        self._place = place_for(archive, member, task)

    def xml(self, notes: Iterator[Note]) -> Iterator[bytes]:
        """The sheet's XML, marked. Raises: OddPackage; Refusal as the archive."""
        pieces = segments(self._archive, self._member)
        first = next(pieces)
        prefix = prefix_of(first[:65_536], "worksheet")
        begins = re.search(rb"<" + re.escape(prefix) + rb"sheetData\s*>", first)
        if begins is None:
            raise OddPackage("sheetData")
        marker = Marker(prefix, self._styles, self._place)
        head = _Head(prefix, self._place, new=self._task.explanation is None)
        yield head.patched(first[: begins.start()])
        marker.column_styles = head.column_styles
        yield begins[0]
        rows = _Rows(prefix, marker, self._task, notes, self._styles)
        yield rows.patched(first[begins.end() :])
        for xml in pieces:
            yield rows.patched(xml)
        rows.end()


class _Rows:
    """The rows of a sheet, each met by its note."""

    def __init__(
        self, prefix: bytes, marker: Marker, task: Task, notes: Iterator[Note], styles: Styles
    ) -> None:
        self._row = element(prefix, "row")
        self._marker = marker
        self._notes = notes
        self._next = next(notes, None)
        self._header: int | None = task.header_row
        self._below = task.header_row
        # A new heading is written; an earlier one stands.
        self._heads = task.explanation is None
        # Whether rows without a note may bear an earlier round's marks.
        self._wipes = task.explanation is not None or bool(styles.marks)
        self._last = 0

    def patched(self, xml: bytes) -> bytes:
        """A piece of whole rows, those marked that are to be."""
        if not self._wipes and not self._concerns(xml):
            return xml
        return self._row.sub(self._patched_row, xml)

    def _concerns(self, xml: bytes) -> bool:
        """Whether any row of the piece is the header or has a note: by the number of its last."""
        wanted = [n for n in (self._header, self._next and self._next.row) if n]
        if not wanted:
            return False
        numbers = [
            int(n) for n in re.findall(rb"\sr=[\"'](?:[A-Z]{1,3})?([0-9]+)[\"']", xml[-400:])
        ]
        return not numbers or max(numbers) >= min(wanted) or len(xml) < 400

    def _patched_row(self, found: Any) -> bytes:
        attributes, content = found[1] or b"", found[2]
        number = int(attribute(attributes, "r") or 0)
        if number <= self._last:
            raise OddPackage("rows")
        self._last = number
        if number == self._header:
            self._header = None
            if self._heads:
                return self._marker.header(number, attributes, content)
            return bytes(found[0])
        note = None
        if self._next is not None and self._next.row == number:
            note, self._next = self._next, next(self._notes, None)
        if note is None and (not self._wipes or number <= self._below or content is None):
            return bytes(found[0])
        return self._marker.row(number, attributes, content, note)

    def end(self) -> None:
        """After the last row. Raises: OddPackage if a row that is to be marked was not met."""
        if self._next is not None or self._header is not None:
            raise OddPackage("rows")


class _Head:
    """What stands before the rows: the extent of the sheet, and the widths of its columns."""

    def __init__(self, prefix: bytes, place: int, *, new: bool) -> None:
        self._prefix = prefix
        self._number = place + 1
        self._new = new
        self._column = element(prefix, "col")
        self.column_styles: dict[int, int] = {}

    def patched(self, xml: bytes) -> bytes:
        """The head, wide enough for the explanations."""
        columns = element(self._prefix, "cols").search(xml)
        inner = (columns[2] or b"") if columns is not None else b""
        found = [m[1] or b"" for m in self._column.finditer(inner)]
        for attributes in found:
            first, last, style = (
                int(attribute(attributes, n) or 0) for n in ("min", "max", "style")
            )
            if style and last - first < 1_000:
                self.column_styles |= dict.fromkeys(range(first - 1, last), style)
        if self._new:
            made = b"".join(self._columns(found))
            p = self._prefix
            made = b"<%scols>%s</%scols>" % (p, made, p)
            if columns is not None:
                xml = xml[: columns.start()] + made + xml[columns.end() :]
            else:
                xml += made
        return self._dimension(xml)

    def _columns(self, found: list[bytes]) -> list[bytes]:
        """The columns' widths, that of the explanations among them, and it is not hidden."""
        number, out, placed = self._number, [], False
        for attributes in found:
            first, last = (int(attribute(attributes, name) or 0) for name in ("min", "max"))
            if not placed and first > number:
                out.append(self._col(b"", number, number, ours=True))
                placed = True
            if not first <= number <= last:
                out.append(self._col(attributes, first, last))
                continue
            if first < number:
                out.append(self._col(attributes, first, number - 1))
            out.append(self._col(attributes, number, number, ours=True))
            placed = True
            if last > number:
                out.append(self._col(attributes, number + 1, last))
        if not placed:
            out.append(self._col(b"", number, number, ours=True))
        return out

    def _col(self, attributes: bytes, first: int, last: int, *, ours: bool = False) -> bytes:
        given: dict[str, Any] = {"min": first, "max": last}
        if ours:
            given |= {"width": WIDTH, "customWidth": 1, "hidden": None, "collapsed": None}
        for name, value in given.items():
            attributes = with_attribute(attributes, name, value)
        return b"<%scol%s/>" % (self._prefix, attributes)

    def _dimension(self, xml: bytes) -> bytes:
        found = re.search(rb"dimension\s+ref=[\"']([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)", xml)
        try:
            if found is None or column_of(found[3].decode()) >= self._number - 1:
                return xml
        except Refusal:
            return xml
        return xml[: found.start(3)] + letters_of(self._number - 1).encode() + xml[found.end(3) :]
