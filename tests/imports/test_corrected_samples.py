"""The corrected workbooks of the samples: staff's own, and taken for what they were."""

import json
from pathlib import Path
from zipfile import is_zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

from backend.imports.headers import LOOK_AT_ROWS, find_header
from backend.imports.patching.notes import HEADING, Note, Task
from backend.imports.reading import read_sheet
from backend.imports.sheet import sheet_of
from backend.people.models import User
from tests.access.thinning import sampled
from tests.imports.marking import colours, mark, members
from tests.imports.rounds import corrected, explained, rejected, take_good, upload
from tests.imports.test_doors import FOLDER, GOOD, INDEX

_OUTCOMES = json.loads(Path(__file__).with_name("outcomes.json").read_text())
# Every sample with a row that is not taken.
SAMPLES = sorted(
    name for name, answer in _OUTCOMES.items() if answer["rows"]["reject"] and "bad/" not in name
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sampled(SAMPLES, 4, pytest.mark.slow))
def test_a_sample_comes_back_marked_and_is_taken_for_what_it_was(
    name: str, demo_worker: User, tmp_path: Path
) -> None:
    register = INDEX[name]["register"]
    batch = upload(demo_worker, name, (FOLDER / name).read_bytes(), register)
    take_good(demo_worker, batch)
    path = corrected(demo_worker, batch, tmp_path)
    place, told = explained(path, batch.sheet)
    assert set(told) == rejected(batch)
    if name.endswith(".xlsx") and is_zipfile(FOLDER / name):
        before, after = members(FOLDER / name), members(path)
        (sheet,) = (n for n in before if n.startswith("xl/worksheets/") and before[n] != after[n])
        assert {n for n in before if before[n] != after[n]} == {sheet, "xl/styles.xml"}
    marked = {int("".join(filter(str.isdigit, at))) for at in colours(path, batch.sheet)}
    assert marked <= set(told)
    assert marked
    # Nothing mended: what was taken is unchanged, the explanations are no column of the sheet.
    again = upload(demo_worker, name, path.read_bytes(), register)
    assert (again.create, again.update, again.reject) == (0, 0, batch.reject)
    assert again.unchanged == batch.create + batch.update + batch.unchanged
    assert {p["code"] for p in again.file_problems} == {p["code"] for p in batch.file_problems}
    second = corrected(demo_worker, again, tmp_path)
    # What is said may have changed: the good rows are on the roster by now.
    column, said = explained(second, batch.sheet)
    assert (column, set(said)) == (place, set(told))
    assert colours(second, batch.sheet) == colours(path, batch.sheet)


def content(path: Path, called: str = "") -> tuple[str, dict[int, list[object]]]:
    with read_sheet(path, called=called) as source:
        return source.name, dict(source.rows)


@pytest.mark.once
@pytest.mark.parametrize("name", sampled(GOOD, 4, pytest.mark.slow))
def test_whatever_a_sample_is_made_of_its_content_stays(name: str, tmp_path: Path) -> None:
    """Merged cells, two-row headers, hidden sheets, a used range to the last row, other formats."""
    path = tmp_path / Path(name).name
    path.write_bytes((FOLDER / name).read_bytes())
    sheet, rows = content(path)
    top = list(rows.items())[: LOOK_AT_ROWS + 1]
    header = find_header(top, sheet_of(INDEX[name]["register"]).columns)
    assert header is not None
    last = max(header.columns)
    numbers = [number for number in rows if number > header.last_row][::3]
    out = mark(
        path,
        Task(sheet, header.row, max(i for i, text in enumerate(header.shown) if text)),
        [Note(number, f"第 {number} 行", {last: "bad"}) for number in numbers],
    )
    _, after = content(out)
    head = after.pop(header.row)
    assert head.pop() == HEADING
    told = {}
    for number in numbers:
        told[number] = after[number].pop()
    assert told == {number: f"第 {number} 行" for number in numbers}
    trimmed = {n: trim(cells) for n, cells in after.items()}
    assert trimmed == {n: trim(cells) for n, cells in rows.items() if n != header.row}
    # openpyxl shows no colour of a cell that a merged one covers (合计, merged to its end).
    page = load_workbook(out)[sheet]
    open_ = [n for n in numbers if not isinstance(page.cell(n, last + 1), MergedCell)]
    assert len(colours(out, sheet)) == len(open_) > 0
    if name.endswith(".xlsx") and is_zipfile(path):
        was, now = members(path), members(out)
        assert set(was) == set(now)
        assert len([part for part in was if was[part] != now[part]]) == 2


def trim(cells: list[object]) -> list[object]:
    """Without empty cells at the end: in a whole column of them, a colour stands."""
    while cells and cells[-1] is None:
        cells = cells[:-1]
    return cells
