"""Service records in the admin: telling hours, and verifying those of others, one or many."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board
from backend.core.forms import RegisterForm
from backend.core.personal import masked
from backend.imports.pages import ImportPages
from backend.volunteers.actions import RECORD_VERBS, save_record
from backend.volunteers.choices import RECORD_COLOURS, RecordSource, RecordStatus
from backend.volunteers.choosing import NamedVolunteers
from backend.volunteers.models import ServiceRecord
from backend.volunteers.words import hours_text

# What follows from the rest, or from a verb.
_JUDGED = ("served", "entered_by", "verified_by", "verified_at")
_ON_PAPER = (RecordSource.STAFF, RecordSource.ROSTER_SHEET)


class RecordForm(RegisterForm):
    """Hours that staff enter: on their own word, or from a paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            field: Any = self.fields["source"]
            field.choices = [choice for choice in field.choices if choice[0] in _ON_PAPER]


@admin.register(ServiceRecord)
class ServiceRecordAdmin(NamedVolunteers, ImportPages, RegisterAdmin):
    """服务时长记录."""

    register_name = "service_records"
    form = RecordForm
    verbs = RECORD_VERBS
    state_colours = RECORD_COLOURS
    autocomplete_fields = ("volunteer", "assignment", "event", "item")
    date_hierarchy = "starts_at"
    bulk_moves = ("verify", "reject", "withdraw", "take_back")
    board = Board(
        title=masked("name", "volunteer__resident__name"),
        about=F("content"),
        quiet=(RecordStatus.VERIFIED,),
    )

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["served" if name == "minutes" else name for name in self.list_display]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("volunteer__resident")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "volunteer__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        return [*names, *_JUDGED] if obj is not None else names

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, "source", *_JUDGED] if obj is not None else names

    @display(description=_("服务时长"), ordering="minutes")
    def served(self, record: Any) -> str:
        return hours_text(record.minutes)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_record(obj, by=actor(request))
