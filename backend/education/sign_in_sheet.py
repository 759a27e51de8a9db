"""The sign-in sheet on paper: which lines it has, and how they fall on pages of A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.access import Actor, may, scope
from backend.core.disclosures import log_export
from backend.core.errors import not_allowed
from backend.core.masking import ANONYMOUS, mask_phone
from backend.core.reveals import reveal_scope
from backend.core.rules import reason_says_why
from backend.education.choices import TAKING
from backend.education.models import LegalEducationEvent, Registration
from backend.education.sheets import SHEET
from backend.imports.columns import Column

# What is written by hand, in the order of the line; each is read by the importer under its heading.
_ON_PAPER = ("number", "name", "gender", "age", "phone", "address", "signed", "remark")
# Lines of 11 mm that fit below the title with its code, and below the short one of further pages.
FIRST_PAGE, FURTHER_PAGE = 20, 23
MOST_LINES = 500


def paper_columns() -> list[Column]:
    """The columns of the paper, as the importer knows them."""
    known = {column.attribute: column for column in SHEET.columns}
    return [known[name] for name in _ON_PAPER]


@dataclass(frozen=True)
class Line:
    """One line to sign; a name and a masked phone where they are printed already."""

    number: int
    name: str = ""
    phone: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page."""

    number: int
    lines: tuple[Line, ...]


def pages_of(expected: Sequence[Registration], blank: int) -> list[Sheet]:
    """The pages: those who registered first, then blank lines; at least one page."""
    lines = [
        Line(
            number,
            name_of(row),
            mask_phone(phone_of(row)),
            f"同来 {row.size - 1} 人" if row.size > 1 else "",
        )
        for number, row in enumerate(expected, start=1)
    ]
    lines += [Line(len(lines) + number) for number in range(1, blank + 1)]
    pages = [tuple(lines[:FIRST_PAGE])]
    for start in range(FIRST_PAGE, len(lines), FURTHER_PAGE):
        pages.append(tuple(lines[start : start + FURTHER_PAGE]))
    return [Sheet(number, some) for number, some in enumerate(pages, start=1)]


def may_print_names(event: LegalEducationEvent, by: Actor) -> bool:
    """Whether the names of those who registered may leave on paper or in a file, given a reason."""
    whole = reveal_scope(by.user, Registration.area).covers(event.community_id)
    return whole and may(by, Registration.action("export"), event.community_id)


def names_leave(
    event: LegalEducationEvent, *, by: Actor, reason: str, details: str
) -> list[Registration]:
    """Those who have a place at the event, in the order of their names; written down as an export.

    Raises: not_allowed; reason_too_short; reason_too_long; text_has_personal_data.
    """
    if not may_print_names(event, by):
        raise not_allowed()
    reason = " ".join(reason.split())
    reason_says_why(reason)
    rows: Any = Registration.objects.visible_to(by.user).filter(
        Registration.rows_in(scope(by.user, Registration.action("export"))),
        event=event,
        status__in=TAKING,
    )
    rows = rows.select_related("resident").order_by("registered_at", "pk")
    found = [row for row in rows if name_of(row) and not name_of(row).startswith(ANONYMOUS)]
    log_export(
        Registration,
        {event.community_id: [row.pk for row in found]},
        by=by,
        reason=reason,
        whole=True,
        details=f"{details} · {event.code}",
    )
    return found


def name_of(row: Registration) -> str:
    """Whom a registration is for."""
    return row.name or (row.resident.name if row.resident is not None else "")


def phone_of(row: Registration) -> str:
    """The phone to ring, as far as it is known."""
    return row.phone or (row.resident.phone if row.resident is not None else "")
