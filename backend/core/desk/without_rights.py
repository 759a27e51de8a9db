"""The first page of who may do nothing today: why that is, and whom to ask."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from backend.core.access import home, subdistricts


def belongs_nowhere(user: Any) -> bool:
    """Whether the user has no role that holds today, anywhere at all."""
    return not home(user).anywhere and not subdistricts(user, "places.see")


def without_rights(request: HttpRequest) -> HttpResponse:
    """The page: roles that are over or still to come, and what to do."""
    today = timezone.localdate()
    appointments: Any = apps.get_model("people", "CommunityRole")
    held = appointments.objects.filter(user=request.user)
    roles = [
        {
            "role": role.get_role_display(),
            "place": role.estate or role.community or role.subdistrict,
            "first": role.valid_from,
            "last": role.valid_to,
            "over": role.valid_to is not None and role.valid_to < today,
        }
        for role in held.select_related("community", "subdistrict", "estate").order_by(
            "-valid_from"
        )
    ]
    context = admin.site.each_context(request) | {"title": gettext("今日待办"), "roles": roles}
    return render(request, "linli/without_rights.html", context)
