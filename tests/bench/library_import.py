"""The same import as django-import-export does it by default: a ModelResource, row by row.

Written as its manual says: the dataset loaded with its own XLSX format, ForeignKeyWidgets, an
instance looked up for each row by its natural key, the person found or made before the row. Rows
with a bad phone are errors; as one is enough for the library to take everything back, the bad rows
are left out of what it is given. No history, no searchable columns, no rules: less work than ours.

    python -m tests.bench.library_import SHEET EVENT
"""

import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

import tablib  # noqa: E402  they need the apps
from import_export.fields import Field  # noqa: E402
from import_export.resources import ModelResource  # noqa: E402
from import_export.widgets import ForeignKeyWidget, IntegerWidget  # noqa: E402

from backend.education.models import Attendance, LegalEducationEvent  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Community  # noqa: E402

TITLE_ROWS = 2
# Columns that the sheet has not: set before each row.
SET = ("社区", "活动", "居民")
GENDERS = {"男": "male", "女": "female"}


class AttendanceResource(ModelResource):
    """Sign-in rows."""

    name = Field("name", "姓名")
    gender = Field("gender", "性别")
    age = Field("age", "年龄", IntegerWidget())
    remark = Field("remark", "备注")
    community = Field("community", "社区", ForeignKeyWidget(Community))
    event = Field("event", "活动", ForeignKeyWidget(LegalEducationEvent, "code"))
    resident = Field("resident", "居民", ForeignKeyWidget(Resident))
    signed = Field("signed", "签名")

    class Meta:
        model = Attendance
        fields = (
            "name", "gender", "age", "remark", "community", "event", "resident", "signed",
        )  # fmt: skip
        import_id_fields = ("event", "resident")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        event = kwargs["event"]
        row["社区"], row["活动"] = event.community_id, event.code
        row["性别"] = GENDERS.get(row["性别"], "")
        row["备注"] = row["备注"] or ""
        row["签名"] = bool(row["签名"])
        person, _ = Resident.objects.get_or_create(
            community_id=event.community_id,
            name=row["姓名"],
            phone=_phone(row["联系电话"]),
            defaults={"gender": row["性别"], "address": row["住址"] or ""},
        )
        row["居民"] = person.pk


def _phone(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float | int) else str(cell or "").strip()


def main(sheet: Path, code: str) -> None:
    """Prints how many rows were taken."""
    dataset = tablib.Dataset().load(sheet.read_bytes(), format="xlsx", skip_lines=TITLE_ROWS)
    phone = dataset.headers.index("联系电话")
    good = tablib.Dataset(
        *[(*row, "", "", "") for row in dataset if len(_phone(row[phone])) == 11],
        headers=[*dataset.headers, *SET],
    )
    event = LegalEducationEvent.objects.get(code=code)
    result = AttendanceResource().import_data(good, event=event)
    if result.has_errors() or result.has_validation_errors():
        raise RuntimeError("the library refused rows that are good")
    print(result.totals["new"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
