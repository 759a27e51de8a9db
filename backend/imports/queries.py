"""Named reads of imports."""

from collections.abc import Collection, Iterator
from typing import Any

from backend.core.one_by_one import one_by_one
from backend.core.personal import HIDDEN, mask
from backend.imports.body import SIGNATURE
from backend.imports.choices import Outcome
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.plan import Problem, SheetRow, unpack, unpack_problems


def planned_rows(
    batch: ImportBatch, *, outcomes: frozenset[str], first: int, count: int
) -> tuple[list[SheetRow], int]:
    """`count` rows of the plan with one of `outcomes`, from the `first` on, and how many there are.

    Only the chunks that hold them are unpacked.
    """
    found: list[SheetRow] = []
    before = 0
    for chunk in PlanChunk.objects.filter(batch=batch).order_by("index").defer("payload"):
        here = sum(chunk.counts.get(outcome, 0) for outcome in outcomes)
        if here and before + here > first and len(found) < count:
            rows = [row for row in unpack(chunk.payload) if row.outcome in outcomes]
            start = max(first - before, 0)
            found += rows[start : start + count - len(found)]
        before += here
    return found, before


def rows_numbered(batch: ImportBatch, numbers: Collection[int]) -> list[SheetRow]:
    """The rows of the plan with these numbers; no chunk is unpacked behind the last of them."""
    found: list[SheetRow] = []
    if not numbers:
        return found
    last = max(numbers)
    for chunk in one_by_one(PlanChunk.objects.filter(batch=batch).order_by("index")):
        rows = list(unpack(chunk.payload))
        found += [row for row in rows if row.number in numbers]
        if rows and rows[-1].number >= last:
            break
    return found


def row_problems(batch: ImportBatch) -> Iterator[Problem]:
    """Every problem of every row, in the order of the sheet."""
    for chunk in one_by_one(PlanChunk.objects.filter(batch=batch).order_by("index")):
        if chunk.counts.get("problems"):
            yield from unpack_problems(chunk.payload)


def all_problems(batch: ImportBatch) -> Iterator[Problem]:
    """The file's problems, then every row's."""
    for problem in batch.file_problems:
        yield Problem.from_stored(problem)
    yield from row_problems(batch)


def shown_cells(batch: ImportBatch, row: SheetRow) -> list[str]:
    """A row's cells for a screen: personal ones masked, unknown columns hidden."""
    # 制表人：… names somebody in whatever column it stands.
    signature = any(problem.code == SIGNATURE for problem in row.problems)
    shown = []
    for heading in batch.headings:
        index = heading["index"]
        value = row.cells[index] if index < len(row.cells) else None
        if value is None or value == "":
            shown.append("")
        elif heading["attribute"] is None and heading["personal"] == "hidden":
            shown.append("（未读取）")
        elif heading["personal"]:
            shown.append(mask(heading["personal"], as_text(value)))
        elif signature:
            label, colon, _ = as_text(value).replace(":", "：").partition("：")
            shown.append(f"{label}：{HIDDEN}" if colon else HIDDEN)
        else:
            shown.append(as_text(value))
    return shown


def as_text(value: Any) -> str:
    """A cell as the spreadsheet program shows it; "" for an empty one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def as_answer(batch: ImportBatch) -> dict[str, Any]:
    """The batch in the shape that `import_sheet --json` prints (contracts.md)."""
    return {
        "batch": batch.code,
        "state": batch.status,
        "register": batch.register,
        "sheet": batch.sheet,
        "rows": {"read": batch.read} | {str(o): getattr(batch, str(o)) for o in Outcome},
        "problems": [problem.as_dict() for problem in all_problems(batch)],
    }
