"""Assignments in the admin: asking, answering by telephone, coming and going."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import may
from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board
from backend.core.desk.together import local_day
from backend.core.errors import RuleViolation
from backend.core.personal import masked
from backend.core.workflow import Move
from backend.people.models import Resident
from backend.people.searching import sought_by
from backend.volunteers.actions import ASSIGNMENT_VERBS, check_in, check_out, save_assignment
from backend.volunteers.choices import ASSIGNMENT_COLOURS, OPEN, AssignmentStatus
from backend.volunteers.choosing import NamedVolunteers
from backend.volunteers.models import TARGETS, Assignment
from backend.volunteers.telling import WHAT, what_and_where

# What is done at the door: no moves of the machine by themselves.
_AT_THE_DOOR: dict[str, tuple[Move, Callable[..., Assignment]]] = {
    "arrive": (Move("check_in", "到岗签到", frozenset(OPEN), ""), check_in),
    "go": (Move("check_out", "离岗签退", frozenset(OPEN), ""), check_out),
}


@admin.register(Assignment)
class AssignmentAdmin(NamedVolunteers, RegisterAdmin):
    """志愿者派工."""

    verbs = ASSIGNMENT_VERBS
    state_colours = ASSIGNMENT_COLOURS
    bulk_moves = ("accept", "complete", "miss", "cancel")
    board = Board(
        title=masked("name", "volunteer__resident__name"),
        about=F("task"),
        due=local_day("ends_at"),
        due_in=OPEN,
        quiet=(AssignmentStatus.ABSENT,),
    )
    autocomplete_fields = ("volunteer", *TARGETS)
    date_hierarchy = "starts_at"

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = list(super().get_list_display(request))
        shown.insert(shown.index("task"), "what")
        return shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("volunteer__resident", *WHAT)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        rows, twice = super().get_search_results(request, queryset, search_term)
        return _with_people(request, queryset, rows, search_term), twice

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        offered = {f"{name}__id__exact" for name in ("volunteer", *TARGETS)}
        return lookup in offered or super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), *_came(obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *_came(obj)]

    @display(description=_("活动或服务"))
    def what(self, assignment: Any) -> str:
        return what_and_where(assignment)[0]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_assignment(obj, by=actor(request))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.door_view)
        own = path("<int:object_id>/door/<str:what>/", view, name="volunteers_assignment_door")
        return [own, *super().get_urls()]

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if record.status not in OPEN or not may(
            actor(request), "assignments.edit", record.community_id
        ):
            return []
        what = "arrive" if record.checked_in_at is None else "go"
        step = _AT_THE_DOOR[what][0]
        return [{"label": gettext(step.label), "url": self._url("door", record.pk, what)}]

    def door_view(self, request: HttpRequest, object_id: int, what: str) -> HttpResponse:
        """Asks once, then signs the volunteer in, or out."""
        record: Any = self.get_object(request, str(object_id))
        if record is None or what not in _AT_THE_DOOR:
            raise PermissionDenied
        if not may(actor(request), "assignments.edit", record.community_id):
            raise PermissionDenied
        (step, do), error = _AT_THE_DOOR[what], ""
        if request.method == "POST":
            try:
                do(record, by=actor(request))
            except RuleViolation as violation:
                error = violation.message
            else:
                messages.success(request, f"已{step.label}。")
                return HttpResponseRedirect(self._url("change", record.pk))
        context = self.admin_site.each_context(request) | {
            "title": gettext(step.label),
            "opts": self.model._meta,
            "record": record,
            "step": step,
            "asks": gettext(step.asks),
            "error": error,
            "back": self._url("change", record.pk),
        }
        return render(request, "linli/move.html", context)


def _came(assignment: Any) -> list[str]:
    """What is known of coming and going."""
    names = ("checked_in_at", "checked_out_at")
    return [name for name in names if getattr(assignment, name, None) is not None]


def _with_people(request: HttpRequest, queryset: Any, rows: Any, search_term: str) -> Any:
    """Also what is about people whom the desk finds by initials, or the end of a phone."""
    if not search_term.strip():
        return rows
    people = Resident.objects.filter(sought_by(request.user, search_term))
    by_person = queryset.filter(volunteer__resident__in=people.order_by().values("pk"))
    return queryset.filter(
        Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=by_person.order_by().values("pk"))
    )
