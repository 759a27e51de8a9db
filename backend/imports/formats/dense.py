"""calamine's answer for one sheet, as rows: quick, and as large as the rectangle of its cells."""

from collections.abc import Iterator, Mapping, Sequence

from python_calamine import CalamineSheet

from .cells import CellValue, Row, tidy
from .xlsx_dates import DATE, moment

# calamine keeps some 100 bytes for each cell of the rectangle around all cells: 250 MB for 100 000
# rows of 20 columns. Beyond that a sheet is read another way, cell by cell and slower.
DENSE_CELLS = 2_000_000


def dense_rows(
    sheet: CalamineSheet,
    errors: Mapping[int, Mapping[int, str]] | None = None,
    row_numbers: Sequence[int] | None = None,
    column_numbers: Sequence[int] | None = None,
    dates: Mapping[int, Mapping[int, bool]] | None = None,
) -> Iterator[Row]:
    """The rows that are not blank.

    `errors` says, by row and column from 0, what calamine leaves out: error cells are blank to it.
    `dates` says, likewise, which numbers are dates without its knowing, and whether they count from
    1904. `row_numbers` and `column_numbers` tell where a row or column was before it was moved together.
    """
    if sheet.start is None:
        return
    margin: list[CellValue] = [None] * sheet.start[1]
    for index, values in enumerate(sheet.iter_rows()):
        cells = tidy(values)
        if cells and margin:
            cells[:0] = margin
        if column_numbers is not None and cells:
            cells = _spread(cells, column_numbers)
        row = index if row_numbers is None else row_numbers[index]
        if dates and row in dates:
            for column, epoch1904 in dates[row].items():
                number = cells[column] if column < len(cells) else None
                if isinstance(number, int | float) and not isinstance(number, bool):
                    cells[column] = moment(float(number), DATE, epoch1904)
        if errors and row in errors:
            for column, text in errors[row].items():
                if column >= len(cells):
                    cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = text
        if cells:
            yield row + 1, cells


def _spread(cells: list[CellValue], column_numbers: Sequence[int]) -> list[CellValue]:
    wide: list[CellValue] = [None] * (column_numbers[len(cells) - 1] + 1)
    for column, value in zip(column_numbers, cells, strict=False):
        wide[column] = value
    return wide
