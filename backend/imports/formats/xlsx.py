""".xlsx and .xlsm: looked over first, then read by calamine, or cell by cell where that is safer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from .archive import Archive
from .cells import MAX_HIDDEN, UNCALCULATED, Merge, Row, fill_down
from .dense import DENSE_CELLS, dense_rows
from .refusal import Refusal
from .xlsx_package import plan_of
from .xlsx_stream import SheetStream, column_of, has_value

# Beyond this many, error cells are read where they stand instead of being kept aside.
MAX_ERRORS = 50_000

# The way that all known programs write it can be searched for four times as fast.
_WIDE = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_WIDE_ANYHOW = re.compile(rb'\sr=["\']([A-Za-z]{2,3})[0-9]')
_NARROW = re.compile(rb'\sr=["\']([A-Za-z])[0-9]')
_ROW = re.compile(rb'\sr=["\'][A-Za-z]{0,3}([0-9]+)')
# None of these looks at any part of the XML twice, however it was broken: nothing is tried again
# from further on (*+, ++ and (?>…) give nothing back), and no tag reaches into the next.
_ERROR = re.compile(
    rb'<(?:\w++:)?c\s(?=(?>[^<>]*?\bt=["\']e["\']))([^<>]*+)>'
    rb"(?:[^<]++|<(?!/?(?:\w++:)?(?:c|v)[\s/>]))*+<(?:\w++:)?v>([^<]*+)</"
)
# A formula without a result. An empty text (t="str") is one.
_FORMULA_ALONE = re.compile(
    rb'<(?:\w++:)?c(?=\s)((?![^<>]*?\bt="str")[^<>]*+)><(?:\w++:)?f(?:\s[^<>]*+)?(?:(?<=/)>|>[^<]*+</(?:\w++:)?f>)'
    rb"\s*+(?:<(?:\w++:)?v\s*+/>|<(?:\w++:)?v></(?:\w++:)?v>)?\s*+</(?:\w++:)?c>"
)
_HIDDEN_ROW = re.compile(
    rb'<(?:\w++:)?row\s(?=[^<>]*?\bhidden=["\'](?:1|true))(?>[^<>]*?\br=["\'])([0-9]{1,7})'
)
_PLACE = re.compile(rb'\br=["\']([A-Za-z]{1,3})([0-9]+)["\']')
MERGED = re.compile(
    rb'<(?:\w++:)?mergeCell\s(?>[^<>]*?\bref=["\'])([A-Za-z]{1,3})([0-9]+):([A-Za-z]{1,3})([0-9]+)["\']'
)


@dataclass
class Survey:
    """What is known of a sheet before it is read."""

    last_row: int = 0
    width: int = 0
    # How many there are: cells need not say where they stand.
    cells: int = 0
    # Error cells by row and column from 0; calamine takes them for blank.
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    # Whether there is an error cell that does not say where it stands, or too many of them.
    errors_in_place: bool = False

    @property
    def dense(self) -> bool:
        """Whether calamine can read the sheet without asking for memory by the gigabyte."""
        return self.area <= DENSE_CELLS and not self.errors_in_place

    @property
    def area(self) -> int:
        """How many cells calamine will make of the sheet."""
        return max(self.last_row * self.width, self.cells)


class XlsxBook:
    """An .xlsx workbook."""

    # How far down the rows of the sheet go that is being read.
    last_row = 0

    def __init__(self, path: Path) -> None:
        self._path = path
        self._archive = Archive(path)
        self.hidden: set[int] = set()
        plan = plan_of(self._archive)
        self.epoch1904 = plan.epoch1904
        self._hidden = {name: hidden for name, hidden, _ in plan.sheets}
        self._members = {name: member for name, _, member in plan.sheets}

    def sheets(self) -> list[tuple[str, bool]]:
        """The worksheets in order: name, and whether it is hidden."""
        return list(self._hidden.items())

    @cached_property
    def _stream(self) -> SheetStream:
        return SheetStream(self._archive, self.epoch1904)

    def has_rows(self, name: str) -> bool:
        """Whether a sheet has any row that is not blank."""
        # Only a sheet that has any value at all is worth parsing.
        pieces = self._archive.whole_tags(self._members[name])
        if not any(map(has_value, pieces)):
            return False
        return next(self._stream.rows(self._members[name]), None) is not None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows that are not blank. Raises: `file_broken`, `file_too_large`."""
        survey = self._survey(self._members[name])
        self.last_row = survey.last_row
        self.hidden = survey.hidden
        if survey.dense and not self._stream.eastern and self._strings_fit(survey):
            rows = self._dense(name, survey)
        else:
            rows = self._stream.rows(self._members[name])
        return fill_down(rows, survey.merges)

    def _strings_fit(self, survey: Survey) -> bool:
        """Whether calamine can hold the strings beside the cells; looks over all that it will read.

        Raises: as `whole_tags`.
        """
        strings = 0
        for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
            if part in self._archive:
                for xml in self._archive.whole_tags(part):
                    strings += xml.count(b"<si>") + xml.count(b":si>")
        return survey.area + strings <= DENSE_CELLS

    def _dense(self, name: str, survey: Survey) -> Iterator[Row]:
        last = 0
        try:
            with self._path.open("rb") as file:
                sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(name)
            for row in dense_rows(sheet, survey.errors):
                last = row[0]
                yield row
        except (CalamineError, OverflowError):
            # It is stricter than spreadsheet programs are, and a phone number that is formatted
            # as hours is too long a time for it.
            for row in self._stream.rows(self._members[name]):
                if row[0] > last:
                    yield row

    def _survey(self, member: str) -> Survey:
        """Looks a sheet over as it unpacks: its real extent, its error and merged cells."""
        survey = Survey()
        first = last = b""
        for xml in self._archive.whole_tags(member):
            first = first or xml
            if has_value(xml):
                last = xml
            survey.cells += xml.count(b"<c ") + xml.count(b"<c>") + xml.count(b":c ")
            wide = _WIDE if b' r="' in xml else _WIDE_ANYHOW
            if wide.search(xml):
                columns = [column_of(found.decode()) for found in set(wide.findall(xml))]
                survey.width = max(survey.width, 1 + max(columns))
            if b't="e"' in xml or b"t='e'" in xml:
                _note_errors(survey, xml)
            if b"<f" in xml or b":f" in xml:
                _note_uncalculated(survey, xml)
            if b"hidden=" in xml and len(survey.hidden) < MAX_HIDDEN:
                survey.hidden.update(int(number) for number in _HIDDEN_ROW.findall(xml))
            if b"mergeCell " in xml:
                survey.merges.extend(merge_of(found) for found in MERGED.findall(xml))
        # Rows come in order: the last that holds a value is in the last piece that holds one.
        values_end = max(last.rfind(b"v>"), last.rfind(b"is>"))
        for row in _ROW.finditer(last, 0, max(values_end, 0)):
            survey.last_row = int(row[1])
        narrow = _NARROW.findall(first) + _NARROW.findall(last)
        survey.width = max([survey.width, *(column_of(c.decode()) + 1 for c in set(narrow))])
        return survey


def _note_errors(survey: Survey, xml: bytes) -> None:
    for attributes, text in _ERROR.findall(xml):
        place = _PLACE.search(b" " + attributes)
        if place is None or len(survey.errors) > MAX_ERRORS:
            survey.errors_in_place = True
            return
        row = survey.errors.setdefault(int(place[2]) - 1, {})
        row[column_of(place[1].decode())] = text.decode("utf-8", "replace")


def _note_uncalculated(survey: Survey, xml: bytes) -> None:
    for attributes in _FORMULA_ALONE.findall(xml):
        place = _PLACE.search(b" " + attributes)
        if place is None or len(survey.errors) > MAX_ERRORS:
            survey.errors_in_place = True
            return
        row = survey.errors.setdefault(int(place[2]) - 1, {})
        row[column_of(place[1].decode())] = UNCALCULATED


def merge_of(found: tuple[bytes, bytes, bytes, bytes]) -> Merge:
    """A merged range as `MERGED` finds it. Raises: `file_broken` for one that is none."""
    left, top, right, bottom = (part.decode() for part in found)
    if int(top) < 1:
        raise Refusal("file_broken")
    return (int(top) - 1, column_of(left)), (int(bottom) - 1, column_of(right))
