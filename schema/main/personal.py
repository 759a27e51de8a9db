"""Personal values in full: nullable fields beside the masked ones, logged once a response."""

from collections.abc import Iterator
from typing import Any

import strawberry_django
from strawberry.extensions import SchemaExtension
from strawberry.types import Info

from backend.core.disclosures import Reading, reading_of
from backend.core.models import Kept
from schema.main.base import DOOR

_UNASKED = object()


def reading(info: Info) -> Reading:
    """What this request shows in full."""
    return reading_of(info.context.request, DOOR)


def in_full(model: type[Kept], name: str) -> Any:
    """A field `<name>InFull`: null unless the caller has a reveal open for the row.

    In a type: `phone_in_full = in_full(models.Resident, "phone")`.
    """
    column = f"whole_{name}"

    def resolve(self: Any, info: Info) -> str | None:
        value = getattr(self, column, _UNASKED)
        if value is _UNASKED:
            # An object that did not come through the optimizer: a mutation's answer.
            value = getattr(self, name) if reading(info).shows(self) else None
        if value is None:
            return None
        reading(info).note(self)
        return str(value)

    return strawberry_django.field(
        resolve,
        only=["community_id"],
        annotate={column: lambda info: reading(info).in_full(model, name)},
        description=f"Not masked; null unless a reveal is open (openReveal), area {model.area}. Logged.",
    )


class LoggedReads(SchemaExtension):
    """Writes the log of what an operation showed in full, before its answer leaves."""

    def on_operation(self) -> Iterator[None]:
        yield
        request = getattr(self.execution_context.context, "request", None)
        if request is not None:
            reading_of(request, DOOR).log()
