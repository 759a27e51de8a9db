"""The page 签到表 of an event: to print, and to download as a template for typing up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from backend.core import qr
from backend.core.access import Actor, may
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.education.models import LegalEducationEvent, Registration
from backend.education.sheets import SHEET, event_in_words
from backend.education.sign_in_sheet import (
    FIRST_PAGE,
    MOST_LINES,
    may_print_names,
    name_of,
    names_leave,
    pages_of,
    paper_columns,
    phone_of,
)
from backend.imports.identity import Place
from backend.imports.templates_out.making import template_for, template_name
from backend.imports.templates_out.views import as_download, template_url

PAPER, FILE = "签到表（打印）", "签到表模板（已填报名名单）"


def may_import_here(event: LegalEducationEvent, by: Actor) -> bool:
    """Whether the user gets the event's template."""
    actions = ("imports.edit", SHEET.action)
    return all(may(by, action, event.community_id) for action in actions)


def sign_in_page(request: HttpRequest, event: LegalEducationEvent, address: str) -> HttpResponse:
    """The paper, blank or with the names of those who registered; or the template with them."""
    by = actor(request)
    given = request.POST if request.method == "POST" else request.GET
    blank = min(whole_number(given.get("blank", "")) or 0, MOST_LINES)
    if "blank" not in given:
        blank = FIRST_PAGE
    expected: list[Registration] = []
    error, reason = "", request.POST.get("reason", "")
    as_file = request.POST.get("what") == "file"
    if request.method == "POST":
        try:
            expected = names_leave(event, by=by, reason=reason, details=FILE if as_file else PAPER)
        except RuleViolation as violation:
            error, as_file = violation.message, False
    if as_file and may_import_here(event, by):
        return _template(event, expected, by)
    context: dict[str, Any] = {
        "event": event,
        "titles": event_in_words(event),
        "columns": [column.heading for column in paper_columns()],
        "pages": pages_of(expected, blank),
        "code": mark_safe(qr.svg(address)),
        "blank": blank,
        "most": MOST_LINES,
        "names": bool(expected),
        "may_print_names": may_print_names(event, by),
        "template_url": template_url(SHEET, target=event) if may_import_here(event, by) else "",
        "reason": reason,
        "error": error,
    }
    return render(request, "education/sign_in_sheet.html", context)


def _template(event: LegalEducationEvent, expected: list[Registration], by: Actor) -> HttpResponse:
    place = Place(SHEET, event.community, event)
    rows = [{"name": name_of(row), "phone": phone_of(row)} for row in expected]
    return as_download(template_for(place, by=by, rows=rows), template_name(place))
