"""What events and sign-in lists export: under the importer's own headings, so that it can come back."""

from dataclasses import replace

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
)
from backend.core.exporting.kinds import Kind
from backend.education.facets import EVENT
from backend.education.models import (
    Attendance,
    LegalEducationEvent,
    attendance_count,
    heads_total,
    places_taken,
)
from backend.education.sheets import CODE, COMPANIONS, SIGNED
from backend.people.door_text import address_expression
from backend.people.models import Resident
from backend.people.sheet_columns import ADDRESS, PHONE

_OF_EVENT = tuple(column_of(LegalEducationEvent, name) for name in EVENT.exported)

EVENTS = exports(
    LegalEducationEvent,
    ExportSheet(
        (
            *_OF_EVENT[:-1],
            ExportColumn("registered", "报名人数", places_taken, Kind.NUMBER),
            ExportColumn("signed_in", "签到人次", attendance_count, Kind.NUMBER),
            ExportColumn("heads", "总人次", heads_total, Kind.NUMBER),
            _OF_EVENT[-1],
            column_of(LegalEducationEvent, "community", usual=False),
        ),
        period="starts_at",
        title="普法活动台账",
    ),
)


def _resident() -> type[Resident]:
    return Resident


ATTENDANCE = exports(
    Attendance,
    ExportSheet(
        (
            ExportColumn("event_code", CODE.heading, "event__code", Kind.DIGITS),
            column_of(Attendance, "event"),
            column_of(Attendance, "name"),
            column_of(Attendance, "gender"),
            column_of(Attendance, "age"),
            # Of the roster: by the rights on it, masked as it is there.
            ExportColumn(
                "phone",
                PHONE.heading,
                "resident__phone",
                Kind.DIGITS,
                "phone",
                via="resident",
                owner=_resident,
            ),
            ExportColumn(
                "door",
                ADDRESS.heading,
                lambda: address_expression("resident__"),
                Kind.LONG,
                "hidden",
                via="resident",
                owner=_resident,
            ),
            column_of(Attendance, "signed_in_at"),
            replace(column_of(Attendance, "signed"), heading=SIGNED.heading),
            replace(column_of(Attendance, "companions"), heading=COMPANIONS.heading),
            column_of(Attendance, "remark"),
            ExportColumn("held_on", "活动时间", "event__starts_at", Kind.MOMENT, usual=False),
            column_of(Attendance, "community", usual=False),
            identity_column(Attendance),
        ),
        period="event__starts_at",
        title="签到台账",
    ),
)
