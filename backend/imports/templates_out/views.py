"""Where templates are had: one address, for the admin's buttons and for programs alike."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from backend.core.access import Actor
from backend.core.door import DOOR
from backend.core.errors import RuleViolation
from backend.imports.sheet import Sheet
from backend.imports.templates_out.making import template_for, template_name, template_place

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STATUS = {"not_allowed": 403, "community_missing": 400}


@require_safe
def template(request: HttpRequest, register: str) -> HttpResponse:
    """The template of a register: ?event=CODE for an event's, ?community=CODE where it must be said.

    404 for what is not there and for what the caller may not see alike, 403 for lack of rights.
    """
    try:
        by = Actor.of(request.user, DOOR)
        place = template_place(
            register,
            event=request.GET.get("event", ""),
            community=request.GET.get("community", ""),
            by=by,
        )
        return as_download(template_for(place, by=by), template_name(place))
    except RuleViolation as violation:
        status = _STATUS.get(violation.code, 404)
        return HttpResponse(violation.message, "text/plain; charset=utf-8", status=status)


def as_download(content: bytes, name: str) -> HttpResponse:
    """A workbook that is saved, not kept by any cache on the way."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def template_url(sheet: Sheet, *, target: Any = None, community: Any = None) -> str:
    """The address of a template."""
    query = {}
    if target is not None:
        query["event"] = target.code
    elif community is not None:
        query["community"] = community.code
    address = reverse("sheet_template", args=[sheet.register])
    return f"{address}?{urlencode(query)}" if query else address


def template_links(sheet: Sheet, target: Any, communities: Any) -> list[dict[str, str]]:
    """The buttons of a register's upload page: one, or one for each community of the user's."""
    if target is not None:
        return [{"url": template_url(sheet, target=target), "of": str(target)}]
    some = list(communities[:20])
    if len(some) == 1:
        return [{"url": template_url(sheet, community=some[0]), "of": ""}]
    return [{"url": template_url(sheet, community=c), "of": c.name} for c in some]
