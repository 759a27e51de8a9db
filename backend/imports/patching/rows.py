"""One row of a sheet's XML: its cells taken apart, marked, and put together again."""

import re

from ..formats.refusal import Refusal
from ..formats.xlsx_stream import column_of
from .notes import HEADING, Note, OddPackage
from .styles import Styles
from .xml import attribute, element, escaped, letters_of, with_attribute

_REFERENCE = re.compile(rb"([A-Z]{1,3})[0-9]+")


class Marker:
    """Marks rows: cells by their fill, the explanation in its column."""

    def __init__(self, prefix: bytes, styles: Styles, explanation: int) -> None:
        self._prefix = prefix
        self._styles = styles
        self._explanation = explanation
        self._cell = element(prefix, "c")
        self._columns: dict[bytes, int] = {}
        # Column, from 0, to the style of its cells that are not written.
        self.column_styles: dict[int, int] = {}

    def row(
        self, number: int, attributes: bytes, content: bytes | None, note: Note | None
    ) -> bytes:
        """The row's XML, with what the note says; an earlier round's marks are taken away.

        Raises: OddPackage for cells that do not say where they stand, or stand in disorder.
        """
        cells, rest = self._apart(content or b"")
        wanted = note.cells if note is not None else {}
        for column, (cell_attributes, inner) in cells.items():
            style = int(attribute(cell_attributes, "s") or 0)
            if style in self._styles.marks:
                style = self._styles.cleared(style)
                cells[column] = with_attribute(cell_attributes, "s", style), inner
        for column, kind in wanted.items():
            if column not in cells:
                style = self._style_of_row(attributes, column)
                cells[column] = b' r="%s%d"' % (letters_of(column).encode(), number), None
            else:
                style = int(attribute(cells[column][0], "s") or 0)
            given, inner = cells[column]
            cells[column] = with_attribute(given, "s", self._styles.marked(style, kind)), inner
        self._explain(cells, number, note.text if note is not None else "")
        return self._together(attributes, cells, rest)

    def header(self, number: int, attributes: bytes, content: bytes | None) -> bytes:
        """The header's XML with the heading of the explanations."""
        cells, rest = self._apart(content or b"")
        before = [column for column in cells if column < self._explanation]
        style = int(attribute(cells[max(before)][0], "s") or 0) if before else 0
        self._put(cells, number, HEADING, self._styles.heading(style))
        return self._together(attributes, cells, rest)

    def _apart(self, content: bytes) -> tuple[dict[int, tuple[bytes, bytes | None]], bytes]:
        cells: dict[int, tuple[bytes, bytes | None]] = {}
        at, last = 0, -1
        for found in self._cell.finditer(content):
            attributes = found[1] or b""
            column = self._column(attribute(attributes, "r"))
            if column <= last or content[at : found.start()].strip():
                raise OddPackage("cells")
            cells[column] = attributes, found[2]
            at, last = found.end(), column
        return cells, content[at:]

    def _column(self, reference: bytes | None) -> int:
        found = _REFERENCE.fullmatch(reference or b"")
        if found is None:
            raise OddPackage("reference")
        column = self._columns.get(found[1])
        if column is None:
            try:
                column = self._columns[found[1]] = column_of(found[1].decode())
            except Refusal:
                raise OddPackage("reference") from None
        return column

    def _style_of_row(self, attributes: bytes, column: int) -> int:
        if attribute(attributes, "customFormat") in (b"1", b"true"):
            return int(attribute(attributes, "s") or 0)
        return self.column_styles.get(column, 0)

    def _explain(
        self, cells: dict[int, tuple[bytes, bytes | None]], number: int, text: str
    ) -> None:
        there = cells.get(self._explanation)
        if there is not None and there[1] and re.search(rb"<(?:[\w.-]+:)?f[\s/>]", there[1]):
            # A formula is named in a list of formulas; what stands in its place breaks the file.
            raise OddPackage("formula")
        if text:
            self._put(cells, number, text, self._styles.text())
        elif there is not None:
            # Of an earlier round: the cell stays, its words go.
            cells[self._explanation] = with_attribute(there[0], "t", None), None

    def _put(
        self, cells: dict[int, tuple[bytes, bytes | None]], number: int, text: str, style: int
    ) -> None:
        place = letters_of(self._explanation)
        p = self._prefix
        cells[self._explanation] = (
            f' r="{place}{number}" s="{style}" t="inlineStr"'.encode(),
            b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (p, p, escaped(text), p, p),
        )

    def _together(
        self, attributes: bytes, cells: dict[int, tuple[bytes, bytes | None]], rest: bytes
    ) -> bytes:
        p = self._prefix
        # What the row spans is a hint for programs, and was right before.
        parts = [b"<", p, b"row", with_attribute(attributes, "spans", None), b">"]
        for column in sorted(cells):
            given, inner = cells[column]
            if inner is None:
                parts += [b"<", p, b"c", given, b"/>"]
            else:
                parts += [b"<", p, b"c", given, b">", inner, b"</", p, b"c>"]
        return b"".join([*parts, rest, b"</", p, b"row>"])
