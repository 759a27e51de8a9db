"""Patrols and digests in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import Actor
from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board, Page
from backend.core.desk.pages import record_url
from backend.core.desk.together import text
from backend.demands.models import Demand
from backend.patrols import panels
from backend.patrols.choices import (
    DIGEST_COLOURS,
    OUT,
    PATROL_COLOURS,
    DigestStatus,
    PatrolStatus,
)
from backend.patrols.digest_pages import DigestPages
from backend.patrols.digesting import DIGEST_VERBS, write_digest
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint
from backend.patrols.patrolling import PATROL_VERBS
from backend.patrols.rights import may_walk

__all__ = ["panels"]  # Registered by being imported.


class ByVerbsAlone(RegisterAdmin):
    """A register whose rows are made by their verbs, and looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Patrol)
class PatrolAdmin(ByVerbsAlone):
    """五必查: begun and answered on a phone."""

    verbs = PATROL_VERBS
    state_colours = PATROL_COLOURS
    date_hierarchy = "day"

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        by: Actor = actor(request)
        if record.status != PatrolStatus.OPEN or not may_walk(
            by, record.community_id, record.estate_id
        ):
            return []
        return [{"label": gettext("接着查"), "url": reverse("patrol_page", args=[record.code])}]


@display(description=_("巡查"), ordering="patrol__day")
def patrol(point: Any) -> str:
    """When and where it was seen."""
    return f"{point.patrol} · {point.patrol.grid}"


@admin.register(PatrolPoint)
class PatrolPointAdmin(ByVerbsAlone):
    """巡查结果: photos are put on here, too."""

    def get_list_display(self, request: HttpRequest) -> Any:
        return [patrol if name == "patrol" else name for name in super().get_list_display(request)]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("patrol__grid")

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        url = reverse("admin:patrols_patrol_change", args=[record.patrol_id])
        links = [{"label": gettext("这次巡查"), "url": url}]
        demand = record_url(request, Demand, record.demand_id) if record.demand_id else ""
        if demand:
            links.append({"label": gettext("转为的诉求"), "url": demand})
        return links


@admin.register(DailyDigest)
class DailyDigestAdmin(DigestPages, RegisterAdmin):
    """工作小结."""

    verbs = DIGEST_VERBS
    state_colours = DIGEST_COLOURS
    bulk_moves = ("review",)
    board = Board(
        title=F("estate__name"),
        about=text("day"),
        due=F("day"),
        due_in=(DigestStatus.DRAFT, DigestStatus.REVIEWED),
        quiet=OUT,
        pages={
            "publish": Page("admin:patrols_dailydigest_publish"),
            "correct": Page("admin:patrols_dailydigest_correct"),
        },
    )
    autocomplete_fields = ("estate",)
    date_hierarchy = "day"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        write_digest(obj, by=actor(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        if obj is not None:
            names.append("day")
            if obj.status != DigestStatus.DRAFT:
                # What was reviewed stays; the rule says so at every other door.
                names.append("text")
        return names


@admin.register(GroupPost)
class GroupPostAdmin(ByVerbsAlone):
    """发群记录: noted on the digest's own page."""
