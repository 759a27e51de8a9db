"""Legal education in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import may_within
from backend.core.admin import RegisterAdmin, actor, allowed
from backend.core.boards import Board
from backend.core.desk.together import local_day
from backend.education import rules
from backend.education.actions import EVENT_VERBS, save_event
from backend.education.choices import STATUS_COLOURS, EventStatus
from backend.education.event_pages import EventPages
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent, Venue
from backend.education.registration_admin import CheckInAdmin, RegistrationAdmin
from backend.education.sheets import SHEET
from backend.education.sign_in_pages import may_import_here
from backend.files.queries import attachment_count
from backend.imports.pages import ImportPages, import_url
from backend.imports.templates_out.views import template_url

__all__ = [
    "AttendanceAdmin",
    "CheckInAdmin",
    "HeadcountEntryAdmin",
    "LegalEducationEventAdmin",
    "RegistrationAdmin",
    "VenueAdmin",
]


@admin.register(Venue)
class VenueAdmin(RegisterAdmin):
    """阵地."""


@admin.register(LegalEducationEvent)
class LegalEducationEventAdmin(EventPages, ImportPages, RegisterAdmin):
    """普法活动."""

    register_name = "legal_education_events"
    verbs = EVENT_VERBS
    state_colours = STATUS_COLOURS
    bulk_moves = ("open", "hold", "archive", "reopen")
    board = Board(
        title=F("title"),
        about=F("venue__name"),
        due=local_day("ends_at"),
        due_in=(EventStatus.PLANNED, EventStatus.OPEN),
        quiet=(EventStatus.ARCHIVED,),
    )
    autocomplete_fields = ("venue", "organizer")
    date_hierarchy = "starts_at"

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "registered", "heads")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_heads().with_places()
        return found

    @display(description=_("人次"), ordering="heads_total")
    def heads(self, event: Any) -> str:
        return f"{event.heads_total} ({_('签到')} {event.attendance_count})"

    @display(description=_("报名"))
    def registered(self, event: Any) -> str:
        of = f"/{event.capacity}" if event.capacity is not None else ""
        waiting = f" ({_('候补')} {event.waitlist_count})" if event.waitlist_count else ""
        return f"{event.places_taken}{of}{waiting}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            save_event(obj, by=actor(request))
        else:
            super().save_model(request, obj, form, change)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        return self._registration_links(request, record) + self._sign_in_links(request, record)

    def _registration_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        by = actor(request)
        links = []
        if may_within(by, "registrations.see", record.community_id):
            links.append(
                {
                    "label": f"{_('报名')} {self.registered(record)}",
                    "url": f"../../../registration/?event__id__exact={record.pk}",
                    "icon": "app_registration",
                }
            )
        if record.status == EventStatus.OPEN and may_within(
            by, "registrations.edit", record.community_id
        ):
            links.append(
                {
                    "label": str(_("登记报名")),
                    "url": f"../../../registration/add/?event={record.pk}",
                    "icon": "person_add",
                }
            )
        if record.status in rules.RECORDABLE and may_within(
            by, "checkins.edit", record.community_id
        ):
            links.append(
                {
                    "label": str(_("现场签到")),
                    "url": reverse("admin:education_event_door", args=[record.pk]),
                    "icon": "qr_code_scanner",
                }
            )
        links.append(
            {
                "label": str(_("海报二维码")),
                "url": reverse("admin:education_event_poster", args=[record.pk]),
                "icon": "qr_code_2",
            }
        )
        return links

    def _sign_in_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [
            {
                "label": f"{_('签到记录')} ({record.attendance_count})",
                "url": f"../../../attendance/?event__id__exact={record.pk}",
                "icon": "how_to_reg",
            },
            {
                "label": str(_("打印签到表")),
                "url": reverse("admin:education_event_sign_in_sheet", args=[record.pk]),
                "icon": "print",
            },
        ]
        if may_import_here(record, actor(request)):
            links.append(
                {
                    "label": str(_("下载签到模板")),
                    "url": template_url(SHEET, target=record),
                    "icon": "download",
                }
            )
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
