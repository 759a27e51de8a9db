"""What the mutations of imports take."""

import strawberry
from strawberry.file_uploads import Upload as UploadScalar


@strawberry.input
class UploadSheetInput:
    """A spreadsheet for a register; nothing is written before it is confirmed."""

    register: str = strawberry.field(description="attendance, residents …")
    file: UploadScalar = strawberry.field(description="By the multipart request specification.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key twice: the first result."
    )
    event: str | None = strawberry.field(
        default=None, description="Code of the event that the sheet is of."
    )
    community: str | None = strawberry.field(
        default=None, description="Code of the community; the event's, or the caller's only one."
    )
    sheet: str | None = strawberry.field(
        default=None, description="Name of the sheet, where the file has several."
    )
    despite_template: bool = strawberry.field(
        default=False,
        description="Take a template that was made for another register or event.",
    )


@strawberry.input
class ColumnUse:
    """What one column of the file is."""

    index: int = strawberry.field(description="0 is column A.")
    use: str | None = strawberry.field(
        default=None,
        description="An attribute of the register (`columns { attribute }`), `-` to ignore the "
        "column, `+` to keep it with the remark; null leaves it to the importer.",
    )


@strawberry.input
class QuestionAnswer:
    """One question of the import answered."""

    code: str = strawberry.field(description="The problem's code.")
    row: int | None = strawberry.field(
        default=None, description="Of this row alone; left out: of all rows that ask it."
    )
    value: str | None = strawberry.field(
        default=None, description="One of the question's choices; null takes an answer back."
    )


@strawberry.input
class DirectImportInput:
    """What the importer could not know of a file; what is left out stays as said before."""

    batch: str = strawberry.field(description="Code of the import: PLANNED or REFUSED.")
    sheet: str | None = strawberry.field(
        default=None, description="Name of the sheet; with another one all else is forgotten."
    )
    header_row: int | None = strawberry.field(
        default=None,
        description="Row of the headings, as the spreadsheet program shows it; 0 if there is none.",
    )
    columns: list[ColumnUse] = strawberry.field(default_factory=list)
    remember: bool | None = strawberry.field(
        default=None, description="Hold the columns good for later sheets with the same headings."
    )
    answers: list[QuestionAnswer] = strawberry.field(default_factory=list)


@strawberry.input
class ConfirmImportInput:
    """A planned import to carry out."""

    batch: str = strawberry.field(description="Code of the import.")
    take_good: bool = strawberry.field(
        default=False, description="Write the good rows though others have problems."
    )


@strawberry.input
class UndoImportInput:
    """A carried-out import to take back."""

    batch: str = strawberry.field(description="Code of the import.")
    reason: str = ""
