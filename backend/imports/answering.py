"""The questions that a batch's rows ask, with the answers given so far."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from backend.imports.asking import Questions, title_of
from backend.imports.directions import Choice
from backend.imports.models import ImportBatch
from backend.imports.plan import Problem
from backend.imports.problems import Level
from backend.imports.queries import row_problems


@dataclass(slots=True)
class AskedRow:
    """One row that asks; `answer` is what holds for it, "" while nothing does."""

    row: int
    column: str | None
    choices: tuple[Choice, ...]
    answer: str = ""


@dataclass(slots=True)
class AskedQuestion:
    """One kind of question, and all the rows that ask it."""

    code: str
    title: str
    column: str | None
    # What the first row was told.
    message: str
    rows: list[AskedRow] = field(default_factory=list)
    # What may be said for all rows alike.
    choices: dict[str, Choice] = field(default_factory=dict)
    # The answer given for all rows alike.
    answer: str = ""

    @property
    def answered(self) -> int:
        """How many rows have an answer."""
        return sum(bool(row.answer) for row in self.rows)

    @property
    def open(self) -> int:
        """How many rows wait for one."""
        return len(self.rows) - self.answered


def questions_of(batch: ImportBatch) -> list[AskedQuestion]:
    """Every kind of question that the rows of a batch ask or have asked; the open ones first."""
    return asked_in(row_problems(batch), batch.directions.get("answers", {}))


def asked_in(problems: Iterable[Problem], answers: Mapping[str, str]) -> list[AskedQuestion]:
    """The same for any rows' problems."""
    found: dict[str, AskedQuestion] = {}
    for problem in problems:
        code = problem.question or (problem.code if problem.level == Level.QUESTION else "")
        if not code or not problem.choices or problem.row is None:
            continue
        asked = found.get(code)
        if asked is None:
            message = "" if problem.question else problem.message
            asked = AskedQuestion(code, title_of(code), problem.column, message)
            asked.answer = answers.get(code, "")
            found[code] = asked
        asked.message = asked.message or ("" if problem.question else problem.message)
        asked.rows.append(AskedRow(problem.row, problem.column, problem.choices, problem.answer))
        for choice in problem.choices:
            if choice.alike:
                asked.choices.setdefault(choice.value, choice)
    return sorted(found.values(), key=lambda asked: (not asked.open, asked.code))


def refuse_unfit(unfit: Mapping[str, Problem], fresh: Collection[str]) -> None:
    """Raises: answer_unknown for the first of the `fresh` answers that no row can take.

    An older one may have lost its choice since: its rows simply ask again.
    """
    for key in fresh:
        if key in unfit:
            raise unfit[key].as_violation("answers")


def fresh_answers(batch: ImportBatch, answers: Mapping[str, str]) -> list[str]:
    """The keys of those answers that a batch does not have yet."""
    known = batch.directions.get("answers", {})
    return [key for key, value in answers.items() if known.get(key) != value]


def unfit_for(batch: ImportBatch, answers: Mapping[str, str]) -> dict[str, Problem]:
    """As `Questions.unfit`, by what the rows of the present plan ask: nothing is read anew."""
    questions = Questions(answers)
    for problem in row_problems(batch):
        if problem.choices and problem.row is not None:
            questions.look(problem.row, problem.question or problem.code, problem.choices)
    return questions.unfit()
