"""What registers of volunteers export: under the importer's own headings, so that it can come back."""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
    in_words,
)
from backend.core.exporting.kinds import Kind
from backend.core.exporting.listed import Listed
from backend.core.masking import ANONYMOUS
from backend.imports.widgets import HoursWidget
from backend.people.choices import Gender
from backend.people.door_text import address_expression
from backend.people.models import Resident
from backend.people.sheet_columns import ADDRESS, PHONE
from backend.volunteers.hours_sheet import DAY, END, MINUTES, START
from backend.volunteers.models import (
    Certificate,
    Honour,
    ServiceRecord,
    TeamMember,
    Volunteer,
    verified_minutes,
)
from backend.volunteers.roster_sheet import HOURS, TEAMS

_hours = HoursWidget().render


def in_hours(minutes: int | None) -> str | None:
    """Minutes as the importer reads them: 12小时30分."""
    return _hours(minutes) if minutes else None


def _clock(moment: datetime | None) -> str | None:
    return f"{timezone.localtime(moment):%H:%M}" if moment is not None else None


def resident() -> type[Resident]:
    """Whose name and phone these are: the rights are those on the roster."""
    return Resident


def person(path: str, name: str, heading: str, kind: Kind = Kind.TEXT, mask: str = "") -> Any:
    """A column of the resident behind a row; `path` leads to them."""
    return ExportColumn(name, heading, f"{path}__{name}", kind, mask, via=path, owner=resident)


def name_of(path: str) -> ExportColumn:
    """The name; of somebody who was erased, that they were."""
    return ExportColumn(
        "name",
        "姓名",
        lambda: Coalesce(F(f"{path}__name"), Value(ANONYMOUS)),
        personal="name",
    )


def _teams() -> Any:
    rows = TeamMember.objects.filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    names = rows.annotate(names=Listed("team__name", "pk")).values("names")
    return Subquery(names, output_field=TextField())


def _total() -> Any:
    return Coalesce(F("carried_minutes"), 0) + verified_minutes()


VOLUNTEERS = exports(
    Volunteer,
    ExportSheet(
        (
            name_of("resident"),
            ExportColumn(
                "gender",
                "性别",
                "resident__gender",
                words=in_words(Gender.choices),
                via="resident",
                owner=resident,
            ),
            person("resident", "birth_month", "出生年月", Kind.DIGITS, "hidden"),
            column_of(Volunteer, "political_status", usual=False),
            person("resident", "phone", PHONE.heading, Kind.DIGITS, "phone"),
            ExportColumn(
                "door",
                ADDRESS.heading,
                lambda: address_expression("resident__"),
                Kind.LONG,
                "hidden",
                via="resident",
                owner=resident,
            ),
            column_of(Volunteer, "skills"),
            ExportColumn("teams", TEAMS.heading, _teams),
            ExportColumn("hours", HOURS.heading, _total, Kind.DIGITS, words=in_hours),
            column_of(Volunteer, "remark"),
            ExportColumn("verified", "已核实时长", verified_minutes, Kind.DIGITS, words=in_hours),
            column_of(Volunteer, "standing", usual=False),
            column_of(Volunteer, "applied_on", usual=False),
            column_of(Volunteer, "status"),
            column_of(Volunteer, "code", usual=False),
            column_of(Volunteer, "community", usual=False),
            column_of(Volunteer, "updated_at", usual=False),
            identity_column(Volunteer),
        ),
        title="志愿者花名册",
    ),
)
RECORDS = exports(
    ServiceRecord,
    ExportSheet(
        (
            name_of("volunteer__resident"),
            person("volunteer__resident", "phone", "电话", Kind.DIGITS, "phone"),
            ExportColumn("day", DAY.heading, lambda: TruncDate("starts_at"), Kind.DAY),
            ExportColumn("start", START.heading, "starts_at", Kind.DIGITS, words=_clock),
            ExportColumn("end", END.heading, "ends_at", Kind.DIGITS, words=_clock),
            ExportColumn("minutes", MINUTES.heading, "minutes", Kind.DIGITS, words=in_hours),
            column_of(ServiceRecord, "content"),
            column_of(ServiceRecord, "source"),
            column_of(ServiceRecord, "status"),
            column_of(ServiceRecord, "verified_at", usual=False),
            column_of(ServiceRecord, "code", usual=False),
            ExportColumn(
                "volunteer_code", "志愿者编号", "volunteer__code", Kind.DIGITS, usual=False
            ),
            column_of(ServiceRecord, "community", usual=False),
            identity_column(ServiceRecord),
        ),
        period="starts_at",
        title="志愿服务记录表",
    ),
)
CERTIFICATES = exports(
    Certificate,
    ExportSheet(
        (
            column_of(Certificate, "number"),
            name_of("volunteer__resident"),
            ExportColumn("volunteer_code", "志愿者编号", "volunteer__code", Kind.DIGITS),
            column_of(Certificate, "starts_on"),
            column_of(Certificate, "ends_on"),
            ExportColumn("minutes", "服务时长", "minutes", Kind.DIGITS, words=in_hours),
            column_of(Certificate, "services"),
            column_of(Certificate, "issuer"),
            column_of(Certificate, "issued_on"),
            column_of(Certificate, "status"),
            column_of(Certificate, "voided_on"),
            column_of(Certificate, "void_reason"),
        ),
        title="志愿服务证明台账",
    ),
)
HONOURS = exports(
    Honour,
    ExportSheet(
        (
            column_of(Honour, "level"),
            name_of("volunteer__resident"),
            ExportColumn("volunteer_code", "志愿者编号", "volunteer__code", Kind.DIGITS),
            ExportColumn("minutes", "授予时时长", "minutes", Kind.DIGITS, words=in_hours),
            column_of(Honour, "granted_on"),
            column_of(Honour, "status"),
        ),
        title="志愿者荣誉台账",
    ),
)
