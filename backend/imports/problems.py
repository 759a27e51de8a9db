"""What can be wrong with a cell."""

from enum import StrEnum


class Level(StrEnum):
    """How grave: an error or an unanswered question rejects its row, a note does not."""

    ERROR = "error"
    QUESTION = "question"
    NOTE = "note"


class CellProblem(ValueError):
    """A cell that cannot be taken as it is. The message never repeats the value.

    A ValueError, because that is what django-import-export wants of a widget.
    """

    def __init__(self, code: str, message: str, level: Level = Level.ERROR) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.level = level
