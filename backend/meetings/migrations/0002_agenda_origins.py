"""Agenda items know from which register's record they were made."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def name_the_register(apps: Any, schema_editor: Any) -> None:
    """Items about an action item were made of it: they say so from now on."""
    items = apps.get_model("meetings", "AgendaItem").objects.using(schema_editor.connection.alias)
    items.filter(
        about_action__isnull=False, origin_code=F("about_action__code"), origin_kind=""
    ).update(origin_kind="action_item")


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0001_initial"),
        ("places", "0002_holiday_override"),
    ]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="background",
            field=models.TextField(blank=True, max_length=2000, verbose_name="背景情况"),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="origin_count",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="件；如这个月的热线来电",
                null=True,
                verbose_name="来源件数",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="origin_kind",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="origin_code",
            field=models.CharField(
                blank=True,
                help_text="编号，或期间，如 2026年10月",
                max_length=60,
                verbose_name="来源编号",
            ),
        ),
        migrations.RunPython(name_the_register, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="agendaitem",
            index=models.Index(fields=["origin_kind", "origin_code"], name="meetings_item_origin"),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin_kind", ""), _negated=True),
                fields=("meeting", "origin_kind", "origin_code"),
                name="meetings_item_origin_once",
                violation_error_code="origin_on_agenda",
                violation_error_message="这件事已经列入本次会议的议题。",
            ),
        ),
    ]
