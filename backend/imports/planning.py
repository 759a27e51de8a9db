"""From a file to a plan: read, find the header, clean every cell, ask the register.

Nothing is written here. The rows stream through in chunks; only the packed plan stays in memory.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from backend.core.collector import held_off
from backend.imports.body import MESSAGES, NUMBERED, SIGNATURE, is_sealed, kind_of_skip
from backend.imports.cells import is_ditto
from backend.imports.columns import Column, as_shown
from backend.imports.headers import LOOK_AT_ROWS, Header, find_header
from backend.imports.plan import CHUNK_BYTES, CHUNK_ROWS, Plan, Problem, SheetRow
from backend.imports.problems import CellProblem, Level
from backend.imports.reading import Sheet as Source
from backend.imports.reading import UnreadableFile, read_sheet
from backend.imports.sheet import Sheet, Titles

Progress = Callable[[int], None]

# Named in the note on hidden rows.
_SOME_ROWS = 5

_LABELLED = re.compile(r"^(活动名称|活动主题|主题|名称|活动时间|时间|日期|活动地点|地点)[:：](.+)$")


def plan_file(
    path: Path,
    sheet: Sheet,
    *,
    community: Any,
    target: Any = None,
    sheet_name: str | None = None,
    called: str = "",
    progress: Progress | None = None,
) -> Plan:
    """The plan for a file; a file that cannot be taken gives a refused plan with one problem.

    Raises: UnknownSheet if `sheet_name` is not in the file.
    """
    plan = Plan(register=sheet.register)
    try:
        with held_off(), read_sheet(path, sheet=sheet_name, called=called) as source:
            plan.sheet = source.name
            _plan_rows(plan, sheet, source, community, target, progress)
    except UnreadableFile as unreadable:
        plan.chunks.clear()
        plan.counts.clear()
        plan.file_problems.clear()
        plan.refuse(unreadable.code, unreadable.message, unreadable.level)
    return plan


def _plan_rows(
    plan: Plan,
    sheet: Sheet,
    source: Source,
    community: Any,
    target: Any,
    progress: Progress | None,
) -> None:
    rows = source.rows
    top = list(islice(rows, LOOK_AT_ROWS + 1))
    columns = sheet.columns_for(community)
    header = find_header(top, columns)
    if header is None:
        names = "、".join(c.heading for c in columns if not c.ignored)
        plan.refuse(
            "header_missing", f"没有找到表头。表里应有一行列名，例如：{names}。请补上后再上传。"
        )
        return
    header.epoch1904 = source.epoch1904
    plan.header_row = header.row
    plan.headings = header.as_list()
    plan.file_problems.extend(header.problems)
    if header.refused:
        plan.refused = True
        return
    planner = sheet.planner(community, target, header, _titles(top, header))
    planner.before(plan)
    if plan.refused:
        return
    below = ((n, cells) for n, cells in chain(top, rows) if n > header.last_row)
    body = Body(sheet, header)
    done = 0
    for chunk in _chunks(below, source.received):
        clean = body.clean(chunk)
        planner.plan([row for row in clean if row.outcome != "skip"])
        plan.add(clean)
        done += len(clean)
        if progress is not None:
            progress(done)
    _say_hidden(plan, [n for n in source.hidden() if n > header.last_row])
    if not plan.counts:
        plan.file_problems.clear()
        plan.refuse("sheet_without_rows", "表头下面没有数据行。请填好名单后再上传。")


def _say_hidden(plan: Plan, rows: list[int]) -> None:
    """Hidden and filtered rows belong to the sheet as the others do; but staff do not see them."""
    if rows:
        shown = "、".join(map(str, rows[:_SOME_ROWS])) + (" 等" if len(rows) > _SOME_ROWS else "")
        message = (
            f"有 {len(rows)} 行在表格里是隐藏的（筛选掉的也算，第 {shown} 行），也会一并导入。"
            "不想导入就先在表格里删掉这些行。"
        )
        plan.file_problems.append(Problem(None, None, "rows_hidden", Level.NOTE, message))


def _chunks(
    rows: Iterable[tuple[int, list[Any]]], received: Callable[[], int]
) -> Iterator[list[tuple[int, list[Any]]]]:
    chunk: list[tuple[int, list[Any]]] = []
    before = received()
    for row in rows:
        chunk.append(row)
        if len(chunk) >= CHUNK_ROWS or received() - before > CHUNK_BYTES:
            yield chunk
            chunk, before = [], received()
    if chunk:
        yield chunk


def _titles(top: list[tuple[int, list[Any]]], header: Header) -> Titles:
    """活动名称 / 时间 / 地点 above the header, in one cell (时间：…) or in two beside each other."""
    found: dict[str, str] = {}
    for number, cells in top:
        if number >= header.row:
            break
        for index, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            for part in re.split(r"[\s　]{2,}|\n", cell.strip()):
                match = _LABELLED.match(as_shown(part))
                if match:
                    found.setdefault(match[1].removeprefix("活动"), match[2])
                elif _LABELLED.match(as_shown(part).rstrip("：:") + "：x"):
                    value = next((c for c in cells[index + 1 :] if c is not None), None)
                    if isinstance(value, str):
                        found.setdefault(
                            as_shown(part).rstrip("：:").removeprefix("活动"), as_shown(value)
                        )
    return Titles(found)


def _cleaner(column: Column, header: Header) -> Callable[..., Any]:
    clean: Callable[..., Any] = column.widget.function
    if header.epoch1904 and "epoch1904" in column.widget.context:
        return partial(clean, epoch1904=True)
    return clean


class Body:
    """Cleans rows: skips what is no data, resolves 同上, finds rows that repeat an earlier one."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet = sheet
        self.header = header
        self.columns: list[tuple[int, Column, str]] = [
            (index, column, header.shown[index])
            for index, column in sorted(header.columns.items())
            if not column.ignored
        ]
        self.required = [c for c in sheet.columns if c.required]
        self.cleaners = [
            (
                index,
                column.attribute,
                column,
                shown,
                None if column.late else _cleaner(column, header),
            )
            for index, column, shown in self.columns
        ]
        self.secret = [index for index, column, _ in self.columns if column.secret]
        # Nobody asked for what stands in other columns: it is not kept, not even in the plan.
        self.dropped = [
            index
            for index, heading in enumerate(header.shown)
            if heading and index not in header.columns
        ]
        self.width = len(header.shown)
        self.above: dict[int, Any] = {}
        self.seen: dict[int, int] = {}

    def clean(self, chunk: list[tuple[int, list[Any]]]) -> list[SheetRow]:
        """The rows of a chunk: skipped, rejected, or clean and still to be planned."""
        return [self._row(number, cells) for number, cells in chunk]

    def _row(self, number: int, cells: list[Any]) -> SheetRow:
        del cells[self.width :]
        for index in self.dropped:
            if index < len(cells):
                cells[index] = None
        row = SheetRow(number, cells)
        skip = kind_of_skip(cells, self.header)
        if skip is not None:
            return self._skipped(row, skip, MESSAGES[skip])
        width = len(cells)
        values = row.values
        above = self.above
        for index, attribute, column, shown, clean in self.cleaners:
            cell = cells[index] if index < width else None
            if cell.__class__ is str and len(cell) <= 4 and is_ditto(cell):
                if not column.ditto:
                    row.say(
                        shown,
                        f"{attribute}_ditto",
                        Level.ERROR,
                        f"“{shown}”不能写“同上”，请填写完整。",
                    )
                    continue
                cell = above.get(index)
            else:
                above[index] = cell
            if clean is None:
                values[attribute] = cell
                continue
            try:
                values[attribute] = clean(cell)
            except CellProblem as problem:
                row.say(shown, problem.code, problem.level, problem.message)
        for index in self.secret:
            if index < width:
                cells[index] = None
        for column in self.required:
            if not values.get(column.attribute) and not row.rejected:
                if all(value is None for value in values.values()) and not row.problems:
                    return self._skipped(SheetRow(number, cells), NUMBERED, MESSAGES[NUMBERED])
                if is_sealed(cells):
                    row = SheetRow(number, cells)
                    return self._skipped(row, SIGNATURE, MESSAGES[SIGNATURE])
                shown = self.header.heading_of(column)
                row.say(shown, "required", Level.ERROR, f"没有填“{shown}”，请补上。")
        if not row.rejected:
            self._find_repeated(row)
        return row

    def _find_repeated(self, row: SheetRow) -> None:
        # Only a hash is kept: 100 000 rows must not stay in memory.
        key = hash(tuple(row.values.values()))
        earlier = self.seen.setdefault(key, row.number)
        if earlier != row.number and self.sheet.only_repeats(row.values):
            self._skipped(row, "row_duplicate", MESSAGES["row_duplicate"].format(earlier))

    def _skipped(self, row: SheetRow, code: str, message: str) -> SheetRow:
        row.say(None, code, Level.NOTE, message)
        row.outcome = "skip"
        return row
