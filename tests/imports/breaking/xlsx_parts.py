"""What may stand in the parts of an .xlsx: numbers that are none, ranges without end, bombs."""

import re
from random import Random

from tests.imports.breaking.packages import members, packed

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
STYLES, RELATIONS = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
_PARTS = (SHEET, SHEET, STRINGS, BOOK, STYLES, RELATIONS)


def _with(content: bytes, name: str, xml: bytes, level: int = 6) -> bytes:
    return packed([(n, xml if n == name else part) for n, part in members(content)], level)


def _part(content: bytes, name: str) -> bytes:
    return dict(members(content))[name]


def _replaced(content: bytes, name: str, pattern: bytes, new: bytes, chance: Random) -> bytes:
    """One match of the pattern, or all of them, replaced."""
    xml = _part(content, name)
    found = list(re.finditer(pattern, xml))
    if not found:
        return _with(content, name, xml.replace(b"<sheetData>", b"<sheetData>" + new, 1))
    if chance.random() < 0.3:
        return _with(content, name, re.sub(pattern, lambda _: new, xml))
    one = chance.choice(found)
    return _with(content, name, xml[: one.start()] + new + xml[one.end() :])


def xml_bytes_flipped(content: bytes, chance: Random) -> bytes:
    name = chance.choice(_PARTS)
    xml = bytearray(_part(content, name))
    for _ in range(chance.choice((1, 5, 40))):
        xml[chance.randrange(len(xml))] ^= chance.randrange(1, 256)
    return _with(content, name, bytes(xml))


def a_tag_lost(content: bytes, chance: Random) -> bytes:
    return _replaced(content, chance.choice(_PARTS), rb"</?[\w:]+[^>]*>", b"", chance)


def an_attribute_changed(content: bytes, chance: Random) -> bytes:
    value = chance.choice(
        (b"", b"-1", b"0", b"x", b"99999999999999999999", b"1e999", b"NaN", "甲".encode(), b"&#0;")
    )
    return _replaced(content, chance.choice(_PARTS), rb'(?<==")[^"]*(?=")', value, chance)


def absurd_rows(content: bytes, chance: Random) -> bytes:
    number = chance.choice((b"0", b"-5", b"1048577", b"4294967296", b"9" * 30, b"1.5", b"1"))
    return _replaced(content, SHEET, rb'<row r="\d+"', b'<row r="%s"' % number, chance)


def absurd_columns(content: bytes, chance: Random) -> bytes:
    place = chance.choice((b"XFE1", b"ZZZZ5", b"5", b"A", b"A-1", b"AA0", b"A1:B2", b"XFD1048576"))
    return _replaced(content, SHEET, rb'<c r="[A-Z]+\d+"', b'<c r="%s"' % place, chance)


def absurd_values(content: bytes, chance: Random) -> bytes:
    value = chance.choice(
        (b"-1", b"99999999", b"1e400", b"NaN", b"inf", b"x", b"1e308", b"-0", b"9" * 400, b"1_0")
    )
    return _replaced(content, SHEET, rb"<v>\d+</v>", b"<v>%s</v>" % value, chance)


def absurd_types(content: bytes, chance: Random) -> bytes:
    kind = chance.choice((b"d", b"e", b"b", b"n", b"str", b"inlineStr", b"zz", b""))
    return _replaced(content, SHEET, rb't="s"', b't="%s"' % kind, chance)


def strange_characters(content: bytes, chance: Random) -> bytes:
    """Half characters, NULs and their like, as Excel escapes them."""
    text = chance.choice(
        (b"_xD800_", b"_x0000_", b"_xFFFF_", b"_xDC00__xD800_", b"&#xFFFE;", b"_x001F_")
    )
    name = chance.choice((STRINGS, BOOK))
    pattern = (
        rb"(?<=<t xml:space=\"preserve\">)"
        if name == STRINGS
        else rb'(?<=name=")(?=[^"]*" sheetId)'
    )
    return _replaced(content, name, pattern, text, chance)


def deep_xml(content: bytes, chance: Random) -> bytes:
    name = chance.choice(_PARTS)
    xml = _part(content, name)
    at = xml.rfind(b"</")
    deep = chance.choice((1_000, 100_000, 3_000_000))
    return _with(content, name, xml[:at] + b"<x>" * deep + b"</x>" * deep + xml[at:])


def an_entity_bomb(content: bytes, chance: Random) -> bytes:
    name = chance.choice(_PARTS)
    grown = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    bomb = chance.choice(
        (
            b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">%s]>' % grown,
            b'<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>',
            b'<!DOCTYPE x [<!ENTITY a9 "%s">]>' % (b"a" * 2**20),
            b'<!doctype x [<!ENTITY a9 "&a9;">]>',
        )
    )
    xml = _part(content, name)
    head, mark, rest = xml.partition(b"?>") if xml.startswith(b"<?") else (b"", b"", xml)
    return _with(content, name, head + mark + bomb + rest.replace(b"</", b"&a9;</", 50))


def another_encoding(content: bytes, chance: Random) -> bytes:
    name = chance.choice(_PARTS)
    text = _part(content, name).decode().replace('encoding="UTF-8"', "")
    encoding = chance.choice(("utf-16", "utf-16-le", "gb18030", "utf-7", "utf-8-sig"))
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if chance.random() < 0.5 else ""
    text = declared + re.sub(r"<\?xml[^>]*>", "", text)
    return _with(content, name, text.encode(encoding))


