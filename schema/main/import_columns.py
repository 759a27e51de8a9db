"""What an import's columns and sheets are, as the main API tells them."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core.errors import RuleViolation
from backend.imports.mapping import Mapping, can_be_directed, mapping_of
from backend.imports.reading import UnreadableFile

# Each is opened by a process of its own.
MAX_FILES_READ = 3


@strawberry.type(description="One column of the file, and what it was taken for.")
class SheetColumn:
    index: int = strawberry.field(description="0 is column A.")
    heading: str
    attribute: str | None = strawberry.field(
        description="What it is read as: an attribute of the register, `+` kept with the remark; "
        "null: not read."
    )
    label: str = strawberry.field(description="The attribute's own heading, empty if not read.")
    confidence: float = strawberry.field(
        description="From 0 to 1. 1: by name, by what staff said now or earlier; from 0.8 on it "
        "is taken, below it is not read and may be `proposal`."
    )
    reason: str = strawberry.field(description="Why, in words.")
    proposal: str | None = strawberry.field(description="What it may be, where it is not read.")
    examples: list[str] = strawberry.field(description="Up to three cells, personal ones masked.")


@strawberry.type(description="One sheet of a file with several.")
class WorkbookSheet:
    name: str
    rows: int = strawberry.field(description="Rows that hold anything, 2000 at most.")
    headings: list[str] = strawberry.field(description="The first of its headings, if known.")


def columns_of(batch: Any, info: Info) -> list[SheetColumn] | None:
    """The columns of an import's file; None once nobody can direct it. Raises: query_too_costly."""
    found = _mapping(batch, info)
    if found is None:
        return None
    return [
        SheetColumn(
            index=column.index,
            heading=column.heading,
            attribute=column.attribute,
            label=column.label,
            confidence=column.confidence,
            reason=column.reason,
            proposal=column.proposal or None,
            examples=column.examples,
        )
        for column in found.columns
    ]


def sheets_of(batch: Any, info: Info) -> list[WorkbookSheet]:
    """The sheets of which one is to be chosen. Raises: query_too_costly."""
    found = _mapping(batch, info)
    return [
        WorkbookSheet(name=sheet.name, rows=sheet.rows, headings=sheet.headings)
        for sheet in (found.sheets if found else ())
    ]


def _mapping(batch: Any, info: Info) -> Mapping | None:
    """The file's columns, read once a report; None where nobody can direct it any more."""
    if not can_be_directed(batch):
        return None
    kept = batch.__dict__
    if "_mapping" not in kept:
        request = info.context.request
        request._linli_files_read = getattr(request, "_linli_files_read", 0) + 1
        if request._linli_files_read > MAX_FILES_READ:
            raise RuleViolation("query_too_costly", "一次请求读取的文件太多，请分几次请求。")
        try:
            kept["_mapping"] = mapping_of(batch)
        except UnreadableFile:
            kept["_mapping"] = None
    found: Mapping | None = kept["_mapping"]
    return found
