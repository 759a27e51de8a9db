"""Spreadsheet files made by hand, for what no library would write."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"

Members = Mapping[str, str | bytes | Iterable[str]]


def make_zip(path: Path, members: Members) -> Path:
    """A zip file; a member given in pieces is never held whole."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if isinstance(content, str | bytes):
                archive.writestr(name, content)
                continue
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in content:
                    member.write(piece.encode())
    return path


def xlsx_members(rows: Iterable[str], strings: str = "", book: str = "xml") -> dict[str, object]:
    """The members of a workbook of one sheet 表, its rows given as XML."""
    relation = f'<Relationship Id="r1" Type="{_REL}/%s" Target="%s"/>'
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">%s</Relationships>'

    def sheet() -> Iterable[str]:
        yield f'<worksheet xmlns="{_MAIN}"><sheetData>'
        yield from rows
        yield "</sheetData></worksheet>"

    members: dict[str, object] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relations % (relation % ("officeDocument", f"xl/workbook.{book}")),
        f"xl/_rels/workbook.{book}.rels": relations
        % (relation % ("worksheet", f"worksheets/sheet1.{book}")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet(),
    }
    if strings:
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{strings}</sst>'
    return members


def make_xlsx(path: Path, rows: Iterable[str], strings: str = "") -> Path:
    """A workbook of one sheet 表, its rows given as XML."""
    return make_zip(path, xlsx_members(rows, strings))


def xml_row(number: int, cells: Mapping[str, str]) -> str:
    """A row of text cells by column letters."""
    return (
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is>'
            "</c>"
            for column, text in cells.items()
        )
        + "</row>"
    )


def table_rows(count: int, columns: str = "ABCDEFGHI") -> Iterable[str]:
    """The XML of a plain table."""
    for number in range(1, count + 1):
        yield xml_row(number, {column: f"{column}-{number}" for column in columns})


def make_ods(path: Path, tables: str, styles: str = "", **members: str) -> Path:
    """An .ods file, its tables given as XML."""
    names = "".join(
        f' xmlns:{prefix}="{_ODF}:{prefix}:1.0"'
        for prefix in ("office", "text", "table", "style", "calcext", "draw", "dc")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return make_zip(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": members.get("manifest", "<manifest:manifest/>"),
            "content.xml": content,
        },
    )


def ods_text(text: str, **attributes: int) -> str:
    """A text cell; attributes as number_rows_spanned=3."""
    extra = "".join(f' table:{k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return (
        f'<table:table-cell office:value-type="string"{extra}><text:p>{escape(text)}</text:p>'
        "</table:table-cell>"
    )


def make_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """An OLE2 compound file with the given streams."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    # At least the size from which streams lie in ordinary sectors.
    contents = [content.ljust(4096, b"\0") for content in streams.values()]
    counts = [-(-len(content) // size) for content in contents]
    directory_sectors = -(-(len(streams) + 1) // 4)
    fat = [0xFFFFFFFD]
    for sectors in (directory_sectors, *counts):
        fat.extend([*range(len(fat) + 1, len(fat) + sectors), end])
    assert len(fat) <= size // 4
    fat += [free] * (size // 4 - len(fat))

    def entry(name: str, kind: int, start: int, length: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        head = struct.pack("<64sHBB3I36x", text, len(text), kind, 1, free, free, free)
        return head + struct.pack("<IQ", start, length)

    entries = [entry("Root Entry", 5, end, 0)]
    start = 1 + directory_sectors
    for name, content, sectors in zip(streams, contents, counts, strict=True):
        entries.append(entry(name, 2, start, len(content)))
        start += sectors
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    body = struct.pack("<128I", *fat) + b"".join(entries).ljust(directory_sectors * size, b"\0")
    for content, sectors in zip(contents, counts, strict=True):
        body += content.ljust(sectors * size, b"\0")
    path.write_bytes(header + body)
    return path


def make_xlsb(path: Path, rows: Iterable[Iterable[float | str]]) -> Path:
    """A binary workbook of one sheet 表."""

    def record(kind: int, data: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(data)]) + data

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    # Grows in place: with plain bytes a million rows would be copied a million times.
    sheet = bytearray(record(129) + record(148, struct.pack("<4I", 0, 9, 0, 9)) + record(145))
    for row_number, cells in enumerate(rows):
        sheet += record(0, struct.pack("<I", row_number) + bytes(13))
        for column, value in enumerate(cells):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += record(6, place + text(value))
            else:
                sheet += record(5, place + struct.pack("<d", value))
    members = xlsx_members((), book="bin")
    del members["xl/workbook.xml"], members["xl/worksheets/sheet1.xml"]
    bundle = record(156, struct.pack("<II", 0, 1) + text("r1") + text("表"))
    members["xl/workbook.bin"] = record(131) + record(143) + bundle + record(144) + record(132)
    members["xl/worksheets/sheet1.bin"] = bytes(sheet) + record(146) + record(130)
    return make_zip(path, members)