def huge_merges(content: bytes, chance: Random) -> bytes:
    """Merged ranges over everything, over one another, the wrong way round."""
    refs = chance.choice(
        (
            ["A1:XFD1048576"] * 1_000,
            [f"A{n}:XFD1048576" for n in range(1, 60_000)],
            [f"{chr(65 + n % 26)}{1 + n % 99}:Z{1 + n * 7 % 99}" for n in range(5_000)],
            ["C9:A1", "A0:B0", "A1", "A1:A1:A1", "ZZZZ1:A9", "A1:A99999999999"],
            [f"A{1 + n}:A{2 + n}" for n in range(200_000)],
        )
    )
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs).encode()
    xml = re.sub(rb"<mergeCells.*</mergeCells>", b"", _part(content, SHEET))
    merges = b"<mergeCells>" + merges + b"</mergeCells>"
    return _with(content, SHEET, xml.replace(b"</sheetData>", b"</sheetData>" + merges))


def huge_strings(content: bytes, chance: Random) -> bytes:
    length = chance.choice((40_000, 2 * 2**20, 20 * 2**20))
    name, pattern = chance.choice(
        ((STRINGS, rb"(?<=preserve\">)"), (SHEET, rb"(?<=<v>)"), (BOOK, rb"(?<=<sheet )"))
    )
    return _replaced(content, name, pattern, b"1" * length, chance)


def _rows(count: int, cell: bytes, first: int = 60) -> bytes:
    return b"".join(b'<row r="%d">%s</row>' % (n, cell) for n in range(first, first + count))


def packed_tight(content: bytes, chance: Random) -> bytes:
    """Fifty to one and beyond: rows without end, blanks, white space, comments."""
    filling = chance.choice(
        (
            lambda: _rows(400_000, b'<c t="inlineStr"><is><t>\xe7\x94\xb2</t></is></c>'),
            lambda: _rows(900_000, b'<c s="1"/><c s="1"/>'),
            lambda: _rows(9_000, b'<c t="inlineStr"><is><t> </t></is></c>' * 300),
            lambda: _rows(30, b"<c><v>1</v></c>" * 16_384),
            lambda: b" " * (60 * 2**20),
            lambda: b"<!--" + b"x" * (9 * 2**20) + b"-->",
            lambda: b"<x/>" * 2_000_000,
        )
    )
    xml = _part(content, SHEET).replace(b"</sheetData>", filling() + b"</sheetData>")
    return _with(content, SHEET, xml, level=1)


def millions_of_strings(content: bytes, chance: Random) -> bytes:
    item = chance.choice(
        (b"<si><t>%d</t></si>", b"<si/>", b"<si><r><t>%d</t></r><r><t>x</t></r></si>")
    )
    count = chance.choice((300_000, 2_000_000))
    more = b"".join(item % n if b"%" in item else item for n in range(count))
    xml = _part(content, STRINGS)
    if chance.random() < 0.5:
        # And the last of them is asked for.
        content = _replaced(content, SHEET, rb"<v>\d+</v>", b"<v>%d</v>" % (count - 1), chance)
    return _with(content, STRINGS, xml.replace(b"</sst>", more + b"</sst>"), level=1)


def millions_of_styles(content: bytes, chance: Random) -> bytes:
    xml = _part(content, STYLES)
    count = chance.choice((70_000, 1_500_000))
    return _with(content, STYLES, xml.replace(b"</cellXfs>", b"<xf/>" * count + b"</cellXfs>"), 1)


def millions_of_errors(content: bytes, chance: Random) -> bytes:
    row = b'<c t="e"><v>#REF!</v></c>' * chance.choice((1, 200))
    xml = _part(content, SHEET)
    return _with(
        content, SHEET, xml.replace(b"</sheetData>", _rows(9_000, row) + b"</sheetData>"), 1
    )


def many_sheets(content: bytes, chance: Random) -> bytes:
    """A thousand sheets, which are all the same member."""
    count = chance.choice((50, 1_000))
    xml = _part(content, BOOK)
    found = re.search(rb'<sheet [^>]*r:id="(\w+)"[^>]*/>', xml)
    assert found
    more = b"".join(
        b'<sheet name="x%d" sheetId="%d" r:id="%s"/>' % (n, n + 9, found[1]) for n in range(count)
    )
    return _with(content, BOOK, xml.replace(b"</sheets>", more + b"</sheets>"))


def bogus_relations(content: bytes, chance: Random) -> bytes:
    target = chance.choice(
        (
            b"../../../../etc/passwd",
            b"http://127.0.0.1/x.xml",
            b"sharedStrings.xml",
            b"",
            b"/",
            b"x" * 70_000,
        )
    )
    return _replaced(content, RELATIONS, rb'(?<=Target=")[^"]*(?=")', target, chance)


WAYS = (
    xml_bytes_flipped,
    absurd_rows,
    a_tag_lost,
    absurd_columns,
    an_attribute_changed,
    absurd_values,
    deep_xml,
    absurd_types,
    an_entity_bomb,
    strange_characters,
    another_encoding,
    huge_merges,
    huge_strings,
    packed_tight,
    millions_of_strings,
    millions_of_styles,
    millions_of_errors,
    many_sheets,
    bogus_relations,
)
