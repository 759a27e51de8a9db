"""Records that an undo leaves as they are, as the main API tells them."""

import strawberry

from backend.imports.left import LeftRow


@strawberry.type(description="A record that an undo leaves: others have worked on it since.")
class LeftRecord:
    row: int | None = strawberry.field(description="Of the sheet; null once the plan has expired.")
    model: str = strawberry.field(description="What it is: people.Resident …")
    key: int = strawberry.field(description="Its key.")
    record: str = strawberry.field(description="The record, masked.")
    reason: str = strawberry.field(
        description="changed, gone, used, forgotten, or the rule that forbids to restore it."
    )
    message: str = strawberry.field(description="The reason in words: what, by whom, when.")


def as_left(one: LeftRow) -> LeftRecord:
    """One record, as the API tells it."""
    return LeftRecord(
        row=one.row,
        model=one.model,
        key=one.pk,
        record=one.record,
        reason=one.reason,
        message=one.why,
    )
