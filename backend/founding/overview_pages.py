"""设置总览 and the history of each setting."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from backend.core.access import scope
from backend.core.desk.without_rights import belongs_nowhere
from backend.core.door import allowed
from backend.core.models import Kept
from backend.core.table_history import acts_called, history_of_table, last_touched
from backend.founding.overview import Setting, groups, setting_of
from backend.places.models import Community

# More than that are chosen by their address.
MOST = 50
# So many defaults are shown as they are.
FEW = 3


def settings_page(request: HttpRequest) -> HttpResponse:
    """Every setting of one community (`?community=CODE`) that this user may see.

    Raises: PermissionDenied for who belongs nowhere.
    """
    if belongs_nowhere(request.user):
        raise PermissionDenied
    mine = list(Community.objects.visible_to(request.user).order_by("name", "pk")[:MOST])
    asked = request.GET.get("community", "")
    here = next((one for one in mine if one.code == asked), mine[0] if mine else None)
    blocks = []
    if here is not None:
        shown = [
            (group, [one for one in group.settings if _may_see(request, one, here)])
            for group in groups()
        ]
        labels = [one.model for _group, some in shown for one in some]
        touched = last_touched(labels, here.pk)
        blocks = [
            {
                "label": group.label,
                "lines": [_line(request, one, here, touched.get(one.model)) for one in some],
            }
            for group, some in shown
            if some
        ]
    context = admin.site.each_context(request) | {
        "title": gettext("设置总览"),
        "community": here,
        "others": mine if len(mine) > 1 else [],
        "blocks": blocks,
    }
    return render(request, "founding/settings.html", context)


def setting_history_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who changed a setting of one community, and when."""
    setting = setting_of(code)
    rows = Community.objects.visible_to(request.user)
    here = rows.filter(code=request.GET.get("community", "")).first()
    if setting is None or here is None:
        raise Http404
    if not _may_see(request, setting, here):
        raise PermissionDenied
    if setting.verbs:
        acts = acts_called(setting.verbs, here.pk)
    else:
        acts = history_of_table(setting.place, here.pk, request.user)
    context = admin.site.each_context(request) | {
        "title": gettext("历史：%(name)s") % {"name": setting.label},
        "setting": setting,
        "community": here,
        "acts": acts,
        "sees_change_sets": allowed(request, "history.see"),
        "back": f"{reverse('settings_page')}?{urlencode({'community': here.code})}",
    }
    return render(request, "founding/setting_history.html", context)


def _may_see(request: HttpRequest, setting: Setting, community: Community) -> bool:
    model = setting.place
    model_admin = admin.site._registry.get(model)
    if model_admin is None or not model_admin.has_view_permission(request):
        return False
    return not issubclass(model, Kept) or scope(request.user, model.action("see")).covers(
        community.pk
    )


def _line(
    request: HttpRequest, setting: Setting, community: Community, touched: Any
) -> dict[str, Any]:
    model = setting.place
    opts = model._meta
    values = setting.values(community)
    # A long list of defaults is opened by who wants it; what the community has said stands first.
    plain = [value for value in values if not value.own]
    folded = plain if len(plain) > FEW and all(value.default for value in plain) else []
    return {
        "setting": setting,
        "values": [value for value in values if value not in folded],
        "folded": folded,
        "touched": touched,
        "may_edit": scope(request.user, model.action("edit")).covers(community.pk),
        "url": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        "history": f"{reverse('setting_history', args=[setting.code])}?"
        + urlencode({"community": community.code}),
    }
