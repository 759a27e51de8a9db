"""本页说明: what the page is for and the next step, without leaving it."""

from typing import Any

from django import template
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext

from backend.core.guidance import guidance_for
from backend.core.guide_pages import guide_url

register = template.Library()


@register.inclusion_tag("linli/page_help.html", takes_context=True)
def page_help(context: dict[str, Any]) -> dict[str, Any]:
    """The help of the page that is being shown; nothing where it has none."""
    match = getattr(context.get("request"), "resolver_match", None)
    opts = context.get("opts")
    names = [match.url_name] if match is not None and match.url_name else []
    if match is not None and str(match.url_name).startswith("guide"):
        names.append("guide")
    found = guidance_for(*names, *([opts.label] if opts is not None else []))
    return {"help": found, "url": guide_url(found) if found is not None else ""}


@register.inclusion_tag("linli/empty_list.html", takes_context=True)
def empty_list(context: Any, cl: Any) -> dict[str, Any]:
    """How to begin where a register has no row yet; how to see more where filters leave none."""
    request: Any = context.request
    if cl.query or cl.has_active_filters or (cl.date_hierarchy and _by_date(cl)):
        return {"filtered": True, "clear": request.path}
    model_admin, opts = cl.model_admin, cl.opts
    ways: list[dict[str, str]] = []
    if model_admin.has_add_permission(request):
        name = f"admin:{opts.app_label}_{opts.model_name}_add"
        ways.append({"label": gettext("新建"), "url": reverse(name)})
    ways += getattr(model_admin, "ways_to_bring", lambda request: [])(request)
    help_ = guidance_for(opts.label)
    if help_ is not None and help_.begins_at:
        ways += _from(request, help_.begins_at)
    return {
        "filtered": False,
        "name": opts.verbose_name_plural,
        "help": help_,
        "url": guide_url(help_) if help_ is not None else "",
        "ways": [] if cl.is_popup else ways,
    }


def _by_date(cl: Any) -> bool:
    return any(key.startswith(f"{cl.date_hierarchy}__") for key in cl.params)


def _from(request: Any, label: str) -> list[dict[str, str]]:
    model = apps.get_model(label)
    there = admin.site._registry.get(model)
    if there is None or not there.has_view_permission(request):
        return []
    opts = model._meta
    told = gettext("到“%(register)s”") % {"register": opts.verbose_name_plural}
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return [{"label": told, "url": url}]
