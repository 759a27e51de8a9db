"""The preview's questions, answered on the batch's page; and the plan made anew."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.words import in_chinese
from backend.imports.actions import directions_of
from backend.imports.answering import AskedQuestion, AskedRow, questions_of
from backend.imports.choices import BatchStatus, Outcome
from backend.imports.directing import Answered, Said, direct_import
from backend.imports.models import ImportBatch
from backend.imports.pages import batch_url
from backend.imports.queries import rows_numbered, shown_cells

PAGE = 50
EXAMPLES = 3
ALL, ROW = "all.", "row."


def shown_questions(batch: ImportBatch, given: Any) -> dict[str, Any]:
    """What the page shows of a batch's questions; `given` says which rows of one are looked at."""
    if batch.status != BatchStatus.PLANNED:
        return {"questions": [], "open_questions": 0}
    questions = questions_of(batch)
    page = _number(given.get("qpage", ""))
    opened = given.get("question", "")
    shown = {q.code: _some(q, page if q.code == opened else 1) for q in questions}
    numbers = {row.row for rows in shown.values() for row in rows}
    numbers |= {row.row for q in questions for row in q.rows[:EXAMPLES]}
    cells = {row.number: _told(batch, row) for row in rows_numbered(batch, numbers)}
    return {
        "questions": [
            _card(q, shown[q.code], cells, opened, page if q.code == opened else 1)
            for q in questions
        ],
        "open_questions": sum(bool(q.open) for q in questions),
        "has_answers": any(q.answered for q in questions),
    }


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _some(question: AskedQuestion, page: int) -> list[AskedRow]:
    return question.rows[(page - 1) * PAGE : page * PAGE]


def _told(batch: ImportBatch, row: Any) -> str:
    """A row in one line: its cells as the preview shows them."""
    cells = shown_cells(batch, row)
    pairs = zip((h["heading"] for h in batch.headings), cells, strict=False)
    return " · ".join(f"{heading} {cell}" for heading, cell in pairs if cell)


def _card(
    question: AskedQuestion, rows: list[AskedRow], cells: dict[int, str], opened: str, page: int
) -> dict[str, Any]:
    alike = list(question.choices.values())
    own = any(not choice.alike for row in rows for choice in row.choices)
    single, opened_here = len(question.rows) == 1, own or opened == question.code
    # The only row that asks may have an answer of its own: then it is that which is shown.
    of_row = single and not opened_here and question.rows[0].answer not in ("", question.answer)
    return {
        "question": question,
        "alike": alike,
        "name": f"{ROW}{question.rows[0].row}.{question.code}"
        if of_row
        else f"{ALL}{question.code}",
        "answer": question.rows[0].answer if of_row else question.answer,
        "chosen": _chosen(question),
        "examples": [
            {"row": row.row, "cells": cells.get(row.row, "")} for row in question.rows[:EXAMPLES]
        ],
        "rows": [
            {
                "name": f"{ROW}{row.row}.{question.code}",
                "row": row.row,
                "cells": cells.get(row.row, ""),
                "choices": row.choices,
                # What was said for all alike is not this row's own.
                "answer": row.answer if row.answer != question.answer else "",
            }
            for row in rows
        ],
        "single": single,
        "open": opened_here,
        "page": page,
        "pages": max((len(question.rows) + PAGE - 1) // PAGE, 1),
    }


def _chosen(question: AskedQuestion) -> str:
    """What was chosen, in words, where every row has the same answer; else ""."""
    given = {row.answer for row in question.rows}
    labels = [c.label for c in question.rows[0].choices if {c.value} == given]
    return labels[0] if labels else ""


class AnswerPages:
    """Mixed into the batch's admin: two addresses that take what its page posts."""

    def answers_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes answers, makes the plan by them, and says what came of it."""
        batch = self._posted(request, object_id)  # type: ignore[attr-defined]
        return self._direct(request, batch, _said(batch, request.POST))

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes the plan once more, by the same directions and the data as they are now."""
        batch = self._posted(request, object_id)  # type: ignore[attr-defined]
        return self._direct(request, batch, Said())

    def _direct(self, request: HttpRequest, batch: ImportBatch, said: Said) -> HttpResponse:
        if not self._may_on(request, "move", batch):  # type: ignore[attr-defined]
            raise PermissionDenied
        before = {outcome: getattr(batch, str(outcome)) for outcome in Outcome}
        if said.answers and not _changes(batch, said):
            messages.info(request, "没有改动。请先在问题下面选一项，再保存。")
            return HttpResponseRedirect(batch_url(batch))
        try:
            job = direct_import(batch, said, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(batch_url(batch))
        if job is not None:
            messages.info(request, "文件较大，正在后台重新生成预览，请稍候。")
        else:
            batch.refresh_from_db()
            messages.success(request, _difference(batch, before))
        return HttpResponseRedirect(batch_url(batch))


def _changes(batch: ImportBatch, said: Said) -> bool:
    earlier = directions_of(batch)
    return said.over(earlier) != earlier


def _said(batch: ImportBatch, posted: Any) -> Said:
    """What a form of questions says; only what it shows is changed."""
    if "clear" in posted:
        return Said(answers=[_taken_back(key) for key in directions_of(batch).answers])
    answers = []
    for name in posted:
        value = posted[name] or None
        if name.startswith(ALL):
            answers.append(Answered(name.removeprefix(ALL), value))
        elif name.startswith(ROW):
            row, _, code = name.removeprefix(ROW).partition(".")
            if row.isascii() and row.isdigit() and len(row) < 8:
                answers.append(Answered(code, value, int(row)))
    return Said(answers=answers)


def _taken_back(key: str) -> Answered:
    code, at, row = key.partition("@")
    return Answered(code, None, int(row) if at else None)


def _difference(batch: ImportBatch, before: dict[Outcome, int]) -> str:
    """The counts that have changed, in one sentence."""
    moved = [
        f"{in_chinese(outcome.label)} {was} → {now} 行"
        for outcome, was in before.items()
        if (now := getattr(batch, str(outcome))) != was
    ]
    return f"预览已更新：{'，'.join(moved)}。" if moved else "预览已更新，各类行数没有变化。"
