"""Files that are not read: each says what it is, and what to do, and nothing of what is in it."""

import io
import logging
import random
import struct
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlwt

from backend.imports import reading
from backend.imports.reading import UnreadableFile, read_sheet

from .workbooks import (
    make_compound,
    make_ods,
    make_xlsx,
    make_zip,
    ods_text,
    table_rows,
    xlsx_members,
    xml_row,
)

pytestmark = pytest.mark.once

SECRET = "13812345678"


def refusal(path: Path, **asked: object) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught, read_sheet(path, **asked) as sheet:
        list(sheet.rows)
    assert caught.value.level == "error"
    assert SECRET not in caught.value.message
    return caught.value


def plain_xlsx(path: Path) -> Path:
    return make_xlsx(path, [xml_row(1, {"A": SECRET})])


def plain_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, SECRET)
    book.save(str(path))
    return path


def encrypted_xlsx(path: Path) -> None:
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append([SECRET])
    book.save(plain)
    with path.open("wb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("口令", file)


def handmade_encrypted_xlsx(path: Path) -> None:
    make_compound(path, {"EncryptionInfo": bytes(64), "EncryptedPackage": bytes(9_000)})


def encrypted_xls(path: Path) -> None:
    # The record of who wrote the file (0x5C) turned into the one that says "encrypted" (0x2F).
    content = plain_xls(path).read_bytes()
    assert content.count(b"\x5c\x00\x70\x00") == 1
    path.write_bytes(content.replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"))


def encrypted_ods(path: Path) -> None:
    make_ods(path, "", manifest="<m:manifest><m:encryption-data/></m:manifest>")


def encrypted_ods_package(path: Path) -> None:
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    make_zip(path, {"mimetype": mimetype, "encrypted-package": b"x" * 99})


def encrypted_zip(path: Path) -> None:
    content = bytearray(plain_xlsx(path).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 1)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "make",
    [
        encrypted_xlsx,
        handmade_encrypted_xlsx,
        encrypted_xls,
        encrypted_ods,
        encrypted_ods_package,
        encrypted_zip,
    ],
)
def test_refuses_a_file_with_a_password_whatever_it_is_called(make, tmp_path):
    for name in ("a.xlsx", "a.xls", "a.csv"):
        make(tmp_path / name)
        told = refusal(tmp_path / name)
        assert told.code == "file_password"
        assert "去掉密码，另存为 .xlsx" in told.message


HTML = f"<html><body><table><tr><td>{SECRET}</td></tr></table></body></html>"
MHTML = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"


@pytest.mark.parametrize(
    "content",
    [
        HTML.encode(),
        ("\r\n  " + HTML.upper()).encode("utf-8-sig"),
        HTML.replace("body", "BODY").encode("utf-16"),
        f'<meta charset="gbk"><table><tr><td>姓名{SECRET}</td></tr></table>'.encode("gb18030"),
        MHTML.encode(),
        ("From: x\r\n" + MHTML).encode(),
    ],
)
def test_refuses_a_web_page_called_xls(content, tmp_path):
    (tmp_path / "a.xls").write_bytes(content)
    told = refusal(tmp_path / "a.xls")
    assert told.code == "file_is_html"
    assert told.message == "这个文件其实是网页格式，请用 WPS 或 Excel 另存为 .xlsx 后再上传"


def noise(length: int) -> bytes:
    return random.Random(7).randbytes(length)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + noise(9_000),
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise(9_000),
        b"\x89PNG\r\n\x1a\n" + noise(9_000),
        b"{\\rtf1\\ansi 13812345678}",
        b"Rar!\x1a\x07\x01\x00" + noise(500),
        # A BIFF file older than 1995, without a container.
        b"\x09\x08\x08\x00\x00\x05\x10\x00" + noise(500),
        noise(100),
        noise(100_000),
        # High bytes only: each pair is a letter to GB18030, most of them to nobody else.
        bytes(byte | 0x80 for byte in noise(5_000)),
    ],
)
def test_refuses_binary_files_and_never_takes_them_for_text(content, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    assert refusal(tmp_path / "a.csv").code == "file_not_sheet"


def test_refuses_documents_of_the_same_family(tmp_path):
    make_zip(tmp_path / "a.xlsx", {"word/document.xml": "<w/>"})
    mimetype = "application/vnd.oasis.opendocument.text"
    make_zip(tmp_path / "a.ods", {"mimetype": mimetype, "content.xml": "<x/>"})
    make_compound(tmp_path / "a.xls", {"WordDocument": b"x"})
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    for name in ("a.xlsx", "a.ods", "a.xls", "a.zip"):
        assert refusal(tmp_path / name).code == "file_not_sheet"


def test_refuses_an_empty_file_and_a_blank_workbook(tmp_path):
    (tmp_path / "a.xlsx").touch()
    assert refusal(tmp_path / "a.xlsx").code == "file_empty"
    blank_ods = (
        '<table:table table:name="表"><table:table-row><table:table-cell/></table:table-row>'
    )
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "  ")
    book.save(str(tmp_path / "a.xls"))
    for path in (
        make_xlsx(tmp_path / "a", [xml_row(1, {"A": "  "}), '<row r="2"><c r="A2" s="0"/></row>']),
        make_xlsx(tmp_path / "b", []),
        make_ods(tmp_path / "c", blank_ods + "</table:table>"),
        tmp_path / "a.xls",
    ):
        assert refusal(path).code == "sheet_blank"


