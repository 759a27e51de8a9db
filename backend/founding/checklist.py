"""开通清单: what a community still lacks, each one click away."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from backend.core.access import scope
from backend.core.desk.without_rights import belongs_nowhere
from backend.founding.needs import Need, checked
from backend.places.models import Community

# Of one office: more than that are chosen by their name.
MOST = 50


def checklist_page(request: HttpRequest) -> HttpResponse:
    """One community's list (`?community=CODE`), the others named beside it.

    Raises: PermissionDenied for who belongs nowhere.
    """
    if belongs_nowhere(request.user):
        raise PermissionDenied
    mine = Community.objects.visible_to(request.user).order_by("name", "pk")
    found = checked(mine[:MOST])
    asked = request.GET.get("community", "")
    chosen = next((one for one in found if one[0].code == asked), None)
    if chosen is None and found:
        # The one with the most to do: a new one.
        chosen = max(found, key=lambda one: _missing(one[1]))
    lines = chosen[1] if chosen is not None else []
    context = admin.site.each_context(request) | {
        "title": gettext("开通清单"),
        "community": chosen[0] if chosen is not None else None,
        "others": [
            {"community": community, "missing": _missing(needs)} for community, needs in found
        ],
        "missing": _missing(lines),
        "blocks": [
            {
                "title": title,
                "lines": [
                    {"need": need, "there": there, **_ways(request, need, chosen[0])}
                    for need, there in lines
                    if need.must is must and chosen is not None
                ],
            }
            for title, must in ((gettext("开始之前要有"), True), (gettext("以后再补也行"), False))
        ],
    }
    return render(request, "founding/checklist.html", context)


def _missing(lines: list[tuple[Need, bool]]) -> int:
    return sum(need.must and not there for need, there in lines)


def _ways(request: HttpRequest, need: Need, community: Community) -> dict[str, Any]:
    """The addresses of what this user may do about it: see, make, import."""
    model_admin = admin.site._registry.get(need.model)
    opts = need.model._meta
    name = f"admin:{opts.app_label}_{opts.model_name}"
    found: dict[str, Any] = {"list": "", "add": "", "bring": ""}
    if model_admin is None or not model_admin.has_view_permission(request):
        return found
    found["list"] = reverse(f"{name}_changelist")
    action = getattr(need.model, "area", "") and f"{need.model.area}.edit"
    if action and not scope(request.user, action).covers(community.pk):
        return found
    if model_admin.has_add_permission(request):
        found["add"] = reverse(f"{name}_add")
    may_import: Any = getattr(model_admin, "has_import_permission", None)
    if may_import is not None and may_import(request):
        try:
            found["bring"] = reverse(f"{name}_import")
        except NoReverseMatch:
            pass
    return found
