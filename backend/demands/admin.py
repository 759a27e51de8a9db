"""Demands in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from backend.core.access import scope
from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board, Page
from backend.core.desk.together import local_day
from backend.core.forms import RegisterForm
from backend.demands.actions import DEMAND_VERBS, change_demand, register_demand
from backend.demands.choices import (
    DEMAND_COLOURS,
    NOT_COUNTED,
    OPEN,
    SETTLED,
    Channel,
    DemandStatus,
)
from backend.demands.models import Demand, DemandCategory, DemandSettings
from backend.demands.pages import StepPages
from backend.demands.rights import knows_reporter, may_as_staff
from backend.imports.pages import ImportPages

# What the verbs have written, in the order in which it happens.
_WRITTEN = (
    "assigned_to",
    "respond_by",
    "first_response_at",
    "response",
    "due_at",
    "extended_days",
    "resolved_at",
    "result",
    "satisfied",
    "closed_at",
    "duplicate_of",
)
# Usually left as they are.
_SELDOM = ("channel", "group", "grid", "received_at", "reporter_hidden", "first_contact", "remark")
_OF_REPORTER = ("reporter_name", "reporter_phone", "resident")
_OF_STAFF = ("resident", "reporter_hidden", "first_contact", "remark")


class DemandForm(RegisterForm):
    """The window: what is wanted first, then who, and where."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "content" in self.fields:
            self.fields["content"].widget.attrs["rows"] = 4

    def _post_clean(self) -> None:
        if self.instance.pk is None:
            # Stands in for the number, which is given when it is written, and to nobody before.
            self.instance.year, self.instance.number = timezone.localdate().year, 0
        super()._post_clean()


def _says(demand: Any, name: str) -> bool:
    """Whether a verb has written something there; a "no" is something, no days are nothing."""
    value = getattr(demand, name)
    return value not in ("", None) and not (name == "extended_days" and not value)


class PressingFilter(RadioFilter):
    """The demands that somebody should hurry with."""

    title = _("期限")
    parameter_name = "pressing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("overdue", _("已逾期")), ("unanswered", _("超过首次回复期限"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "overdue":
            return queryset.overdue().order_by("due_at", "pk")
        return queryset.unanswered() if self.value() == "unanswered" else queryset


@admin.register(Demand)
class DemandAdmin(StepPages, ImportPages, RegisterAdmin):
    """诉求."""

    register_name = "demands"
    form = DemandForm
    verbs = DEMAND_VERBS
    state_colours = DEMAND_COLOURS
    bulk_moves = ("take_up", "confirm", "close")
    board = Board(
        title=F("content"),
        about=F("assigned_to__name"),
        due=local_day("due_at"),
        due_in=OPEN,
        quiet=(DemandStatus.CLOSED,),
        without=NOT_COUNTED,
        pages={
            verb: Page(f"admin:demands_demand_{verb}")
            for verb in ("assign", "confirm", "mark_duplicate")
        },
    )
    autocomplete_fields = ("resident",)
    date_hierarchy = "received_at"

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "late")

    @display(description=_("逾期"), label={"late": "danger"})
    def late(self, demand: Any) -> Any:
        """Whether it should have been solved by now."""
        return ("late", gettext("已逾期")) if demand.is_late else ""

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (PressingFilter, *super().get_list_filter(request))

    def _own_community(self, request: HttpRequest) -> Any:
        """Also whoever serves estates of one community is not asked which."""
        found = super()._own_community(request)
        where = scope(request.user, "demands.edit")
        if found is None and not where.everywhere and not where.communities:
            places = where.estate_communities
            return next(iter(places)) if len(places) == 1 else None
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A steward of one estate stands in it, and is on the way."""
        given = super().get_changeform_initial_data(request)
        where = scope(request.user, "demands.edit")
        if where.everywhere or where.communities or len(where.estates) != 1:
            return given
        return {"estate": next(iter(where.estates)), "channel": Channel.PATROL} | given

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        if obj is None:
            return names
        names = [
            "code",
            *names,
            *(name for name in _WRITTEN if _says(obj, name)),
        ]
        by = actor(request)
        left: set[str] = set()
        if not may_as_staff(obj, by, "see"):
            left |= {*_OF_STAFF}
        if not knows_reporter(obj, by):
            left |= {*_OF_REPORTER}
        return [name for name in names if name not in left]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one: what is asked at the window; the rest is folded away."""
        names = self.get_fields(request, obj)
        if obj is not None:
            return [(None, {"fields": names})]
        return [
            (None, {"fields": [name for name in names if name not in _SELDOM]}),
            (
                _("来源和其他"),
                {"fields": [name for name in names if name in _SELDOM], "classes": ["collapse"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        if obj is None:
            return names
        names += ["code", *_WRITTEN]
        if obj.status in SETTLED:
            names += [field for field in self.facets.form if field not in names]
        return names

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            change_demand(obj, by=actor(request))
        else:
            register_demand(obj, by=actor(request))


@admin.register(DemandCategory)
class DemandCategoryAdmin(ImportPages, RegisterAdmin):
    """诉求类别."""

    register_name = "demand_categories"


@admin.register(DemandSettings)
class DemandSettingsAdmin(RegisterAdmin):
    """诉求办理期限."""
