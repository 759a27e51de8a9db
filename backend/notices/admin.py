"""Notices in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from backend.core.admin import RegisterAdmin
from backend.imports.pages import ImportPages
from backend.notices.actions import NOTICE_VERBS
from backend.notices.choices import NOTICE_COLOURS, STANDING_COLOURS, NoticeStatus, OnBoard
from backend.notices.models import PublicNotice
from backend.notices.paper_pages import PaperPages


class OnBoardFilter(RadioFilter):
    """Where a notice is today: also whether what was published is over."""

    title = _("公布情况")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return OnBoard.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        rows: Any = queryset
        return rows.standing(chosen) if chosen in OnBoard.values else queryset


@admin.register(PublicNotice)
class PublicNoticeAdmin(PaperPages, ImportPages, RegisterAdmin):
    """公示公告."""

    register_name = "public_notices"
    verbs = NOTICE_VERBS
    state_colours = NOTICE_COLOURS
    date_hierarchy = "published_on"
    radio_fields = {"kind": admin.HORIZONTAL}

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (OnBoardFilter, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Where a notice is, in place of its bare state: a board is read for what hangs there."""
        listed = super().get_list_display(request)
        own = {"labelled_status": "standing_told"}
        return [own.get(getattr(one, "__name__", ""), one) for one in listed]

    @display(description=_("公布情况"), ordering="status", label=dict(STANDING_COLOURS))
    def standing_told(self, notice: Any) -> tuple[str, str]:
        return notice.standing, notice.standing.label

    def record_state(self, record: Any) -> str:
        return str(record.standing.label)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What was published stays as it was read; the rule says so at every other door.
        written = obj is not None and obj.pk is not None and obj.status != NoticeStatus.DRAFT
        return not written and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        read = obj is not None and (obj.status != NoticeStatus.DRAFT or obj.withdrawn_because)
        return not read and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, *self._of_the_board(obj)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        return [*names, *self._of_the_board(obj)]

    def _of_the_board(self, obj: Any) -> list[str]:
        """What publishing and withdrawing have noted, where they have."""
        if obj is None:
            return []
        return [name for name in ("published_on", "withdrawn_because") if getattr(obj, name)]

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        return [{"label": gettext("打印"), "url": self._url("paper", record.pk), "icon": "print"}]
