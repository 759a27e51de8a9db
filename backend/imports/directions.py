"""What staff have told the importer about a file: which sheet, which column is what, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What may be said of a column instead of an attribute of the register.
IGNORED = "-"
KEPT = "+"  # kept with the remark, as “heading：value”


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question; `alike` says whether it may be given for all rows that ask it."""

    value: str
    label: str
    alike: bool = True


@dataclass(frozen=True)
class Directions:
    """A file is planned by these; the same file with the same directions gives the same plan.

    `columns` maps a position (0 is column A) to an attribute of the register, IGNORED, or KEPT;
    positions that are not in it are found by the importer. `header_row` is as the spreadsheet
    program shows it, 0 where there is none. `answers` maps a question's code, or `code@row`, to one of its choices.
    """

    sheet: str = ""
    header_row: int | None = None
    columns: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    # Whether what is said of the columns holds for later sheets with the same headings.
    remember: bool = False

    def answer(self, code: str, row: int) -> str | None:
        """The answer for a row: its own, else the one for all rows alike; None if there is none."""
        return self.answers.get(f"{code}@{row}") or self.answers.get(code)

    def as_dict(self) -> dict[str, Any]:
        """For the batch: JSON has text keys alone."""
        return {
            "header_row": self.header_row,
            "columns": {str(index): said for index, said in self.columns.items()},
            "answers": dict(self.answers),
            "remember": self.remember,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], sheet: str = "") -> "Directions":
        """What `as_dict` gave."""
        return cls(
            sheet=sheet,
            header_row=stored.get("header_row"),
            columns={int(index): said for index, said in stored.get("columns", {}).items()},
            answers=dict(stored.get("answers", {})),
            remember=stored.get("remember", False),
        )


NONE = Directions()
