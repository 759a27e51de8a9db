"""What would hurt: huge ranges, bombs, endless files. The child takes the harm, or there is none."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import xlwt

from backend.imports import reading
from backend.imports.reading import UnreadableFile, read_sheet

from .workbooks import (
    make_ods,
    make_xlsb,
    make_xlsx,
    make_zip,
    ods_text,
    table_rows,
    xlsx_members,
    xml_row,
)

pytestmark = pytest.mark.once

CHILD = Path(reading.__file__).with_name("reader_process.py")
LAST_ROW = 1_048_576


def code_of(path: Path, **asked: int) -> str:
    with pytest.raises(UnreadableFile) as caught, read_sheet(path, **asked) as sheet:
        for _ in sheet.rows:
            pass
    return caught.value.code


def counted(path: Path) -> tuple[int, int, int]:
    """How many rows there are, the number of the last, and how many cells it has."""
    count = number = 0
    cells: list[object] = []
    with read_sheet(path) as sheet:
        for count, (number, cells) in enumerate(sheet.rows, start=1):  # noqa: B007
            pass
    return count, number, len(cells)


@pytest.fixture
def children(monkeypatch) -> list[subprocess.Popen[bytes]]:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(reading.subprocess, "Popen", Recorded)
    return started


def allowed(monkeypatch, memory_bytes: int) -> None:
    """Gives the child this much memory above what it starts with."""
    plain = reading._request
    monkeypatch.setattr(
        reading, "_request", lambda *asked: plain(*asked) | {"memory_bytes": memory_bytes}
    )


def blank_rows(first: int, last: int) -> Iterable[str]:
    for number in range(first, last + 1):
        yield f'<row r="{number}"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'


def far_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "甲")
    sheet.write(5, 3, 7)
    sheet.row(5).set_cell_error(0, "#REF!")
    sheet.write_merge(10, 12, 0, 0, "组")
    sheet.write(11, 2, "乙")
    for column in range(200, 255):
        sheet.write(20, column, column)
    sheet.write(65_535, 255, "尾")
    book.save(str(path))
    return path


def test_reads_the_two_corners_that_abort_calamine(tmp_path):
    corners = [xml_row(1, {"A": "甲"}), xml_row(LAST_ROW, {"XFD": "尾"})]
    path = make_xlsx(tmp_path / "a", corners)
    assert counted(path) == (2, LAST_ROW, 16_384)
    # The control: calamine alone does not survive it.
    script = "import sys, python_calamine as c; "
    script += "c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)"
    alone = subprocess.run([sys.executable, "-c", script, path], stderr=subprocess.DEVNULL)
    assert alone.returncode == -signal.SIGABRT


@pytest.mark.slow
def test_reads_a_good_table_above_a_million_styled_blank_rows(tmp_path):
    def rows(last: Iterable[str]) -> Iterator[str]:
        yield from table_rows(300, "AB")
        yield from blank_rows(301, LAST_ROW - 1)
        yield from last

    styled = make_xlsx(tmp_path / "a", rows(blank_rows(LAST_ROW, LAST_ROW)))
    assert counted(styled) == (300, 300, 2)
    stray_space = make_xlsx(tmp_path / "b", rows([xml_row(LAST_ROW, {"A": " "})]))
    assert counted(stray_space) == (300, 300, 2)
    stray_note = make_xlsx(tmp_path / "c", rows([xml_row(LAST_ROW, {"C": "注"})]))
    assert counted(stray_note) == (301, LAST_ROW, 3)


def test_reads_a_table_with_a_stray_space_in_the_last_column(tmp_path):
    rows = [xml_row(1, {"A": "甲", "XFD": " "}), *list(table_rows(9_000))[1:]]
    assert counted(make_xlsx(tmp_path / "a", rows)) == (9_000, 9_000, 9)


def test_reads_far_cells_of_xls(tmp_path):
    with read_sheet(far_xls(tmp_path / "a")) as sheet:
        rows = dict(sheet.rows)
    assert list(rows) == [1, 6, 11, 12, 21, 65_536]
    assert rows[6] == ["#REF!", None, None, 7]
    assert rows[12] == ["组", None, "乙"]
    assert rows[21] == [None] * 200 + list(range(200, 255))
    assert rows[65_536] == [None] * 255 + ["尾"]


def test_an_xls_that_only_declares_a_huge_range_is_read(tmp_path, monkeypatch):
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "甲")
    book.save(str(tmp_path / "a"))
    content = (tmp_path / "a").read_bytes()
    declared = struct.pack("<HHIIHH", 0x200, 14, 0, 1, 0, 1)
    assert content.count(declared) == 1
    huge = struct.pack("<HHIIHH", 0x200, 14, 0, 65_536, 0, 256)
    (tmp_path / "a").write_bytes(content.replace(declared, huge))
    allowed(monkeypatch, 60 * 2**20)
    assert counted(tmp_path / "a") == (1, 1, 1)


@pytest.mark.slow
def test_repeated_cells_of_ods_are_counted_and_not_built(tmp_path):
    def ods(*rows: str) -> Path:
        body = "".join(rows)
        return make_ods(tmp_path / "a", f'<table:table table:name="表">{body}</table:table>')

    def row(cells: str, times: int = 1) -> str:
        return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'

    blanks = '<table:table-cell table:number-columns-repeated="%d"/>'
    top = row(ods_text("甲") + blanks % 16_383)
    gap = row(blanks % 16_384, LAST_ROW - 2)
    far = row(blanks % 16_383 + ods_text("尾"))
    assert counted(ods(top, gap, far)) == (2, LAST_ROW, 16_384)
    spaces = row(ods_text("  ", number_columns_repeated=16_384), LAST_ROW - 1)
    assert counted(ods(top, spaces)) == (1, 1, 1)
    assert counted(ods(row(ods_text("甲", number_columns_repeated=3), 5))) == (5, 5, 3)
    assert code_of(ods(row(ods_text("甲"), LAST_ROW))) == "file_too_many_rows"
    full = row(ods_text("甲", number_columns_repeated=16_384), LAST_ROW)
    assert code_of(ods(full)) == "file_too_large"


def test_counts_rows_that_are_not_blank_against_the_limit(tmp_path):
    rows = [*table_rows(5), '<row r="6"/>', xml_row(7, {"A": " "}), xml_row(90, {"A": "x"})]
    path = make_xlsx(tmp_path / "a", rows)
    with read_sheet(path, max_rows=6) as sheet:
        assert len(list(sheet.rows)) == 6
    with pytest.raises(UnreadableFile, match="超过 5 行") as caught, read_sheet(path, max_rows=5):
        pass
    assert caught.value.code == "file_too_many_rows"


def test_refuses_zip_bombs_by_what_they_declare_and_by_what_they_are(tmp_path, monkeypatch):
    zeros = xlsx_members(" " * 2**20 for _ in range(40))
    assert code_of(make_zip(tmp_path / "dense", zeros)) == "file_too_large"
    many = xlsx_members(table_rows(1)) | {f"xl/media/{n}": b"" for n in range(6_000)}
    assert code_of(make_zip(tmp_path / "many", many)) == "file_too_large"
    # Says it holds a thousand bytes, and holds more.
    lying = bytearray(make_xlsx(tmp_path / "lying", table_rows(2_000)).read_bytes())
    with zipfile.ZipFile(tmp_path / "lying") as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    while (at := lying.find(struct.pack("<I", size))) >= 0:
        lying[at : at + 4] = struct.pack("<I", 1_000)
    (tmp_path / "lying").write_bytes(lying)
    assert code_of(tmp_path / "lying") == "file_too_large"
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 999)
    assert code_of(make_xlsx(tmp_path / "a", table_rows(99))) == "file_too_large"


@pytest.mark.slow
def test_a_child_that_is_aborted_means_too_large(tmp_path):
    rows = [[]] * 900_000 + [["甲"] + ["x"] * 60]
    # Two cells in far corners: nothing looks an .xlsb over before calamine does.
    assert code_of(make_xlsb(tmp_path / "a", [["甲"] * 61, *rows])) == "file_too_large"


@pytest.mark.slow
def test_the_memory_limit_bites(tmp_path, monkeypatch):
    path = make_xlsx(tmp_path / "a", table_rows(30_000))
    assert counted(path) == (30_000, 30_000, 9)
    allowed(monkeypatch, 10 * 2**20)
    assert code_of(path) == "file_too_large"


def test_waits_for_the_child_no_longer_than_allowed(tmp_path, monkeypatch, children):
    path = make_xlsx(tmp_path / "a", table_rows(30_000))
    monkeypatch.setattr(reading, "MAX_WAIT_SECONDS", 0.01)
    assert code_of(path) == "file_too_large"
    assert children[0].returncode == -signal.SIGKILL


@pytest.mark.slow
def test_the_clock_stands_still_while_the_rows_are_used(tmp_path, monkeypatch):
    path = make_xlsx(tmp_path / "a", table_rows(30_000))
    started = time.monotonic()
    counted(path)
    # For the second reading as well, though the machine has other work by then.
    enough = (time.monotonic() - started) * 4 + 4
    monkeypatch.setattr(reading, "MAX_WAIT_SECONDS", enough)
    with read_sheet(path) as sheet:
        next(sheet.rows)
        time.sleep(enough + 0.2)
        assert sum(1 for _ in sheet.rows) == 29_999


@pytest.mark.slow
def test_leaving_early_ends_the_child(tmp_path, children):
    path = make_xlsx(tmp_path / "a", table_rows(30_000))
    with read_sheet(path) as sheet:
        assert next(sheet.rows)[0] == 1
        assert children[0].poll() is None
    assert children[0].returncode == -signal.SIGKILL
    with pytest.raises(ValueError, match="inside of read_sheet"):
        list(sheet.rows)
    with pytest.raises(KeyError), read_sheet(path):
        raise KeyError
    assert children[1].returncode == -signal.SIGKILL


def test_leaves_neither_processes_nor_open_files(tmp_path):
    path = make_xlsx(tmp_path / "a", table_rows(3))
    counted(path)
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        counted(path)
    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.slow
def test_the_parent_never_holds_the_file(tmp_path):
    path = make_xlsx(tmp_path / "a", table_rows(60_000))
    tracemalloc.start()
    try:
        assert counted(path)[0] == 60_000
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()


def test_what_the_child_sends_can_only_be_values(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    attack = "class Run:\n def __reduce__(self): return os.mkdir, (sys.argv[0] + '.done',)\n"
    send = "frame = pickle.dumps(('sheet', Run()))\n"
    send += "sys.stdout.buffer.write(len(frame).to_bytes(4, 'big') + frame)\n"
    child.write_text(f"import os, pickle, sys\n{attack}{send}")
    monkeypatch.setattr(reading, "_CHILD", child)
    assert code_of(make_xlsx(tmp_path / "a", table_rows(3))) == "file_broken"
    assert not (tmp_path / "child.py.done").exists()


def test_a_reader_that_does_not_start_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_CHILD", tmp_path / "missing.py")
    with (
        pytest.raises(RuntimeError, match="does not start"),
        read_sheet(make_xlsx(tmp_path / "a", table_rows(3))),
    ):
        pass


def test_the_child_knows_neither_django_nor_this_program():
    script = "import json, runpy, sys; runpy.run_path(sys.argv[1], run_name='reader'); "
    script += "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    command = [sys.executable, "-I", "-c", script, str(CHILD)]
    loaded = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert {"imports", "python_calamine"} <= set(loaded)
    assert not {"backend", "django", "openpyxl"} & set(loaded)
