from typing import Any

from django.db import migrations, models
from django.db.models import Count

ACTIVE = ("pending", "confirmed", "waitlisted")


def keep_the_phone_in_the_note(apps: Any, schema_editor: Any) -> None:
    """Who was registered twice keeps both places: staff decide which one is given up."""
    table = apps.get_model("education", "Registration").objects
    named = table.filter(status__in=ACTIVE, resident=None).exclude(phone="").order_by("pk")
    twice = named.order_by().values("event_id", "name", "phone").annotate(n=Count("pk"))
    for one in twice.filter(n__gt=1).values("event_id", "name", "phone"):
        for later in list(named.filter(**one))[1:]:
            room = 200 - len(later.phone) - 12
            later.note = f"（重复报名，电话{later.phone}）{later.note[:room]}"
            later.phone = ""
            later.save(update_fields=["note", "phone"])


class Migration(migrations.Migration):
    dependencies = [
        ("education", "0005_namesakes"),
    ]

    operations = [
        migrations.RunPython(keep_the_phone_in_the_note, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("resident__isnull", True),
                    ("status__in", ACTIVE),
                    models.Q(("phone", ""), _negated=True),
                ),
                fields=("event", "name", "phone"),
                name="education_registration_name",
                violation_error_code="registration_taken",
                violation_error_message="同名同电话的人已经报过这场活动，不用重复报名。",
            ),
        ),
    ]
