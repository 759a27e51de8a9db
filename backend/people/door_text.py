"""Where somebody lives, in one line: as an export writes it, and as the importer reads it back."""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat

# What staff's own names of buildings may end with already.
BUILDING_WORDS = ("楼", "栋", "幢", "座", "#", "院")


def door_text(estate: str, building: str, unit: str, room: str) -> str:
    """万达华府3号楼2单元501室."""
    if not building:
        return ""
    text = f"{estate}{building}" + ("" if building.endswith(BUILDING_WORDS) else "号楼")
    return text + (f"{unit}单元" if unit else "") + (f"{room}室" if room else "")


def address_expression(via: str = "") -> Any:
    """The same as an expression, or the address as it was written where no building is known.

    `via` is the path to the resident, with its underscores: "resident__".
    """
    building, unit, room = (f"{via}{name}" for name in ("building__name", "unit", "room"))
    ends = Q(pk__in=[])
    for word in BUILDING_WORDS:
        ends |= Q(**{f"{building}__endswith": word})
    text = CharField()
    return Case(
        When(**{f"{via}building__isnull": True}, then=F(f"{via}address")),
        default=Concat(
            F(f"{via}building__estate__name"),
            F(building),
            Case(When(ends, then=Value("")), default=Value("号楼")),
            Case(When(**{unit: ""}, then=Value("")), default=Concat(F(unit), Value("单元"))),
            Case(When(**{room: ""}, then=Value("")), default=Concat(F(room), Value("室"))),
        ),
        output_field=text,
    )
