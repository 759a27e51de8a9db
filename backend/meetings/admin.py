"""Joint meetings in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import may
from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board, Page
from backend.core.desk.together import local_day
from backend.core.inlines import MaskedFormSet, RegisterInline
from backend.core.numbers import whole_number
from backend.imports.pages import ImportPages
from backend.meetings import panels
from backend.meetings.actions import ACTION_VERBS, MEETING_VERBS
from backend.meetings.choices import (
    ACTION_COLOURS,
    MEETING_COLOURS,
    UNFINISHED,
    MeetingStatus,
)
from backend.meetings.models import (
    ActionItem,
    AgendaItem,
    JointMeeting,
    MeetingAttendance,
    MeetingSettings,
    Resolution,
    Seat,
)
from backend.meetings.pages import MeetingPages
from backend.meetings.queries import CONVENING_MOVES, PREPARING
from backend.meetings.rules import is_overdue
from backend.meetings.template_pages import TemplatePages

__all__ = ["panels"]  # Registered by being imported.


class AgendaFormSet(MaskedFormSet):
    """A new row without a number goes behind the others, in the order of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._number_new_rows()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None and "position" in form.fields:
            form.fields["position"].required = False
            form.fields["position"].widget.attrs["placeholder"] = gettext("自动")

    def _number_new_rows(self) -> None:
        sent: Any = self.data
        data = sent.copy()
        number = whole_number(str(data.get(f"{self.prefix}-TOTAL_FORMS", ""))) or 0
        rows = [f"{self.prefix}-{at}" for at in range(min(number, self.absolute_max))]
        given = [whole_number(str(data.get(f"{row}-position", ""))) or 0 for row in rows]
        last = max([*given, 0])
        for row in rows:
            if not data.get(f"{row}-position", "").strip() and data.get(f"{row}-title"):
                last += 1
                data[f"{row}-position"] = str(last)
        self.data = data


class AgendaInline(RegisterInline):
    """议题, in order, under the meeting."""

    model = AgendaItem
    formset = AgendaFormSet
    verbose_name_plural = _("议题")

    def _open(self, obj: Any) -> bool:
        """Whether the agenda can still be written: what people were told stands."""
        return obj is None or obj.status in PREPARING

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(obj) and super().has_delete_permission(request, obj)


@admin.register(JointMeeting)
class JointMeetingAdmin(MeetingPages, ImportPages, RegisterAdmin):
    """联席会议."""

    register_name = "joint_meetings"

    verbs = MEETING_VERBS
    state_colours = MEETING_COLOURS
    board = Board(
        title=F("title"),
        about=F("place"),
        due=local_day("starts_at"),
        due_in=(*PREPARING, MeetingStatus.NOTICED, MeetingStatus.IN_SESSION),
        quiet=(MeetingStatus.PUBLISHED,),
        without=(MeetingStatus.VOID,),
        pages={
            # On the chair's page, where one sees who is there.
            verb: Page("admin:meetings_meeting_room")
            for verb in ("open", "declare_inquorate", "close")
        },
    )
    date_hierarchy = "starts_at"
    inlines = (AgendaInline,)

    class Media:
        css = {"all": ("linli/meeting.css",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        # What people were told stands until the meeting is put off.
        told = obj is not None and obj.status not in PREPARING
        return (*names, "title", "starts_at", "place") if told else names

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        numbered = obj is not None and obj.number is not None
        return not numbered and super().has_delete_permission(request, obj)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "decided")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.annotate(resolution_count=Count("resolutions"))

    @display(description=_("决议"), ordering="resolution_count")
    def decided(self, meeting: Any) -> int:
        return int(meeting.resolution_count)

    def may_move(self, request: HttpRequest, record: Any, verb: str) -> bool:
        if verb in CONVENING_MOVES:
            return may(actor(request), "meetings.convene", record.community_id)
        if verb == "void":
            return bool(record.from_ledger)
        # Opened, broken off and closed on the chair's page, where one sees who is there.
        return verb not in ("open", "declare_inquorate", "close")

    def record_state(self, record: Any) -> str:
        return " · ".join(filter(None, (super().record_state(record), record.numbered)))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        by = actor(request)
        found: list[tuple[str, str, bool]] = []
        if may(by, "meetings.move", record.community_id):
            sitting = record.status in (MeetingStatus.NOTICED, MeetingStatus.IN_SESSION)
            if record.status not in (MeetingStatus.DRAFT, MeetingStatus.CANCELLED):
                found.append((str(_("会议工作台")), "room", sitting))
            if record.status in PREPARING:
                found.append((str(_("从登记里选议题")), "origins", False))
                found.append((str(_("带入上次未完事项")), "carry", False))
        if record.number is not None:
            found.append((str(_("会议通知")), "notice_page", False))
        if record.current_minutes:
            drafting = record.status == MeetingStatus.MINUTES_DRAFT
            found.append((str(_("会议纪要")), "minutes", drafting))
            found.append((str(_("下载 Word")), "minutes_docx", False))
        return [
            {
                "label": label,
                "url": reverse(f"admin:meetings_meeting_{name}", args=[record.pk]),
                "icon": "groups",
                **({"primary": "1"} if primary else {}),
            }
            for label, name, primary in found
        ]


@admin.register(Seat)
class SeatAdmin(RegisterAdmin):
    """席位."""

    autocomplete_fields = ("organization", "resident")


@admin.register(MeetingSettings)
class MeetingSettingsAdmin(TemplatePages, RegisterAdmin):
    """议事规则."""


@admin.register(MeetingAttendance)
class MeetingAttendanceAdmin(RegisterAdmin):
    """点名记录: it grows on the chair's page alone."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("meeting", "seat__organization", "proxy__organization")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Resolution)
class ResolutionAdmin(RegisterAdmin):
    """决议: made on the chair's page; its words are mended here until the minutes are confirmed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The number was given.
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "item")


@admin.register(ActionItem)
class ActionItemAdmin(RegisterAdmin):
    """落实事项."""

    verbs = ACTION_VERBS
    state_colours = ACTION_COLOURS
    bulk_moves = ("start", "finish", "verify", "reopen")
    board = Board(
        title=F("title"), about=F("organization__name"), due=F("due_on"), due_in=UNFINISHED
    )
    date_hierarchy = "due_on"

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "late")

    @display(description=_("逾期"), label={"late": "danger"})
    def late(self, item: Any) -> Any:
        overdue = is_overdue(item.status, item.due_on, timezone.localdate())
        return ("late", gettext("已逾期")) if overdue else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "resolution")

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = reverse("task_page", args=[record.code])
        return [{"label": str(_("进展和依据")), "url": url, "icon": "history_edu", "primary": "1"}]
