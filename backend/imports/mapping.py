"""A file as staff see it when they say what its columns are: first rows, headings, what was taken.

The file is read once more, by the same child process as ever; of personal cells only the shape is
shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from backend.imports.actions import directions_of
from backend.imports.assigning import Match, Source, assign
from backend.imports.blocks import Block, block_at, without_header
from backend.imports.choices import BatchStatus
from backend.imports.columns import Column
from backend.imports.directions import IGNORED, KEPT, Directions
from backend.imports.examples import Row, examples_of, shown_row
from backend.imports.headers import EXPLANATION, ROWS_NEEDED, Header, find_header
from backend.imports.models import ImportBatch
from backend.imports.profiles import recalled_by
from backend.imports.reading import UnknownSheet, UnreadableFile, read_sheet
from backend.imports.sheet import Sheet, sheet_of
from backend.imports.shown_only import known_columns

# What staff can mend by a word, and without another file.
MENDABLE = frozenset(
    ("header_missing", "column_missing", "column_twice", "several_sheets", "sheet_unknown")
    + ("sheet_without_rows", "sheet_blank", "event_missing", "event_unclear")
)
# What deserves a look before the preview.
TO_BE_LOOKED_AT = MENDABLE | {"column_guessed", "column_unknown"}
ROWS_SHOWN = 12
SHEETS_SHOWN = 12
ROWS_COUNTED = 2_000


@dataclass(frozen=True)
class ShownColumn:
    """One column of the file: its heading, masked examples, and what it was taken for."""

    index: int
    heading: str
    examples: list[str]
    # An attribute, IGNORED or KEPT: what is chosen when the page opens.
    use: str
    # An attribute or KEPT: what it is read as now; None for nothing.
    attribute: str | None
    label: str
    confidence: float
    reason: str
    source: str
    # The heading of what it may be, where it was not taken.
    proposal: str = ""
    # Known and never read (序号): there is nothing to choose.
    ignored: bool = False

    @property
    def off(self) -> bool:
        """True for a column that nobody can choose."""
        return self.source == Source.OFF

    @property
    def sure(self) -> str:
        """The confidence as a word: sure, likely, perhaps, unknown, off."""
        if self.off:
            return "off"
        if self.source in (Source.STAFF, Source.PROFILE, Source.NAME):
            return "sure"
        if self.source == Source.GUESS:
            return "likely"
        return "perhaps" if self.proposal else "unknown"


@dataclass(frozen=True)
class ShownSheet:
    """One sheet of a workbook: its name, how many rows hold anything, its headings if known."""

    name: str
    rows: int
    headings: list[str]

    @property
    def more(self) -> bool:
        """True if it was not counted to its end."""
        return self.rows >= ROWS_COUNTED


@dataclass
class Mapping:
    """What the mapping page shows; `sheets` alone where a sheet is to be chosen first."""

    sheet: str = ""
    header_row: int | None = None
    last_header_row: int | None = None
    rows: list[Row] = field(default_factory=list)
    columns: list[ShownColumn] = field(default_factory=list)
    sheets: list[ShownSheet] = field(default_factory=list)
    other_sheets: tuple[str, ...] = ()


def can_be_directed(batch: ImportBatch) -> bool:
    """Whether staff may still say what the file's columns are."""
    if not batch.upload:
        return False
    if batch.status == BatchStatus.PLANNED:
        return True
    return batch.status == BatchStatus.REFUSED and bool(_codes(batch) & MENDABLE)


def should_be_looked_at(batch: ImportBatch) -> bool:
    """Whether the columns come before the preview: something was guessed, unknown, or missing."""
    return can_be_directed(batch) and bool(_codes(batch) & TO_BE_LOOKED_AT)


def _codes(batch: ImportBatch) -> set[str]:
    return {problem["code"] for problem in batch.file_problems}


def mapping_of(batch: ImportBatch, *, header_row: int | None = None) -> Mapping:
    """The file's first rows and columns, as directed; or by another header row, to try it.

    Raises: UnreadableFile.
    """
    sheet = sheet_of(batch.register)
    directions = directions_of(batch)
    if header_row is not None and header_row != directions.header_row:
        directions = Directions(sheet=directions.sheet, header_row=header_row)
    path = Path(batch.upload.path)
    needed = max(ROWS_NEEDED, directions.header_row or 0)
    try:
        with read_sheet(path, sheet=directions.sheet or None, called=batch.file_name) as source:
            top = list(islice(source.rows, needed))
            shown = _mapping(batch, sheet, directions, top)
            shown.sheet, shown.other_sheets = source.name, source.skipped_sheets
            return shown
    except UnreadableFile as unreadable:
        if unreadable.code != "several_sheets":
            raise
        return Mapping(sheets=list(_sheets(batch, sheet, unreadable.names)))
    except UnknownSheet as unknown:
        return Mapping(sheets=list(_sheets(batch, sheet, unknown.names)))


