"""What the roster exports: under the importer's own headings, so that it can come back."""

from django.db.models import Case, CharField, Value, When

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
)
from backend.core.exporting.kinds import Kind
from backend.core.words import in_chinese
from backend.people.choices import Residence
from backend.people.door_text import address_expression
from backend.people.models import Resident
from backend.people.sheet_columns import ADDRESS


def residence_expression() -> Case:
    """居住状态 in Chinese, as the list shows it."""
    there, out, dead = (
        Value(in_chinese(one.label))
        for one in (Residence.PRESENT, Residence.MOVED_OUT, Residence.DECEASED)
    )
    return Case(
        When(died_on__isnull=False, then=dead),
        When(moved_out_on__isnull=False, then=out),
        default=there,
        output_field=CharField(),
    )


RESIDENTS = exports(
    Resident,
    ExportSheet(
        (
            column_of(Resident, "name"),
            column_of(Resident, "gender"),
            column_of(Resident, "birth_month"),
            column_of(Resident, "phone"),
            ExportColumn("door", ADDRESS.heading, address_expression, Kind.LONG, "hidden"),
            column_of(Resident, "building", heading="所在楼栋"),
            ExportColumn("residence", "居住状态", residence_expression),
            column_of(Resident, "remark"),
            ExportColumn("estate", "所在小区", "building__estate__name", usual=False),
            column_of(Resident, "unit", heading="所在单元", usual=False),
            column_of(Resident, "room", heading="所在室", usual=False),
            column_of(Resident, "moved_out_on", usual=False),
            column_of(Resident, "died_on", usual=False),
            column_of(Resident, "community", usual=False),
            column_of(Resident, "updated_at", usual=False),
            identity_column(Resident),
        ),
        title="居民花名册",
    ),
)
