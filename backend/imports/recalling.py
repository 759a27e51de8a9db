"""What staff have answered for a row, recalled when the same row comes in again.

A sheet is uploaded a second time because its other rows were mended: whatever was said of a row that
has stayed word for word is said of it still. The answers become the new upload's own, shown with it
and as easily taken back; a row in which anything was changed asks anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from backend.core.one_by_one import one_by_one
from backend.imports.blocks import keys_of
from backend.imports.cells import is_ditto
from backend.imports.choices import BatchStatus
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.patching.notes import HEADING
from backend.imports.plan import Plan, Problem, SheetRow, unpack, unpack_problems
from backend.imports.problems import Level
from backend.imports.queries import as_text
from backend.imports.rules import MAX_ANSWERS

RECALLED = "answers_recalled"
# Of uploads with the same headings and the same target: so many are looked at, the youngest first.
LOOK_AT = 5
# A row's content, and what was answered there: question and value.
Answered = dict[int, dict[str, str]]


def answers_given_before(batch: ImportBatch) -> Answered:
    """What was answered in the imports that this one may be the mended form of."""
    found: Answered = {}
    earlier = ImportBatch.objects.filter(
        community=batch.community_id,
        register=batch.register,
        target=batch.target,
        fingerprint=batch.fingerprint,
        status=BatchStatus.COMMITTED,
    ).exclude(pk=batch.pk)
    for one in earlier[:LOOK_AT] if batch.fingerprint else ():
        if one.directions.get("answers"):
            found = _answered_in(one) | found
    return found


def _answered_in(batch: ImportBatch) -> Answered:
    found: Answered = {}
    headings = _headings(batch.headings)
    for chunk in one_by_one(PlanChunk.objects.filter(batch=batch).order_by("index")):
        given: dict[int, dict[str, str]] = defaultdict(dict)
        for problem in unpack_problems(chunk.payload) if chunk.counts.get("problems") else ():
            if problem.answer and problem.row is not None:
                given[problem.row][problem.question] = problem.answer
        for row in unpack(chunk.payload) if given else ():
            if row.number in given:
                content = _content(row, headings)
                if content is not None:
                    found[content] = given[row.number]
    return found


def recalled(plan: Plan, before: Answered, *, besides: Mapping[str, str]) -> dict[str, str]:
    """The answers, as `Directions` has them, for the open questions of a plan's rows, `besides`
    those that were recalled already.
    """
    found: dict[str, str] = {}
    if not before:
        return found
    headings = _headings(plan.headings)
    for row in plan.rows():
        open_ = [problem for problem in row.problems if problem.level == Level.QUESTION]
        content = _content(row, headings) if open_ else None
        if content is None:
            continue
        for problem in open_:
            key, given = f"{problem.code}@{row.number}", before.get(content, {}).get(problem.code)
            if key not in besides and any(choice.value == given for choice in problem.choices):
                found[key] = str(given)
    # With more than may be said of a sheet, staff could change none of them.
    return found if len(found) + len(besides) <= MAX_ANSWERS else {}


def say_recalled(plan: Plan, answers: Iterable[str]) -> None:
    """Says in the preview which answers were not given for this upload."""
    rows = len({key.partition("@")[2] for key in answers})
    message = f"有 {rows} 行和以前导入的一模一样，已按那时的选择处理，列在“您的选择”里；要改，重新选就行。"
    plan.file_problems.append(Problem(None, None, RECALLED, Level.NOTE, message))


def _headings(stored: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    shown = {heading["index"]: heading["heading"] for heading in stored}
    return {index: key for index, key in keys_of(shown).items() if shown[index] != HEADING}


def _content(row: SheetRow, headings: Mapping[int, str]) -> int | None:
    """What stands in a row, whatever the order of its columns; None where another row has a say."""
    cells = [(headings[i], cell) for i, cell in enumerate(row.cells) if i in headings]
    if any(isinstance(cell, str) and is_ditto(cell) for _, cell in cells):
        return None
    return hash(frozenset((key, text) for key, cell in cells if (text := as_text(cell))))
