"""Which register a file is for, by its headings and its titles: proposed where one fits best."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from backend.imports.assigning import Source
from backend.imports.headers import ROWS_NEEDED, find_header
from backend.imports.reading import UnreadableFile, read_sheet
from backend.imports.sheet import Sheet

# What people write above a table of each kind; it counts as much as two columns.
_IN_TITLE = 2.0


def proposed_register(path: Path, called: str, sheets: Sequence[Sheet]) -> Sheet | None:
    """The register whose columns, and whose name in the titles, fit a file best; None if two do.

    A file with several sheets fits none. Raises: UnreadableFile.
    """
    try:
        with read_sheet(path, called=called) as source:
            rows = list(islice(source.rows, ROWS_NEEDED))
    except UnreadableFile as unreadable:
        if unreadable.code != "several_sheets":
            raise
        return None
    scores: list[tuple[float, Sheet]] = []
    for sheet in sheets:
        header = find_header(rows, sheet.columns)
        if header is None or header.refused:
            continue
        read = [m for m in header.matches.values() if m.source in (Source.NAME, Source.GUESS)]
        score = sum(m.confidence for m in read if m.column is not None and not m.column.ignored)
        above = [c for n, cells in rows if n < header.row for c in cells if isinstance(c, str)]
        if any(word in text for text in (called, source.name, *above) for word in sheet.in_titles):
            score += _IN_TITLE
        scores.append((score, sheet))
    found = {sheet.register: score for score, sheet in scores}
    scores = [
        (score, sheet)
        for score, sheet in scores
        # Nothing of its own: the table of people is a roster of residents until it says more.
        if not sheet.gives_way_to or score - found.get(sheet.gives_way_to, 0) >= 1
    ]
    scores.sort(key=lambda pair: -pair[0])
    if not scores or (len(scores) > 1 and scores[0][0] - scores[1][0] < 1):
        return None
    return scores[0][1]
