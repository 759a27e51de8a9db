"""Questions of a sheet's rows, and the answers that staff have given: one place for both.

A question is asked of a row, and rejects it, until a choice is made: for this row, or for all rows
that ask the same. What was chosen stands on the row as a note.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from backend.imports.directions import Choice
from backend.imports.plan import Problem, SheetRow
from backend.imports.problems import Level

ANSWERED, UNKNOWN = "answered", "answer_unknown"
# Choices of many questions.
LEAVE_OUT = Choice("skip", "这一行不导入")
BLANK = Choice("blank", "这一格留空")
FIRST = Choice("first", "保留前面那一行，这一行不导入")
LAST = Choice("last", "以这一行为准，前面那一行不导入")

_TITLES: dict[str, str] = {}


def question(code: str, title: str) -> str:
    """Names a kind of question: what the preview calls it. Answers the code."""
    _TITLES[code] = title
    return code


def title_of(code: str) -> str:
    """What a kind of question is called; "" if there is none of that code."""
    return _TITLES.get(code, "")


def kinds() -> list[str]:
    """The code of every kind of question that a row may ask."""
    return sorted(_TITLES)


def split_key(key: str) -> tuple[str, int | None]:
    """The code of an answer's key, and the row if it is one row's own."""
    code, at, row = key.partition("@")
    return code, int(row) if at and row.isascii() and row.isdigit() else None


def is_a_key(key: str) -> bool:
    """Whether a key is a code that is known, alone or with a row."""
    code, row = split_key(key)
    return code in _TITLES and key in (code, f"{code}@{row}")


class Questions:
    """What one file's rows have asked, and how it was answered."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers
        # By key: whether the answer was among some row's choices.
        self._fits: dict[str, bool] = {}
        self._offered: dict[str, dict[str, Choice]] = defaultdict(dict)

    def decide(
        self,
        row: SheetRow,
        column: str | None,
        code: str,
        message: str,
        choices: Sequence[Choice],
    ) -> str | None:
        """The value chosen for a row, which then bears a note of it; None, and the row rejected,
        while nothing is. Whoever is to be left out is.
        """
        chosen = self.look(row.number, code, choices)
        if chosen is None:
            row.ask(column, code, message, tuple(choices))
            return None
        if chosen.value == LEAVE_OUT.value:
            row.leave_out()
        row.note_answer(column, code, chosen, tuple(choices))
        return chosen.value

    def look(self, row: int, code: str, choices: Sequence[Choice]) -> Choice | None:
        """The choice made for a row that asks, or None."""
        for choice in choices:
            self._offered[code].setdefault(choice.value, choice)
        for key, alike in ((f"{code}@{row}", False), (code, True)):
            given = self._answers.get(key)
            if not given:
                continue
            found = next((c for c in choices if c.value == given and (c.alike or not alike)), None)
            self._fits[key] = self._fits.get(key, False) or found is not None
            # A row's own answer beats that for all, even where it does not fit.
            return found
        return None

    def unfit(self) -> dict[str, Problem]:
        """The answers, by key, that no row which asked could take, and what is to be said of them.

        An answer whose question nobody asks is none of them: it may come up yet.
        """
        wrong = {key for key in self._answers if not is_a_key(key)}
        wrong |= {key for key, fits in self._fits.items() if not fits}
        return {key: self._unknown(key) for key in sorted(wrong)}

    def _unknown(self, key: str) -> Problem:
        code, row = split_key(key)
        offered = self._offered.get(code, {})
        named = "、".join(f"{c.value}（{c.label}）" for c in offered.values() if c.alike or row)
        about = f"“{title_of(code)}”" if title_of(code) else f"“{code}”"
        message = (
            f"对{about}的回答不在可选项里。可以选：{named}。"
            if named
            else f"没有{about}这个问题，请核对。"
        )
        return Problem(row, None, UNKNOWN, Level.ERROR, message)
