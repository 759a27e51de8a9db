"""Which rows of a plan would come out otherwise now: told by planning once more."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from backend.core.words import in_chinese
from backend.imports.choices import Outcome
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.plan import Plan, Problem, SheetRow, unpack
from backend.imports.problems import Level

# Drawn anew each time a plan is made: a new record's code, a sealed value. They say nothing.
DRAWN = frozenset({"code", "sealed"})
CODE = "changed_since_preview"
_LABELS = {str(value): label for value, label in Outcome.choices}


def changed(row: int | None, why: str) -> Problem:
    """What is said of a row that would now come out otherwise."""
    return Problem(
        row,
        None,
        CODE,
        Level.ERROR,
        f"预览之后数据有变化：{why}请重新生成预览，看过再确认。",
    )


def differences(batch: ImportBatch, now: Plan) -> list[Problem]:
    """The rows of a batch's plan that the plan made now tells otherwise, and how."""
    if now.refused:
        return [changed(None, problem.message) for problem in now.file_problems[-1:]]
    return [
        changed((was or new).row, _how(was, new))  # type: ignore[union-attr]
        for was, new in zip_longest(_of_batch(batch), _looks(now.rows()))
        if was != new
    ]


class _Look:
    """What counts of a row: what it comes to, and what it writes."""

    __slots__ = ("outcome", "refusal", "row", "writes")

    def __init__(self, row: SheetRow) -> None:
        self.row = row.number
        self.outcome = str(row.outcome)
        self.writes = [
            (w.model, {k: v for k, v in w.values.items() if k not in DRAWN}, w.pk, w.revision)
            for w in row.writes
        ]
        self.refusal = next((p.message for p in row.problems if p.rejects), "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Look) and (self.row, self.outcome, self.writes) == (
            other.row,
            other.outcome,
            other.writes,
        )

    __hash__ = None  # type: ignore[assignment]


def _looks(rows: Iterator[SheetRow]) -> Iterator[_Look]:
    return (_Look(row) for row in rows)


def _of_batch(batch: ImportBatch) -> Iterator[_Look]:
    for chunk in PlanChunk.objects.filter(batch=batch).order_by("index").iterator(1):
        yield from _looks(unpack(chunk.payload))


def _how(was: _Look | None, new: _Look | None) -> str:
    if was is None or new is None:
        return "表里的行与预览时不同。"
    if was.outcome != new.outcome:
        then, now = (str(in_chinese(_LABELS[look.outcome])) for look in (was, new))
        return f"预览时是“{then}”，现在是“{now}”。" + new.refusal
    written: Any = ([w[:3] for w in look.writes] for look in (was, new))
    if next(written) == next(written):
        return "这一行要更新的记录在预览之后被改动了。"
    return "要写入的内容与预览时不同。"
