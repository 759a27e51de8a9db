"""What an import asks its staff, as the main API tells it."""

from typing import Any

import strawberry

from backend.core.errors import RuleViolation
from backend.imports.answering import AskedQuestion, AskedRow

MAX_ROWS = 1000


@strawberry.type(description="One answer to a question of an import.")
class QuestionChoice:
    value: str = strawberry.field(description="What `directImport` takes.")
    label: str = strawberry.field(description="In Chinese; people in it are masked.")
    alike: bool = strawberry.field(description="Whether it may be given for all rows alike.")


@strawberry.type(description="A row that asks a question.")
class QuestionRow:
    row: int = strawberry.field(description="As the spreadsheet program shows it.")
    column: str | None = strawberry.field(description="The heading in the file.")
    choices: list[QuestionChoice]
    answer: str | None = strawberry.field(description="What holds for it; null while nothing does.")


@strawberry.type(description="One kind of question, and the rows that ask it.")
class SheetQuestion:
    code: str = strawberry.field(description="The problem's code.")
    title: str
    column: str | None = strawberry.field(description="The heading in the file.")
    total: int = strawberry.field(description="How many rows ask it.")
    answered: int = strawberry.field(description="How many of them have an answer.")
    answer: str | None = strawberry.field(description="The answer given for all rows alike.")
    choices: list[QuestionChoice] = strawberry.field(
        description="What may be said for all rows alike; a row may have more."
    )
    _asked: strawberry.Private[list[AskedRow]]

    @strawberry.field(description="Their numbers; at most 1000 a call, from `offset` on.")
    def rows(self, first: int = MAX_ROWS, offset: int = 0) -> list[int]:
        return [asked.row for asked in _some(self._asked, first, offset)]

    @strawberry.field(
        description="The rows with what may be said of each; at most 1000 a call, from `offset` on."
    )
    def asked(self, first: int = 100, offset: int = 0) -> list[QuestionRow]:
        return [
            QuestionRow(
                row=asked.row,
                column=asked.column,
                choices=_choices(asked.choices),
                answer=asked.answer or None,
            )
            for asked in _some(self._asked, first, offset)
        ]


def as_question(asked: AskedQuestion) -> SheetQuestion:
    """One kind of question, as the API tells it."""
    return SheetQuestion(
        code=asked.code,
        title=asked.title,
        column=asked.column,
        total=len(asked.rows),
        answered=asked.answered,
        answer=asked.answer or None,
        choices=_choices(asked.choices.values()),
        _asked=asked.rows,
    )


def _choices(choices: Any) -> list[QuestionChoice]:
    return [QuestionChoice(value=c.value, label=c.label, alike=c.alike) for c in choices]


def _some(rows: list[AskedRow], first: int, offset: int) -> list[AskedRow]:
    if not 0 <= first <= MAX_ROWS or offset < 0:
        raise RuleViolation("page_too_large", f"first 最大 {MAX_ROWS}，请分批读取。")
    return rows[offset : offset + first]
