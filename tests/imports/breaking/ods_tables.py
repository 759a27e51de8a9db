"""What may stand in an .ods: repeats of a milliard, tables in tables, bombs."""

import re
from random import Random

from tests.imports.breaking.packages import members, packed

CONTENT = "content.xml"


def _xml(content: bytes) -> bytes:
    return dict(members(content))[CONTENT]


def _with(content: bytes, xml: bytes) -> bytes:
    return packed([(n, xml if n == CONTENT else part) for n, part in members(content)], 1)


def _once(xml: bytes, pattern: bytes, new: bytes, chance: Random) -> bytes:
    found = list(re.finditer(pattern, xml))
    if not found:
        return xml
    one = chance.choice(found)
    return xml[: one.start()] + new + xml[one.end() :]


def _count(chance: Random) -> bytes:
    return chance.choice((b"0", b"-1", b"x", b"1000000000", b"1048576", b"9" * 25, b"1e9", b""))


def rows_repeated(content: bytes, chance: Random) -> bytes:
    new = b'<table:table-row table:number-rows-repeated="%s"' % _count(chance)
    return _with(content, _once(_xml(content), rb"<table:table-row", new, chance))


def cells_repeated(content: bytes, chance: Random) -> bytes:
    new = b'<table:table-cell table:number-columns-repeated="%s"' % _count(chance)
    xml = _once(_xml(content), rb"<table:table-cell", new, chance)
    if chance.random() < 0.5:
        new = b'<table:table-row table:number-rows-repeated="%s"' % _count(chance)
        xml = _once(xml, rb"<table:table-row", new, chance)
    return _with(content, xml)


def cells_spanned(content: bytes, chance: Random) -> bytes:
    new = b'<table:table-cell table:number-rows-spanned="%s"' % _count(chance)
    xml = re.sub(rb' table:number-(rows|columns)-spanned="\d+"', b"", _xml(content))
    for _ in range(chance.choice((1, 30))):
        xml = _once(xml, rb"<table:table-cell(?= )", new, chance)
    return _with(content, xml)


def spaces_repeated(content: bytes, chance: Random) -> bytes:
    new = b'<text:p><text:s text:c="%s"/>' % _count(chance)
    return _with(content, _once(_xml(content), rb"<text:p>", new, chance))


def tables_in_tables(content: bytes, chance: Random) -> bytes:
    xml, deep = _xml(content), chance.choice((2, 500, 50_000))
    inner = b'<table:table table:name="x"><table:table-row><table:table-cell>' * deep
    inner += b"</table:table-cell></table:table-row></table:table>" * deep
    return _with(content, _once(xml, rb"<text:p>", inner + b"<text:p>", chance))


def deep_xml(content: bytes, chance: Random) -> bytes:
    deep = chance.choice((1_000, 2_000_000))
    new = b"<text:span>" * deep + b"</text:span>" * deep
    return _with(content, _once(_xml(content), rb"(?<=<text:p>)", new, chance))


def an_entity_bomb(content: bytes, chance: Random) -> bytes:
    grown = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    xml = re.sub(rb"^<\?xml[^>]*>", b"", _xml(content)).replace(b"</text:p>", b"&a9;</text:p>", 9)
    return _with(content, b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">%s]>' % grown + xml)


def xml_bytes_flipped(content: bytes, chance: Random) -> bytes:
    xml = bytearray(_xml(content))
    for _ in range(chance.choice((1, 5, 40))):
        xml[chance.randrange(len(xml))] ^= chance.randrange(1, 256)
    return _with(content, bytes(xml))


def absurd_values(content: bytes, chance: Random) -> bytes:
    value = chance.choice(
        (b"x", b"1e999", b"NaN", b"PT99999999999H", b"9999-99-99", b"-1", b"\xff")
    )
    kind = chance.choice((b"float", b"date", b"time", b"boolean", b"currency", b"zz"))
    new = b'office:value-type="%s" office:value="%s" office:date-value="%s" office:time-value="%s"' % (
        kind, value, value, value
    )  # fmt: skip
    pattern = rb'office:value-type="\w+"( office:value="[^"]*")?'
    return _with(content, _once(_xml(content), pattern, new, chance))


def packed_tight(content: bytes, chance: Random) -> bytes:
    cell = "<table:table-cell><text:p>甲</text:p></table:table-cell>".encode()
    filling = chance.choice(
        (
            lambda: b"<table:table-row>%s</table:table-row>" % (cell * 9) * 120_000,
            lambda: b"<table:table-row>%s</table:table-row>" % (cell * 20_000) * 30,
            lambda: b" " * (40 * 2**20),
            lambda: b"<table:table-row/>" * 1_200_000,
        )
    )
    return _with(content, _xml(content).replace(b"</table:table>", filling() + b"</table:table>"))


WAYS = (
    rows_repeated,
    cells_repeated,
    xml_bytes_flipped,
    cells_spanned,
    absurd_values,
    tables_in_tables,
    spaces_repeated,
    deep_xml,
    an_entity_bomb,
    packed_tight,
)
