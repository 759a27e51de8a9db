"""Styles for marked cells: each is the cell's own, with another fill, added at the end of the list."""

import re

from .notes import FILLS, HEADING_COLOUR, OddPackage
from .xml import attribute, element, prefix_of, with_attribute

# Programs take some 64 000 styles.
_MOST = 60_000
TEXT, HEAD = "text", "head"


class Styles:
    """xl/styles.xml, and what is added to it."""

    def __init__(self, xml: bytes) -> None:
        if b"<!" in xml:
            raise OddPackage("styles")
        self._xml = xml
        self._prefix = prefix_of(xml, "styleSheet")
        self._xfs = [m[0] for m in self._element("xf").finditer(self._section("cellXfs")[2])]
        self._known = len(self._xfs)
        fills = self._children("fills", "fill")
        self._fills = {kind: len(fills) + place for place, kind in enumerate(FILLS)}
        self._font = len(self._children("fonts", "font"))
        ours = {index for index, fill in enumerate(fills) if _is_ours(fill)}
        # Styles with which an earlier round marked cells.
        self.marks = frozenset(
            index for index, xf in enumerate(self._xfs) if int(attribute(xf, "fillId") or 0) in ours
        )
        self._made: dict[tuple[int, str], int] = {}

    def _element(self, name: str) -> re.Pattern[bytes]:
        return element(self._prefix, name)

    def _section(self, name: str) -> tuple[int, int, bytes]:
        """Where the content of a list begins and ends, and the content. Raises: OddPackage."""
        found = self._element(name).search(self._xml)
        if found is None or found[2] is None:
            raise OddPackage(name)
        return found.start(2), found.end(2), found[2]

    def _children(self, name: str, child: str) -> list[bytes]:
        return [m[0] for m in self._element(child).finditer(self._section(name)[2])]

    def marked(self, style: int, kind: str) -> int:
        """The style as it is, with the fill of a bad or asked cell."""
        return self._like(style, kind, {"fillId": self._fills[kind], "applyFill": 1})

    def cleared(self, style: int) -> int:
        """A style that an earlier round marked, without the mark."""
        return self._like(style, "", {"fillId": 0, "applyFill": None})

    def heading(self, style: int) -> int:
        """The style of the heading over the explanations: like its neighbour, in dark red."""
        return self._like(style, HEAD, {"fontId": self._font, "applyFont": 1})

    def text(self) -> int:
        """The style of an explanation: text."""
        key = (-1, TEXT)
        if key not in self._made:
            made = b"<%sxf" % self._prefix
            made += b' numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"'
            made += b' applyNumberFormat="1" applyAlignment="1">'
            made += b'<%salignment vertical="center"/>' % self._prefix
            self._made[key] = self._append(made + b"</%sxf>" % self._prefix)
        return self._made[key]

    def _like(self, style: int, kind: str, changes: dict[str, object]) -> int:
        key = (style, kind)
        if key not in self._made:
            if not 0 <= style < self._known or len(self._xfs) >= _MOST:
                style = 0
            self._made[key] = self._append(self._changed(self._xfs[style], changes))
        return self._made[key]

    def _changed(self, xf: bytes, changes: dict[str, object]) -> bytes:
        opening = re.match(rb"<[\w.:-]+", xf)
        assert opening is not None
        end = xf.index(b">")
        end -= xf[end - 1 : end] == b"/"
        attributes = xf[opening.end() : end]
        for name, value in changes.items():
            attributes = with_attribute(attributes, name, value)
        return opening[0] + attributes + xf[end:]

    def _append(self, xf: bytes) -> int:
        self._xfs.append(xf)
        return len(self._xfs) - 1

    def xml(self) -> bytes:
        """The part with what was added."""
        p = self._prefix
        fills = b"".join(
            b'<%sfill><%spatternFill patternType="solid"><%sfgColor rgb="%s"/>'
            b'<%sbgColor indexed="64"/></%spatternFill></%sfill>' % (p, p, p, rgb.encode(), p, p, p)
            for rgb in FILLS.values()
        )
        font = b"<%sfont>%s</%sfont>" % (p, self._heading_font(), p)
        added = {"fonts": (1, font), "fills": (len(FILLS), fills)}
        added["cellXfs"] = (
            len(self._xfs) - self._known,
            b"".join(self._xfs[self._known :]),
        )
        xml = self._xml
        for name, (count, content) in added.items():
            xml = self._with_more(xml, name, count, content)
        return xml

    def _heading_font(self) -> bytes:
        """The workbook's own first font, in bold and dark red."""
        p = self._prefix
        first = self._element("font").search(self._section("fonts")[2])
        kept = (first[2] or b"") if first is not None else b""
        for name in ("b", "color"):
            kept = self._element(name).sub(b"", kept)
        return b'<%sb/>%s<%scolor rgb="%s"/>' % (p, kept, p, HEADING_COLOUR.encode())

    def _with_more(self, xml: bytes, name: str, count: int, content: bytes) -> bytes:
        found = self._element(name).search(xml)
        if found is None:
            raise OddPackage(name)
        attributes = found[1] or b""
        known = attribute(attributes, "count")
        if known is not None:
            attributes = with_attribute(attributes, "count", int(known) + count)
        opening = b"<" + self._prefix + name.encode()
        return (
            xml[: found.start()]
            + opening
            + attributes
            + b">"
            + found[2]
            + content
            + xml[found.end(2) :]
        )


def _is_ours(fill: bytes) -> bool:
    colour = re.search(rb"fgColor\s[^<>]*?rgb=[\"']([0-9A-Fa-f]{8})[\"']", fill)
    return colour is not None and colour[1].decode().upper() in FILLS.values()
