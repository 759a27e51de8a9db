"""A control: the import as one writes it at first, row by row, each row committed at once."""

from collections.abc import Callable
from pathlib import Path

from backend.education.models import Attendance
from backend.imports.plan import unpack
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.people.models import Resident


def naive_import(file: str, event_code: str, mark: Callable[[str], None]) -> None:
    """Imports a sign-in sheet without a transaction, a history or a batch."""
    sheet = sheet_of("attendance")
    event = sheet.find_target(event_code)
    plan = plan_file(Path(file), sheet, community=event.community, target=event)
    mark("ready")
    made: dict[int, int] = {}
    for _, payload in plan.chunks:
        for row in unpack(payload):
            for write in row.writes:
                model = (Resident, Attendance)[write.model]
                values = write.values
                if (values.get("resident_id") or 0) < 0:
                    values["resident_id"] = made[-values["resident_id"]]
                if write.pk is not None:
                    model.objects.filter(pk=write.pk).update(**values)
                    continue
                record = model.objects.create(community=event.community, **values)
                if model is Resident:
                    made[row.number] = record.pk
