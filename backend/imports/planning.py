"""From a file to a plan: read, find the header, clean every cell, ask the register.

Nothing is written here. The rows stream through in chunks; only the packed plan stays in memory.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from backend.core.access import SYSTEM, Actor
from backend.core.collector import held_off
from backend.core.personal import HIDDEN
from backend.imports.asking import ANSWERED, Questions
from backend.imports.basis import basis_of
from backend.imports.body import MESSAGES, NUMBERED, SIGNATURE, is_sealed, kind_of_skip
from backend.imports.cells import Address, address_key, is_ditto
from backend.imports.columns import Column
from backend.imports.directions import NONE, Directions
from backend.imports.headers import ROWS_NEEDED, Header, find_header
from backend.imports.identity import Place, addressed, identity_in, set_aside
from backend.imports.plan import CHUNK_BYTES, CHUNK_ROWS, Plan, Problem, SheetRow
from backend.imports.problems import CellProblem, Level
from backend.imports.profiles import recalled_by
from backend.imports.reading import Sheet as Source
from backend.imports.reading import UnreadableFile, read_sheet
from backend.imports.settling import Hints, settle
from backend.imports.sheet import RowPlanner, Sheet
from backend.imports.shown_only import known_columns
from backend.imports.switched import by_attribute, hide
from backend.imports.titles import read_titles

# How many rows are planned, and about how many there are (0 if nobody knows).
Progress = Callable[[int, int], None]
# Rows for which a later one stands: that one, and what it says of it.
Superseded = dict[int, tuple[int, Problem]]
# Named in the note on hidden rows.
_SOME_ROWS = 5


def plan_file(
    path: Path,
    sheet: Sheet,
    *,
    community: Any,
    target: Any = None,
    directions: Directions = NONE,
    called: str = "",
    progress: Progress | None = None,
    by: Actor = SYSTEM,
    despite_template: bool = False,
) -> Plan:
    """The plan for a file; a file that cannot be taken gives a refused plan with one problem.

    A template of ours says by itself where it goes, as far as `by` may know of it; with
    `despite_template` what was chosen counts, whatever the template says.

    Raises: UnknownSheet if the sheet of `directions` is not in the file.
    """
    plan = Plan(register=sheet.register)
    superseded: Superseded = {}
    basis = ""
    try:
        while True:
            with (
                held_off(),
                read_sheet(path, sheet=directions.sheet or None, called=called) as source,
            ):
                plan.sheet = source.name
                place = Place(sheet, community, target)
                target = _addressed(plan, source.mark, place, by, despite_template)
                if plan.refused:
                    return plan
                basis = basis or basis_of(sheet.rests_on(community, target))
                planner = _plan_rows(
                    plan,
                    sheet,
                    source,
                    community,
                    target,
                    directions,
                    progress,
                    superseded,
                )
            if planner is None or not planner.superseded:
                break
            # A later row stands for an earlier one, on which others may rest: once more from the
            # top, without it. Each round leaves out more rows, so there is a last one.
            superseded = {**superseded, **planner.superseded}
            plan = Plan(register=sheet.register)
    except UnreadableFile as unreadable:
        plan.chunks.clear()
        plan.counts.clear()
        plan.file_problems.clear()
        plan.refuse(unreadable.code, unreadable.message, unreadable.level)
    plan.basis = basis
    return plan


def plan_read(source: Source, sheet: Sheet, *, community: Any) -> Plan:
    """The plan for a sheet that was read already: of a workbook whose sheets rest on one another, each
    is planned when those before it have been carried out.
    """
    plan = Plan(register=sheet.register, sheet=source.name)
    with held_off():
        _plan_rows(plan, sheet, source, community, None, NONE, None, {})
    return plan


def _addressed(plan: Plan, mark: Any, chosen: Place, by: Actor, despite_template: bool) -> Any:
    """The target that the file itself names, if it is a template of ours; else the chosen one."""
    identity = identity_in(mark)
    if identity is None:
        return chosen.target
    if despite_template:
        plan.file_problems.append(set_aside())
        target = chosen.target
    else:
        target = addressed(plan, identity, chosen, by=by)
    plan.target = target.code if target is not None else ""
    return target


def _plan_rows(
    plan: Plan,
    sheet: Sheet,
    source: Source,
    community: Any,
    target: Any,
    directions: Directions,
    progress: Progress | None,
    superseded: Superseded,
) -> RowPlanner | None:
    rows = source.rows
    top = list(islice(rows, max(ROWS_NEEDED, directions.header_row or 0)))
    columns = known_columns(sheet, community)
    header = find_header(top, columns, directions, recalled_by(community, sheet))
    if header is None:
        names = "、".join(c.heading for c in columns if not c.ignored)
        plan.refuse(
            "header_missing",
            f"没有找到表头。表里应有一行列名，例如：{names}。请指明哪一行是表头，或补上后再上传。",
        )
        return None
    header.epoch1904 = source.epoch1904
    plan.header_row = header.row
    plan.headings = header.as_list()
    plan.fingerprint = header.fingerprint
    plan.file_problems.extend(header.problems)
    if header.refused:
        plan.refused = True
        return None
    titles = read_titles([(n, cells) for n, cells in top if n < header.row])
    planner = sheet.planner(community, target, header, titles, directions)
    planner.before(plan)
    if plan.refused:
        return None
    below = ((n, cells) for n, cells in chain(top, rows) if n > header.last_row)
    body = Body(sheet, header, directions)
    body.questions, body.hints = planner.questions, planner.hints()
    standing = {later: noted for later, noted in superseded.values()}
    done = 0
    for chunk in _chunks(below, source.received):
        clean = body.clean(chunk)
        if superseded:
            _leave_out_superseded(clean, superseded)
        planner.plan([row for row in clean if row.outcome != "skip"])
        for row in clean if standing else ():
            if row.number in standing:
                row.problems.append(standing[row.number])
        plan.add(clean)
        done += len(clean)
        if progress is not None:
            progress(done, source.last_row)
    _say_hidden(plan, [n for n in source.hidden() if n > header.last_row])
    if not plan.counts:
        plan.file_problems.clear()
        plan.refuse("sheet_without_rows", "表头下面没有数据行。请填好名单后再上传。")
    plan.unfit_answers = planner.questions.unfit()
    return planner


def _leave_out_superseded(rows: list[SheetRow], superseded: Superseded) -> None:
    for row in rows:
        if row.number in superseded:
            row.leave_out()
            later = superseded[row.number][0]
            row.say(None, ANSWERED, Level.NOTE, f"按您的选择：以第 {later} 行为准，这一行不导入。")


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


def _cleaner(column: Column, header: Header) -> Callable[..., Any]:
    clean: Callable[..., Any] = column.widget.function
    if header.epoch1904 and "epoch1904" in column.widget.context:
        return partial(clean, epoch1904=True)
    return clean


class Body:
    """Cleans rows: skips what is no data, resolves 同上, finds rows that repeat an earlier one."""

    def __init__(self, sheet: Sheet, header: Header, directions: Directions = NONE) -> None:
        self.sheet = sheet
        self.header = header
        self.directions = directions
        self.columns: list[tuple[int, Column, str]] = [
            (index, column, header.shown[index])
            for index, column in sorted(header.columns.items())
            if not column.ignored
        ]
        self.required = [c for c in sheet.columns if c.required and not c.may_be_blank]
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
        # Nobody asked for what stands in other columns: it is not kept, not even in the plan.
        self.dropped = [
            index
            for index, heading in enumerate(header.shown)
            if heading and index not in header.columns
        ]
        self.sealed = [
            (index, column.attribute)
            for index, column in header.columns.items()
            if by_attribute(sheet.register, column.attribute) is not None
        ]
        self.width = len(header.shown)
        self.questions = Questions(directions.answers)
        self.hints = Hints()
        self.above: dict[int, Any] = {}
        self.seen: dict[int, int] = {}

    def clean(self, chunk: list[tuple[int, list[Any]]]) -> list[SheetRow]:
        """The rows of a chunk: skipped, rejected, or clean and still to be planned."""
        rows = [self._row(number, cells) for number, cells in chunk]
        for index, attribute in self.sealed:
            for row in rows:
                hide(row.cells, index, row.values.get(attribute))
        return rows

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
            short = cell.__class__ is str and len(cell) <= 4
            if short and is_ditto(cell):
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
                if short and cell == HIDDEN and column.personal == "hidden":
                    # What a masked export shows of it: compared with what is stored, not cleaned.
                    values[attribute] = HIDDEN
                    continue
            if clean is None:
                values[attribute] = cell
                continue
            try:
                values[attribute] = clean(cell)
            except CellProblem as problem:
                values[attribute] = settle(
                    row, column, shown, cell, problem, self.questions, self.hints, clean
                )
        if row.outcome == "skip":
            return row
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
        # 3-2-501 and 3号楼2单元501 are one door.
        key = hash(
            tuple(address_key(v) if v.__class__ is Address else v for v in row.values.values())
        )
        earlier = self.seen.setdefault(key, row.number)
        if earlier != row.number and self.sheet.only_repeats(row.values):
            self._skipped(row, "row_duplicate", MESSAGES["row_duplicate"].format(earlier))

    def _skipped(self, row: SheetRow, code: str, message: str) -> SheetRow:
        row.say(None, code, Level.NOTE, message)
        row.outcome = "skip"
        return row
