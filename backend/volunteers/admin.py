"""Volunteers and their teams in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import may_within
from backend.core.admin import RegisterAdmin, actor
from backend.core.forms import RegisterForm
from backend.core.inlines import RegisterInline
from backend.core.personal import HIDDEN
from backend.imports.pages import ImportPages
from backend.people.models import Resident
from backend.people.searching import sought_by
from backend.privacy.models import CommunityPrivacy
from backend.services.choices import Weekday
from backend.volunteers import panels
from backend.volunteers.actions import VOLUNTEER_VERBS
from backend.volunteers.assignment_admin import AssignmentAdmin
from backend.volunteers.certificate_admin import (
    CertificateAdmin,
    HonourAdmin,
    HonourLevelAdmin,
)
from backend.volunteers.choices import VOLUNTEER_COLOURS, PartOfDay, VolunteerStatus
from backend.volunteers.choosing import NamedVolunteers
from backend.volunteers.models import Availability, TeamMember, Volunteer, VolunteerTeam
from backend.volunteers.record_admin import ServiceRecordAdmin
from backend.volunteers.words import hours_text

__all__ = [
    "AssignmentAdmin",
    "CertificateAdmin",
    "HonourAdmin",
    "HonourLevelAdmin",
    "ServiceRecordAdmin",
    "VolunteerAdmin",
    "VolunteerTeamAdmin",
    "panels",
]


class FreeFilter(SimpleListFilter):
    """Who is free on Saturday morning."""

    title = _("空闲时间")
    parameter_name = "free"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            (f"{day.value}-{part.value}", f"{day.label}{part.label}")
            for day in Weekday
            for part in PartOfDay
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        day, part = str(self.value()).split("-")
        return queryset.free_on(int(day), part)


class VolunteerForm(RegisterForm):
    """A volunteer; the political status comes masked, and a mask that comes back says nothing new."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "political_status" in self.fields and self.instance.pk is not None:
            field: Any = self.fields["political_status"]
            field.choices = [*field.choices, (HIDDEN, HIDDEN)]


class AvailabilityInline(RegisterInline):
    """空闲时间, on the volunteer's page."""

    model = Availability


class MembershipInline(RegisterInline):
    """服务队, on the volunteer's page."""

    model = TeamMember
    verbose_name_plural = _("所在服务队")
    autocomplete_fields = ("team",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("team")


@admin.register(Volunteer)
class VolunteerAdmin(ImportPages, RegisterAdmin):
    """志愿者."""

    register_name = "volunteers"
    form = VolunteerForm
    verbs = VOLUNTEER_VERBS
    state_colours = VOLUNTEER_COLOURS
    bulk_moves = ("approve", "decline", "pause", "resume")
    autocomplete_fields = ("resident",)
    inlines = (AvailabilityInline, MembershipInline)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "hours")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*super().get_list_filter(request), FreeFilter)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_hours().select_related("resident")
        return found

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        rows, twice = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            people = Resident.objects.filter(sought_by(request.user, search_term))
            by_person = queryset.filter(resident__in=people.order_by().values("pk"))
            rows = queryset.filter(
                Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=by_person.order_by().values("pk"))
            )
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            # For something new one chooses among those who serve.
            rows = rows.exclude(status=VolunteerStatus.LEFT)
        return rows, twice

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        if not self._may_tell_politics(request, obj):
            names.remove("political_status")
        return names

    def _may_tell_politics(self, request: HttpRequest, obj: Any) -> bool:
        """Only where a community has turned it on, and for those at its desk."""
        if obj is not None:
            on = CommunityPrivacy.party_membership_is_on(obj.community_id)
            return on and may_within(actor(request), "volunteers.reveal", obj.community_id)
        own = self._own_community(request)
        return own is not None and CommunityPrivacy.party_membership_is_on(own)

    @display(description=_("已核实时长"), ordering="verified_minutes")
    def hours(self, volunteer: Any) -> str:
        waiting = volunteer.waiting_minutes
        more = f" ({_('待核实')} {hours_text(waiting)})" if waiting else ""
        return hours_text(volunteer.verified_minutes) + more

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        by, links = actor(request), []
        if may_within(by, "assignments.see", record.community_id):
            links.append(
                {
                    "label": str(_("派工")),
                    "url": f"../../../assignment/?volunteer__id__exact={record.pk}",
                    "icon": "assignment_ind",
                }
            )
        if record.status == VolunteerStatus.ACTIVE and may_within(
            by, "assignments.edit", record.community_id
        ):
            links.append(
                {
                    "label": str(_("新建派工")),
                    "url": f"../../../assignment/add/?volunteer={record.pk}",
                    "icon": "add",
                }
            )
        if record.status != VolunteerStatus.LEFT and may_within(
            by, "service_hours.edit", record.community_id
        ):
            links.append(
                {
                    "label": str(_("登记时长")),
                    "url": f"../../../servicerecord/add/?volunteer={record.pk}",
                    "icon": "more_time",
                }
            )
        return links


class MemberInline(NamedVolunteers, RegisterInline):
    """成员, on the team's page."""

    model = TeamMember
    verbose_name_plural = _("成员")
    autocomplete_fields = ("volunteer",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("volunteer__resident")


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(NamedVolunteers, RegisterAdmin):
    """志愿服务队."""

    autocomplete_fields = ("leader",)
    inlines = (MemberInline,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "size")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        serving = Q(members__volunteer__status=VolunteerStatus.ACTIVE)
        rows = super().get_queryset(request).annotate(serving=Count("members", filter=serving))
        return rows.select_related("community", "leader__resident")

    @display(description=_("在册队员"), ordering="serving")
    def size(self, team: Any) -> int:
        return int(team.serving)
