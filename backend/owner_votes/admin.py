"""Owners' votes in the admin: registration and layout only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from backend.core.admin import RegisterAdmin
from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.core.inlines import RegisterInline
from backend.core.numbers import whole_number
from backend.imports.cells.raw import half_width
from backend.imports.pages import ImportPages, import_url
from backend.meetings.models import Resolution
from backend.owner_votes import panels
from backend.owner_votes.actions import VOTE_VERBS
from backend.owner_votes.areas import area_of, area_text
from backend.owner_votes.choices import VOTE_COLOURS, OwnerVoteStatus
from backend.owner_votes.models import OwnedRoom, OwnerBallot, Ownership, OwnerVote, PropertyOwner
from backend.owner_votes.queries import may_enter
from backend.owner_votes.recommending import draft_from

__all__ = ["panels"]  # Registered by being imported.


class AreaField(forms.CharField):
    """Square metres as people write them: 89.5, 89.50㎡. The record keeps whole hundredths."""

    def prepare_value(self, value: Any) -> Any:
        return area_text(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return area_of(half_width(text)) if text else None
        except RuleViolation as violation:
            raise forms.ValidationError(violation.message, code=violation.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class RoomForm(RegisterForm):
    """A room; its area in square metres."""

    size = AreaField(
        label=_("专有面积（平方米）"),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text=_("按不动产登记，最多两位小数，如 89.5"),
    )


class OwnershipInline(RegisterInline):
    """业主 under the room: several are its owners together."""

    model = Ownership
    verbose_name_plural = _("业主（几位共有人各一行）")
    autocomplete_fields = ("owner",)


@admin.register(OwnedRoom)
class OwnedRoomAdmin(ImportPages, RegisterAdmin):
    """房屋登记."""

    register_name = "owned_rooms"
    form = RoomForm
    inlines = (OwnershipInline,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("building", "estate", "unit", "room", "metres", "owners")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("building__estate")
        return rows.annotate(owner_count=Count("ownerships"))

    @display(description=_("小区"), ordering="building__estate__name")
    def estate(self, room: Any) -> str:
        return str(room.building.estate)

    @display(description=_("面积（㎡）"), ordering="size")
    def metres(self, room: Any) -> str:
        return area_text(room.size)

    @display(description=_("业主（位）"), ordering="owner_count")
    def owners(self, room: Any) -> int:
        return int(room.owner_count)


@admin.register(PropertyOwner)
class PropertyOwnerAdmin(RegisterAdmin):
    """业主."""

    autocomplete_fields = ("resident", "organization")


@admin.register(OwnerVote)
class OwnerVoteAdmin(RegisterAdmin):
    """业主共同决定."""

    verbs = VOTE_VERBS
    state_colours = VOTE_COLOURS
    date_hierarchy = "starts_on"
    autocomplete_fields = ("organizer", "recommendation")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Started from a joint meeting's recommendation: what it says goes ahead."""
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        key = whole_number(str(given.get("recommendation", "")))
        rows = Resolution.objects.visible_to(request.user).select_related("item")
        recommended = rows.filter(pk=key or 0).first()
        return draft_from(recommended) if recommended is not None else given

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(ballots_in=Count("ballots"))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "returned")

    @display(description=_("已收选票"))
    def returned(self, vote: Any) -> str:
        if vote.status in (OwnerVoteStatus.DRAFT, OwnerVoteStatus.CANCELLED):
            return ""
        return f"{vote.ballots_in} / {vote.heads_all}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        if obj is None or obj.status == OwnerVoteStatus.DRAFT:
            return names
        # What was put before the owners stays; its last day may move on while it runs.
        fixed = ("organizer", "recommendation", "title", "matter", "question", "starts_on")
        last = () if obj.status == OwnerVoteStatus.OPEN else ("ends_on",)
        return (*names, *fixed, *last)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        begun = obj is not None and obj.status != OwnerVoteStatus.DRAFT
        return not begun and super().has_delete_permission(request, obj)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if record.status in (OwnerVoteStatus.DRAFT, OwnerVoteStatus.CANCELLED):
            return []
        found: list[dict[str, str]] = []
        running = record.status == OwnerVoteStatus.OPEN
        if running and may_enter(record, request.user):
            url = reverse("owner_ballots", args=[record.code])
            found.append(
                {"label": gettext("登记选票"), "url": url, "icon": "how_to_vote", "primary": "1"}
            )
            url = import_url(OwnerBallot, record.code)
            found.append({"label": gettext("导入选票表"), "url": url, "icon": "upload_file"})
        label = gettext("进度") if running else gettext("结果")
        url = reverse("owner_vote", args=[record.code])
        found.append({"label": label, "url": url, "icon": "monitoring"})
        if record.status in (OwnerVoteStatus.COUNTED, OwnerVoteStatus.PUBLISHED):
            url = reverse("owner_vote_notice", args=[record.code])
            found.append({"label": gettext("结果公告"), "url": url, "icon": "print"})
        return found


@admin.register(OwnerBallot)
class OwnerBallotAdmin(ImportPages, RegisterAdmin):
    """业主选票: entered on the vote's own page or by a sheet; looked through and taken out here."""

    register_name = "owner_ballots"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Corrected on the vote's own page, with a reason.
        return False
