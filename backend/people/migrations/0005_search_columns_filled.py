"""Initials and last digits of the residents who were there before the columns were."""

from django.db import migrations

from backend.people.pinyin import initials

ROWS = 2_000


def fill(apps, schema_editor):
    resident = apps.get_model("people", "Resident")
    last = 0
    while rows := list(resident.objects.filter(pk__gt=last).order_by("pk")[:ROWS]):
        last = rows[-1].pk
        for row in rows:
            tail = row.phone[-4:]
            row.initials, row.phone_tail = initials(row.name), tail if tail.isdigit() else ""
        resident.objects.bulk_update(rows, ["initials", "phone_tail"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_residents_for_life")]

    # Backwards there is nothing to do: the columns go.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
