"""The verb with which staff tell the importer what it could not know: sheet, header, columns, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.core.access import Actor, require
from backend.imports import rules
from backend.imports.actions import directions_of
from backend.imports.directions import NONE, Directions
from backend.imports.models import ImportBatch
from backend.imports.sheet import sheet_of
from backend.imports.tasks import read_again
from backend.jobs.models import Job


@dataclass(frozen=True)
class Answered:
    """One question answered: for one row, or (row None) for all rows alike; None takes it back."""

    code: str
    value: str | None
    row: int | None = None

    @property
    def key(self) -> str:
        return self.code if self.row is None else f"{self.code}@{self.row}"


@dataclass(frozen=True)
class Said:
    """What was said this time; what is left out stays as it was said before.

    Another sheet makes all that was said of the first one void, another header row its columns.
    `columns` maps a position to an attribute, IGNORED or KEPT; None leaves it to the importer.
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[int, str | None] = field(default_factory=dict)
    answers: Sequence[Answered] = ()
    # Whether the columns are to be remembered for sheets with the same headings; None: as before.
    remember: bool | None = None

    def over(self, earlier: Directions) -> Directions:
        """The directions that hold now."""
        now = earlier
        if self.sheet is not None and self.sheet != earlier.sheet:
            now = replace(NONE, sheet=self.sheet)
        if self.header_row is not None and self.header_row != now.header_row:
            now = replace(now, header_row=self.header_row, columns={})
        columns = {**now.columns, **self.columns}
        answers = {**now.answers, **{answer.key: answer.value for answer in self.answers}}
        return replace(
            now,
            columns={index: use for index, use in columns.items() if use is not None},
            answers={key: value for key, value in answers.items() if value is not None},
            remember=now.remember if self.remember is None else self.remember,
        )


def direct_import(batch: ImportBatch, said: Said, *, by: Actor) -> Job | None:
    """Plans a batch anew by what staff say of its file; a large one by the job that is answered.

    Raises: as `rules.directions_fit` and `tasks.read_again`.
    """
    sheet = sheet_of(batch.register)
    require(by, sheet.action, batch.community_id)
    require(by, ImportBatch.action("move"), batch.community_id)
    directions = said.over(directions_of(batch))
    rules.directions_fit(
        directions,
        attributes={
            column.attribute for column in sheet.columns_for(batch.community) if not column.ignored
        },
        keeps_remarks=sheet.keeps_remarks,
    )
    return read_again(batch, directions, by=by)
