"""The evening's list in the admin: who is expected, who is here; big buttons, made for a phone."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from backend.core.access import may_within, scope
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.education.arriving import Scan, check_in
from backend.education.choices import CheckInKind, CheckInSource
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.queries import (
    LIST_DEVICE,
    arrived_unregistered,
    expected_at_the_door,
    refusal_in_words,
)

SHOWN = 200


def door_page(request: HttpRequest, event: LegalEducationEvent, context: Any) -> HttpResponse:
    """The list, and what a button on it did."""
    by = actor(request)
    if not may_within(by, "checkins.edit", event.community_id):
        raise PermissionDenied
    wanted = request.GET.get("q", "").strip()
    if request.method == "POST":
        _carry_out(request, event)
        return HttpResponseRedirect(request.get_full_path())
    # A search finds what the mask hides.
    searches = may_within(by, "people.search", event.community_id)
    sought = wanted if searches else ""
    rows = expected_at_the_door(event, request.user, sought)
    where = scope(request.user, "registrations.see")
    return render(
        request,
        "education/door.html",
        context
        | {
            "title": gettext("现场签到"),
            "event": event,
            "rows": rows[:SHOWN],
            "walk_ins": arrived_unregistered(event, request.user, sought)[:SHOWN],
            "key": uuid.uuid4().hex,
            "wanted": wanted,
            "searches": searches,
            "whole": where.covers(event.community_id),
            "heads": LegalEducationEvent.objects.heads_of(event.pk),
        },
    )


def _carry_out(request: HttpRequest, event: LegalEducationEvent) -> None:
    given = request.POST
    kind = given.get("kind", CheckInKind.IN)
    rows = Registration.objects.visible_to(request.user).filter(event=event)
    row = rows.filter(pk=whole_number(given.get("registration", "")) or 0).first()
    walk_in = _walk_in(request, event)
    scan = Scan(
        key=given.get("key", ""),
        registration=row,
        resident=walk_in.resident if walk_in is not None else None,
        name=walk_in.name if walk_in is not None else given.get("name", ""),
        companions=whole_number(given.get("companions", "")),
        kind=kind if kind in CheckInKind.values else CheckInKind.IN,
        source=CheckInSource.LIST if row is not None else CheckInSource.MANUAL,
        device=LIST_DEVICE,
        forced=bool(given.get("forced")),
        reason=given.get("reason", ""),
    )
    try:
        line = check_in(event, scan, by=actor(request))
    except RuleViolation as violation:
        messages.error(request, violation.message)
        return
    if line.success:
        messages.success(request, f"{line}：{gettext('已记下')}")
    else:
        messages.error(request, f"{line}：{refusal_in_words(line)}")


def _walk_in(request: HttpRequest, event: LegalEducationEvent) -> CheckIn | None:
    """The line of somebody who came without a registration: the page knows them masked alone."""
    chosen = whole_number(request.POST.get("line", "")) or 0
    rows = CheckIn.objects.visible_to(request.user).select_related("resident")
    found: CheckIn | None = rows.filter(
        event=event, success=True, registration=None, pk=chosen
    ).first()
    return found
