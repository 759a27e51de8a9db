"""Exports forget a person: a file or a filter that names them goes, before its day is over."""

import json
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.http import QueryDict

from backend.core import gate
from backend.core.traces import file_mentions
from backend.exports.models import ExportFile


def exports_that_mention(values: Sequence[str]) -> list[ExportFile]:
    """The exports whose file or filter holds one of the values."""
    return [
        export
        for export in ExportFile.objects.order_by("pk")
        if _filter_mentions(export, values) or _content_mentions(export, values)
    ]


def forget_in_exports(values: Sequence[str]) -> list[str]:
    """Drops those exports; answers the files that are to be deleted."""
    found = exports_that_mention(values)
    gate.drop_notes(ExportFile.objects.filter(pk__in=[export.pk for export in found]))
    return [export.stored for export in found if export.stored]


def _filter_mentions(export: ExportFile, values: Sequence[str]) -> bool:
    # The address of a list is encoded: read as what was typed.
    typed = "\n".join(text for some in QueryDict(export.query).lists() for text in some[1])
    told = typed + json.dumps(export.order, ensure_ascii=False)
    return any(value in told for value in values)


def _content_mentions(export: ExportFile, values: Sequence[str]) -> bool:
    if not export.stored:
        return False
    try:
        with default_storage.open(export.stored) as file:
            return file_mentions(file.read(), values)
    except FileNotFoundError:
        return False
