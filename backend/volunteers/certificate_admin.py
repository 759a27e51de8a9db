"""Certificates and honours in the admin: registration and layout only."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from backend.core.access import scope
from backend.core.admin import RegisterAdmin, actor
from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.core.numbers import whole_number
from backend.core.personal import mask
from backend.places.models import Community
from backend.volunteers import certificate_panels, honouring
from backend.volunteers.certificate_choices import CERTIFICATE_COLOURS, HONOUR_COLOURS
from backend.volunteers.certificate_files import check_address
from backend.volunteers.certificate_pages import CertificatePages
from backend.volunteers.certificate_queries import due_for_honour
from backend.volunteers.certifying import CERTIFICATE_VERBS
from backend.volunteers.models import Certificate, Honour, HonourLevel, Volunteer
from backend.volunteers.words import hours_text

__all__ = ["certificate_panels"]  # Registered by being imported.
# So many are shown to be honoured at once.
MOST_DUE = 200


def _in_hours(names: Any) -> tuple[str, ...]:
    return tuple("hours" if name == "minutes" else name for name in names)


class ReadOnly(RegisterAdmin):
    """A register that verbs alone write: nothing is added or changed by a form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("volunteer__resident")

    def get_list_display(self, request: HttpRequest) -> Any:
        return _in_hours(super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _in_hours(super().get_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @display(description=_("服务时长"), ordering="minutes")
    def hours(self, row: Any) -> str:
        return hours_text(row.minutes)


@admin.register(Certificate)
class CertificateAdmin(CertificatePages, ReadOnly):
    """志愿服务证明."""

    verbs = CERTIFICATE_VERBS
    state_colours = CERTIFICATE_COLOURS
    date_hierarchy = "issued_on"

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [
            {"label": gettext("公开核对页"), "url": check_address(record.number), "icon": "qr_code"}
        ]
        if record.valid and self._may_on(request, "reveal", record):
            for label, kind in ((gettext("下载 PDF"), "pdf"), (gettext("下载 Word"), "docx")):
                url = reverse("certificate_file", args=[record.number, kind])
                links.append({"label": label, "url": url, "icon": "download"})
        return links


class HoursField(forms.IntegerField):
    """Whole hours on the page; the record keeps minutes."""

    def clean(self, value: Any) -> Any:
        hours = super().clean(value)
        return hours * 60 if hours is not None else None


class LevelForm(RegisterForm):
    """A level; what it takes in hours."""

    minutes = HoursField(
        label=_("所需时长（小时）"),
        min_value=1,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        help_text=_("整小时；已核实的服务时长累计达到后可以授予"),
    )

    def get_initial_for_field(self, field: Any, field_name: str) -> Any:
        found = super().get_initial_for_field(field, field_name)
        return found // 60 if field_name == "minutes" and isinstance(found, int) else found


@admin.register(HonourLevel)
class HonourLevelAdmin(RegisterAdmin):
    """荣誉等级."""

    form = LevelForm
    actions_list = ("usual_page",)

    def get_list_display(self, request: HttpRequest) -> Any:
        return _in_hours(super().get_list_display(request))

    @display(description=_("所需时长"), ordering="minutes")
    def hours(self, level: Any) -> str:
        return hours_text(level.minutes)

    @action(description=_("采用常用的五级"), url_path="usual", permissions=("add",))
    def usual_page(self, request: HttpRequest) -> HttpResponse:
        """Asks once, then gives the usual levels to each community that has none."""
        where = scope(request.user, "honour_levels.edit").rows(community="pk")
        communities = list(Community.objects.filter(where).order_by("pk"))
        if request.method == "POST":
            for community in communities:
                try:
                    honouring.set_usual_levels(community.pk, by=actor(request))
                except RuleViolation as violation:
                    messages.warning(request, f"{community}：{violation.message}")
                else:
                    messages.success(request, gettext("已设好五级荣誉：") + str(community))
            return HttpResponseRedirect(self._url("changelist"))
        return render(
            request,
            "volunteers/usual_levels.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("采用常用的五级"),
                "opts": self.model._meta,
                "communities": communities,
                "levels": honouring.USUAL_LEVELS,
                "back": self._url("changelist"),
            },
        )


@admin.register(Honour)
class HonourAdmin(ReadOnly):
    """荣誉."""

    verbs = honouring.HONOUR_VERBS
    state_colours = HONOUR_COLOURS
    date_hierarchy = "granted_on"
    actions_list = ("due_page",)

    def has_grant_permission(self, request: HttpRequest) -> bool:
        return scope(request.user, "honours.edit").anywhere

    @action(description=_("可以授予的"), url_path="due", permissions=("grant",))
    def due_page(self, request: HttpRequest) -> HttpResponse:
        """Who has reached a level above what they hold; those who are ticked are given it."""
        where = scope(request.user, "honours.edit").rows(community="community")
        rows = due_for_honour(Volunteer.objects.filter(where)).select_related("resident")
        people = list(rows[: MOST_DUE + 1])
        levels = HonourLevel.objects.in_bulk({one.due_level for one in people})
        if request.method == "POST":
            chosen = {whole_number(pk) for pk in request.POST.getlist("volunteer")}
            self._grant(request, [one for one in people if one.pk in chosen], levels)
            return HttpResponseRedirect(request.path)
        return render(
            request,
            "volunteers/due.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("可以授予的荣誉"),
                "opts": self.model._meta,
                "people": [
                    {
                        "pk": one.pk,
                        "code": one.code,
                        "name": mask("name", one.resident.name),
                        "hours": hours_text(one.verified_minutes),
                        "level": levels[one.due_level],
                        "url": reverse("admin:volunteers_volunteer_change", args=[one.pk]),
                    }
                    for one in people[:MOST_DUE]
                ],
                "more": len(people) > MOST_DUE,
                "most": MOST_DUE,
                "back": self._url("changelist"),
            },
        )

    def _grant(self, request: HttpRequest, people: list[Any], levels: dict[int, Any]) -> None:
        done = 0
        for one in people:
            try:
                honouring.grant_honour(one, levels[one.due_level], by=actor(request))
            except RuleViolation as violation:
                messages.warning(request, f"{one.code}：{violation.message}")
            else:
                done += 1
        if done:
            messages.success(request, gettext("已授予 %(count)s 位。") % {"count": done})
