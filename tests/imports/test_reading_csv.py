"""CSV files: encoding, separator and row numbers are found out, not asked for."""

from pathlib import Path
from typing import Any

import pytest

from backend.imports.reading import UnreadableFile, read_sheet

pytestmark = pytest.mark.once

HEADER = ["姓名", "联系电话", "住址", "备注"]
PEOPLE = [
    ["张三", "13912345678", "3号楼, 2单元", "说“好”"],
    ["李四", "0571-8888", "5栋; 一楼", None],
]


def rows_of(path: Path, content: bytes) -> list[tuple[int, list[Any]]]:
    path.write_bytes(content)
    with read_sheet(path) as sheet:
        assert sheet.kind == "csv"
        return list(sheet.rows)


def written(separator: str) -> str:
    lines = [separator.join(f'"{cell or ""}"' for cell in row) for row in [HEADER, *PEOPLE]]
    return "\r\n".join(["签到表" + separator * 3, *lines, "", separator * 3]) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tells_encodings_and_separators_apart(encoding, separator, tmp_path):
    people = [[cell for cell in row if cell] for row in PEOPLE]
    assert rows_of(tmp_path / "a.xlsx", written(separator).encode(encoding)) == [
        (1, ["签到表"]),
        (2, HEADER),
        (3, people[0]),
        (4, people[1]),
    ]


def test_reads_big_endian_utf16(tmp_path):
    content = b"\xfe\xff" + "姓名\t电话\n张三\t1\n".encode("utf-16-be")
    assert rows_of(tmp_path / "a", content) == [(1, ["姓名", "电话"]), (2, ["张三", "1"])]


def test_commas_in_prose_do_not_make_columns_of_a_semicolon_file(tmp_path):
    content = "姓名;备注\n张三;甲,乙,丙\n李四;丁,戊,己\n王五;\n".encode()
    assert rows_of(tmp_path / "a", content)[1:] == [
        (2, ["张三", "甲,乙,丙"]),
        (3, ["李四", "丁,戊,己"]),
        (4, ["王五"]),
    ]


def test_a_line_break_in_quotes_begins_no_row_and_blank_lines_count(tmp_path):
    content = '姓名,住址\n"张三","一行\r\n两行"\n\n  ,\n李四,x\n'.encode()
    assert rows_of(tmp_path / "a", content) == [
        (1, ["姓名", "住址"]),
        (2, ["张三", "一行\r\n两行"]),
        (5, ["李四", "x"]),
    ]


def test_knows_the_tricks_of_excel(tmp_path):
    content = 'sep=;\r\n电话;编号\r\n="13912345678";"=""007"""\r\n'.encode()
    assert rows_of(tmp_path / "a", content) == [
        (1, ["电话", "编号"]),
        (2, ["13912345678", "007"]),
    ]


def test_one_column_is_a_table_too(tmp_path):
    assert rows_of(tmp_path / "a", "姓名\n张三\n".encode("gb18030")) == [
        (1, ["姓名"]),
        (2, ["张三"]),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"\xef\xbb\xbf \r\n,,\r\n", "sheet_blank", id="separators only"),
        pytest.param(("姓名,电话\n" * 99).encode()[:-6], "file_broken", id="cut inside a letter"),
        pytest.param(
            ("张三李四王五赵六\n" * 99).encode() + b"\xff\n", "file_broken", id="one bad byte"
        ),
        pytest.param(
            ('姓名\n"张三\n' + "李四\n" * 99_999).encode(), "file_broken", id="open quote"
        ),
        pytest.param("姓名,\0电话\n".encode(), "file_not_sheet", id="nul"),
        pytest.param(b"\xff\xfe\x00\xd8\x41\x00", "file_not_sheet", id="broken utf-16"),
        pytest.param(bytes(range(1, 256)) * 9, "file_not_sheet", id="control characters"),
        pytest.param("\ue000\ue001,\ue002\n".encode("gb18030"), "file_not_sheet", id="no letters"),
    ],
)
def test_refuses_what_is_no_clean_text(content, code, tmp_path):
    with pytest.raises(UnreadableFile) as caught:
        rows_of(tmp_path / "a.csv", content)
    assert caught.value.code == code
