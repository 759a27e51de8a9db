"""Personal data: masked where it is shown, as an ORM expression so that lists stay one statement."""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Left, Length, Right
from django.db.models.lookups import LessThan

from backend.core.masking import ANONYMOUS, mask_name, mask_phone

HIDDEN = "＊＊＊"


def mask(kind: str, value: Any) -> str:
    """The masked form of a value; "" of nothing."""
    if value in (None, ""):
        return ""
    if kind == "name":
        return mask_name(str(value))
    if kind == "phone":
        return mask_phone(str(value))
    return HIDDEN


def masked(kind: str, path: str) -> Case:
    """The same as an expression over a column: what lists, both APIs and exports select."""
    column = F(path)
    if kind == "name":
        shown: Any = Case(
            When(**{f"{path}__startswith": ANONYMOUS}, then=Value(ANONYMOUS)),
            default=Concat(Left(path, 1), Value("*")),
        )
    elif kind == "phone":
        shown = Case(
            When(LessThan(Length(path), 8), then=Value("****")),
            default=Concat(Left(path, 3), Value("****"), Right(path, 4)),
        )
    else:
        shown = Value(HIDDEN)
    return Case(
        When(**{f"{path}__isnull": True}, then=Value("")),
        When(**{path: ""}, then=column),
        default=shown,
        output_field=CharField(),
    )


def shown(kind: str, path: str, whole: Q | None) -> Any:
    """An expression: the value itself in the rows `whole`, its mask in all others."""
    if whole is None:
        return masked(kind, path)
    return Case(When(whole, then=F(path)), default=masked(kind, path), output_field=CharField())


def in_full(path: str, whole: Q | None) -> Any:
    """An expression: the value itself in the rows `whole`, null in all others."""
    nothing = Value(None, output_field=CharField())
    if whole is None:
        return nothing
    return Case(When(whole, then=F(path)), default=nothing, output_field=CharField())


def keep_masked(record: Any, stored: Any) -> None:
    """Puts back each personal value of which `record` only brings the mask."""
    for name, kind in record.personal.items():
        known = getattr(stored, name)
        given = getattr(record, name)
        if given != known and known and given == mask(kind, known):
            setattr(record, name, known)
