"""One export of all sign-ins in a process of its own: `python -m tests.bench.export_once WAY FILE`.

WAY is xlsx, ledger or csv for ours, `library` for django-import-export's own default export of the
same rows to .xlsx. Prints the seconds of the export alone, without Django's start.
"""

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from import_export.formats.base_formats import XLSX  # noqa: E402  they need the apps
from import_export.resources import modelresource_factory  # noqa: E402

from backend.core.access import Actor  # noqa: E402
from backend.core.exporting.orders import ExportOrder, Form, write_export  # noqa: E402
from backend.education.models import Attendance  # noqa: E402
from backend.people.models import User  # noqa: E402


def ours(form: Form, path: Path) -> int:
    """As the admin's page and the background work write it: masked, every usual column."""
    by = Actor.of(User.objects.get(username="bench"), "test")
    order = ExportOrder(form=form, maker="王工作")
    with path.open("wb") as target:
        return write_export(Attendance.objects.all(), order, by=by, target=target).count


def library(path: Path) -> int:
    """What one gets who writes nothing: the model's own columns, no mask, no word for a key."""
    dataset = modelresource_factory(Attendance)().export(Attendance.objects.all())
    path.write_bytes(XLSX().export_data(dataset))
    return len(dataset)


if __name__ == "__main__":
    way, name = sys.argv[1:]
    started = time.perf_counter()
    count = library(Path(name)) if way == "library" else ours(Form(way), Path(name))
    print(count, time.perf_counter() - started)
