"""Legal education in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.admin import RegisterAdmin, allowed
from backend.education import rules
from backend.education.actions import EVENT_VERBS
from backend.education.choices import STATUS_COLOURS
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent, Venue
from backend.files.queries import attachment_count
from backend.imports.pages import ImportPages, import_url


@admin.register(Venue)
class VenueAdmin(RegisterAdmin):
    """阵地."""


@admin.register(LegalEducationEvent)
class LegalEducationEventAdmin(ImportPages, RegisterAdmin):
    """普法活动."""

    register_name = "legal_education_events"
    verbs = EVENT_VERBS
    state_colours = STATUS_COLOURS
    autocomplete_fields = ("venue", "organizer")
    date_hierarchy = "starts_at"

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "heads")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_heads()
        return found

    @display(description=_("人次"), ordering="heads_total")
    def heads(self, event: Any) -> str:
        return f"{event.heads_total} ({_('签到')} {event.attendance_count})"

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [
            {
                "label": f"{_('签到记录')} ({record.attendance_count})",
                "url": f"../../../attendance/?event__id__exact={record.pk}",
                "icon": "how_to_reg",
            }
        ]
        if record.status in rules.RECORDABLE and allowed(request, "attendance.edit"):
            links.insert(
                0,
                {
                    "label": str(_("导入签到表")),
                    "url": import_url(Attendance, record.code),
                    "icon": "upload_file",
                    "primary": "1",
                },
            )
        return links


@admin.register(Attendance)
class AttendanceAdmin(ImportPages, RegisterAdmin):
    """签到记录."""

    register_name = "attendance"
    autocomplete_fields = ("event", "resident")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(HeadcountEntry)
class HeadcountEntryAdmin(RegisterAdmin):
    """人次登记."""

    autocomplete_fields = ("event",)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "files")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.annotate(files_count=attachment_count(HeadcountEntry))

    @display(description=_("附件"), ordering="files_count")
    def files(self, entry: Any) -> int:
        return int(entry.files_count)