def test_a_file_that_is_gone_is_not_called_broken(tmp_path, monkeypatch):
    """Whoever was quicker let go of it, before it was opened or in the midst."""
    path = plain_xlsx(tmp_path / "a")
    child = reading._Child

    def too_late(*asked: object) -> object:
        path.unlink()
        return child(*asked)

    monkeypatch.setattr(reading, "_Child", too_late)
    assert refusal(path).code == "upload_gone"
    assert refusal(path).code == "upload_gone", "it was gone before"
    path.write_bytes(b"PK\x03\x04")
    monkeypatch.setattr(reading, "_Child", child)
    assert refusal(path).code == "file_broken", "the control: what is there and broken"


@pytest.mark.parametrize("make", [plain_xlsx, plain_xls])
def test_refuses_a_file_that_is_cut_off(make, tmp_path):
    content = make(tmp_path / "a").read_bytes()
    for part in (3, 2):
        (tmp_path / "b").write_bytes(content[: len(content) * (part - 1) // part])
        assert refusal(tmp_path / "b").code == "file_broken"


def test_refuses_damaged_files(tmp_path):
    content = bytearray(make_xlsx(tmp_path / "a", table_rows(500)).read_bytes())
    with zipfile.ZipFile(tmp_path / "a") as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[at + 2_000] ^= 0xFF
    (tmp_path / "a").write_bytes(content)
    assert refusal(tmp_path / "a").code == "file_broken"
    assert refusal(make_xlsx(tmp_path / "b", ["<row><c><v>1</v></row>"])).code == "file_broken"
    no_sheet = {"xl/workbook.xml": "<workbook", "xl/_rels/workbook.xml.rels": "<r/>"}
    assert refusal(make_zip(tmp_path / "c", no_sheet)).code == "file_broken"
    two = make_xlsx(tmp_path / "d", table_rows(1))
    with zipfile.ZipFile(two, "a") as archive:
        archive.writestr("xl/Worksheets/sheet1.xml", "<x/>")
    assert refusal(two).code == "file_broken"
    circle = bytearray(plain_xls(tmp_path / "e").read_bytes())
    fat = (struct.unpack_from("<I", circle, 76)[0] + 1) * 512
    # Every sector is followed by the first.
    circle[fat : fat + 512] = bytes(512)
    (tmp_path / "e").write_bytes(circle)
    assert refusal(tmp_path / "e").code == "file_broken"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


def test_entity_bombs_are_harmless(tmp_path):
    members = xlsx_members([xml_row(1, {"A": "x"})], "<si><t>x</t></si>")
    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"):
        bomb = {**members, "xl/worksheets/sheet1.xml": "".join(members["xl/worksheets/sheet1.xml"])}
        members["xl/worksheets/sheet1.xml"] = [bomb["xl/worksheets/sheet1.xml"]]
        bomb[name] = f'<?xml version="1.0"?>{BOMB}]>' + bomb[name].replace(">x<", ">&j;<")
        assert refusal(make_zip(tmp_path / "a", bomb)).code == "file_broken"
    cell = f"<table:table-row>{ods_text('x')}</table:table-row></table:table>"
    ods = make_ods(tmp_path / "b", '<table:table table:name="表">' + cell)
    with zipfile.ZipFile(ods) as archive:
        content = archive.read("content.xml").decode()
    bomb = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    bomb["content.xml"] = content.replace("?>", f"?>{BOMB}]>", 1).replace(">x<", ">&j;<")
    assert refusal(make_zip(tmp_path / "b", bomb)).code == "file_broken"


def test_tells_nobody_what_was_in_the_file(tmp_path, caplog):
    caplog.set_level(logging.DEBUG, logger=reading.__name__)
    rows = [f'<row r="1"><c r="A1" t="n"><v>{SECRET}x</v></c></row>']
    told = refusal(make_xlsx(tmp_path / "a", rows))
    assert told.code == "file_broken"
    assert "file_broken" in caplog.text
    assert SECRET not in caplog.text + repr(told) + repr(told.__cause__)
