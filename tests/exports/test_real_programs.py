"""What LibreOffice makes of our workbooks, and what our own reader does: the same cells, the same pages."""

import csv
import io
import random
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backend.core.exporting.kinds import Kind
from backend.core.exporting.shell import LedgerFrame
from backend.core.exporting.writers import Told, write_workbook
from backend.imports.reading import read_sheet

pytestmark = pytest.mark.once
FRAME = LedgerFrame(
    "新河社区签到台账（2026年4月）", "新河社区", "2026年4月", "王工作", "2026-05-02"
)
COLUMNS = (
    Told("姓名"),
    Told("年龄", Kind.NUMBER),
    Told("联系电话", Kind.DIGITS),
    Told("签到时间", Kind.MOMENT),
    Told("签名", Kind.YES_NO),
    Told("备注", Kind.LONG),
)
MOMENT = datetime(2026, 4, 1, 9, 0, 5)
# What a program runs, what XML escapes or drops, what Excel takes for an escape, blanks at the ends.
HARD = [
    "=1+1",
    "@SUM(A1)",
    "-3",
    "'=1",
    'a<b>&"c"',
    "_x000D_",
    "两\n行",
    " 前后 ",
    "0012",
    "长" * 90,
]
ROWS = [
    ("张安然", 66, "13900000001", MOMENT + timedelta(minutes=n), n % 2 == 0, HARD[n % len(HARD)])
    for n in range(90)
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.xlsx"
    with path.open("wb") as target:
        assert write_workbook(target, ROWS, COLUMNS, name="签到记录", frame=FRAME) == len(ROWS)
    return path


def converted(path: Path, form: str) -> Path:
    """The file as LibreOffice saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (apt-get install libreoffice-calc)")
    home = f"-env:UserInstallation=file://{path.parent / 'office'}"
    told = subprocess.run(
        [office, home, "--headless", "--convert-to", form, "--outdir", path.parent, path],
        capture_output=True,
        timeout=240,
        check=False,
    )
    found = path.with_suffix("." + form.partition(":")[0])
    assert found.exists(), told.stderr.decode()
    return found


@pytest.mark.slow
def test_libreoffice_reads_every_cell_as_it_was_written(ledger: Path) -> None:
    text = converted(ledger, "csv:Text - txt - csv (StarCalc):44,34,76,1").read_text("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][0] == FRAME.title
    assert rows[2] == ["序号", *(column.heading for column in COLUMNS)]
    body = rows[3 : 3 + len(ROWS)]
    for number, (cells, row) in enumerate(zip(body, ROWS, strict=True), 1):
        name, age, phone, moment, signed, remark = row
        shown = [str(number), name, str(age), phone, f"{moment:%Y-%m-%d %H:%M}"]
        assert cells == [*shown, "是" if signed else "否", remark]
    assert rows[3 + len(ROWS)][0] == "合计：90 条"
    assert [cell for cell in rows[4 + len(ROWS)] if cell][-1] == "（盖章）"


@pytest.mark.slow
def test_each_printed_page_has_the_heading_and_its_number(ledger: Path) -> None:
    pdf = converted(ledger, "pdf")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("needs pdftotext (apt-get install poppler-utils)")
    text = subprocess.run([reader, "-layout", pdf, "-"], capture_output=True, check=True).stdout
    pages = text.decode().rstrip("\f").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "联系电话" in page
        assert f"第 {number} 页，共 {len(pages)} 页" in page
        # One page wide: the last column stands beside the first.
        assert "备注" in page
    assert FRAME.title in pages[0]
    assert FRAME.title not in pages[1]
    assert "（盖章）" in pages[-1]


def test_our_own_reader_reads_every_cell_as_it_was_written(ledger: Path) -> None:
    with read_sheet(ledger) as sheet:
        rows = dict(sheet.rows)
    for number, row in enumerate(ROWS, 4):
        cells = rows[number]
        assert cells[1] == row[0]
        assert [cells[2], cells[3], cells[4]] == [row[1], row[2], row[3]]
        assert (cells[6] or "") == row[5]


def test_moments_keep_their_second(tmp_path: Path) -> None:
    chance = random.Random(7)
    start = datetime(1950, 1, 1)
    moments = [start + timedelta(seconds=chance.randrange(5 * 10**9)) for _ in range(5_000)]
    path = tmp_path / "moments.xlsx"
    with path.open("wb") as target:
        write_workbook(target, [(m,) for m in moments], [Told("时间", Kind.MOMENT)], name="时间")
    with read_sheet(path) as sheet:
        found = [cells[0] for number, cells in sheet.rows if number > 1]
    # A midnight comes back as a day.
    assert [
        datetime(m.year, m.month, m.day) if not isinstance(m, datetime) else m for m in found
    ] == (moments)


def test_rows_that_wrap_say_how_high_they_are(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with path.open("wb") as target:
        write_workbook(target, ROWS[:10], COLUMNS, name="签到记录")
    from openpyxl import load_workbook

    sheet = load_workbook(path).active
    heights = {number: sheet.row_dimensions[number].height for number in range(2, 12)}
    assert heights[2] is None
    assert heights[8] == 30, "two lines"
    assert heights[11] == 15 * 6, "ninety wide characters in a column of 36"