def _mapping(
    batch: ImportBatch, sheet: Sheet, directions: Directions, top: list[tuple[int, list[Any]]]
) -> Mapping:
    known = known_columns(sheet, batch.community)
    columns = [*known, EXPLANATION]
    header = find_header(top, known, directions, recalled_by(batch.community, sheet))
    if header is None:
        block = _likeliest(top, columns)
        matches = assign(block, columns, top, said={}, remembered={})
        header = Header(block.row, block.last_row, block.shown, matches=matches)
    last = header.last_row
    return Mapping(
        header_row=header.row,
        last_header_row=last,
        rows=[
            shown_row(
                number,
                cells,
                columns,
                heading=header.row <= number <= last,
                above=number < header.row,
            )
            for number, cells in _around(top, header)
        ],
        columns=_columns(header, sheet, top),
    )


def _around(top: Sequence[tuple[int, list[Any]]], header: Header) -> list[tuple[int, list[Any]]]:
    """The first rows, and those about a header that stands further below."""
    below = [row for row in top if row[0] > header.last_row][:3]
    first = [row for row in top[:ROWS_SHOWN] if row not in below]
    rest = [row for row in top if header.row <= row[0] <= header.last_row and row not in first]
    return sorted([*first, *rest, *below], key=lambda row: row[0])


def _likeliest(top: Sequence[tuple[int, list[Any]]], columns: Sequence[Column]) -> Block:
    """The row that may be the header where none is known: the first of several short words."""
    for position, (_, cells) in enumerate(top):
        filled = [cell for cell in cells if cell is not None and cell != ""]
        words = [c for c in filled if isinstance(c, str) and len(c) <= 15 and not _digits(c)]
        if len(words) >= 2 and len(words) == len(filled):
            return block_at(top, position, columns)
    return without_header(top)


def _digits(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _columns(
    header: Header, sheet: Sheet, top: Sequence[tuple[int, list[Any]]]
) -> list[ShownColumn]:
    below = [cells for number, cells in top if number > header.last_row]
    taken = {match.use for match in header.matches.values()}
    shown = []
    for index, heading in enumerate(header.shown):
        if not heading:
            continue
        match = header.matches.get(index) or Match(None, 0.0, "")
        use, proposal = match.use, match.proposal
        if proposal is not None and proposal.required and proposal.attribute not in taken:
            # The file cannot be taken without it: chosen for staff to confirm.
            use = proposal.attribute
            taken.add(use)
        cells = [cells[index] if index < len(cells) else None for cells in below]
        column = match.column
        shown.append(
            ShownColumn(
                index=index,
                heading=heading,
                examples=[] if match.source == Source.OFF else examples_of(cells, column),
                use=use,
                attribute=match.use if column is not None else None,
                label=_label(match, column),
                confidence=round(match.confidence, 2),
                reason=match.reason,
                source=str(match.source),
                proposal=proposal.heading if proposal is not None else "",
                ignored=column is not None and column.ignored,
            )
        )
    return shown


def _label(match: Match, column: Column | None) -> str:
    if column is None:
        return ""
    return "备注" if match.use == KEPT else column.heading


def _sheets(batch: ImportBatch, sheet: Sheet, names: Sequence[str]) -> Iterator[ShownSheet]:
    for name in names[:SHEETS_SHOWN]:
        try:
            with read_sheet(Path(batch.upload.path), sheet=name, called=batch.file_name) as source:
                rows = list(islice(source.rows, ROWS_COUNTED))
        except (UnreadableFile, UnknownSheet):
            continue
        header = find_header(rows[:ROWS_NEEDED], known_columns(sheet, batch.community))
        yield ShownSheet(name, len(rows), [h for h in header.shown if h][:8] if header else [])


__all__ = ["IGNORED", "Mapping", "can_be_directed", "mapping_of", "should_be_looked_at"]
