"""The evening's list in the admin: who is expected, who is here; big buttons, made for a tablet.

The page works by forms alone. With scripts it keeps its list and what is tapped on the tablet, and goes
on without a network: see door_list.py, door_taps.py and the page's scripts.
"""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core.access import may_within, scope
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.education.arriving import Scan, check_in
from backend.education.choices import CheckInKind, CheckInSource
from backend.education.door_list import account_mark, door_list, dropped_at, found_at_the_door
from backend.education.door_taps import take_taps
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.queries import (
    LIST_DEVICE,
    arrived_unregistered,
    expected_at_the_door,
    known_lines,
    refusal_in_words,
)

SHOWN = 200
# Nothing but what this server serves, and no script that stands in the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def door_page(request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
    """The list, and what a button on it did; `?shell` is the page without anybody on it."""
    _stands_here(request, event)
    if request.method == "POST":
        _carry_out(request, event)
        return HttpResponseRedirect(request.get_full_path())
    wanted = request.GET.get("q", "").strip()
    # A search finds what the mask hides.
    searches = may_within(actor(request), "people.search", event.community_id)
    sought = wanted if searches else ""
    shell = "shell" in request.GET
    rows = [] if shell else expected_at_the_door(event, request.user, sought)[:SHOWN]
    walk_ins = [] if shell else arrived_unregistered(event, request.user, sought)[:SHOWN]
    response = render(
        request,
        "education/door.html",
        {
            "event": event,
            "rows": rows,
            "walk_ins": walk_ins,
            "shell": shell,
            "key": uuid.uuid4().hex,
            "wanted": wanted,
            "searches": searches,
            "whole": scope(request.user, "registrations.see").covers(event.community_id),
            "heads": 0 if shell else LegalEducationEvent.objects.heads_of(event.pk),
            "account": account_mark(request.user),
            "drop_at": dropped_at(event).isoformat(),
        },
    )
    response["Content-Security-Policy"] = POLICY
    return response


@never_cache
def door_list_answer(request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
    """The list as the tablet keeps it, with the token that its next message needs."""
    _stands_here(request, event)
    listed = door_list(event, request.user, request.GET.get("known", ""))
    return JsonResponse(listed | {"token": get_token(request)})


@never_cache
def door_search_answer(request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
    """Whom a search means. Posted: a name in an address would stand in the logs of proxies."""
    _stands_here(request, event)
    if not may_within(actor(request), "people.search", event.community_id):
        raise PermissionDenied
    try:
        wanted = str(_posted(request).get("q", "")).strip()
    except RuleViolation as violation:
        return _refused(violation)
    found: dict[str, Any] = {"rows": [], "people": []}
    return JsonResponse(found_at_the_door(event, request.user, wanted) if wanted else found)


@never_cache
def door_taps_answer(request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
    """What came of the taps that are sent: 400 and 409 where none of them was looked at."""
    _stands_here(request, event)
    try:
        given = _posted(request)
        taps = given.get("taps")
        if not isinstance(taps, list) or not all(isinstance(tap, dict) for tap in taps):
            raise RuleViolation("invalid_value", "没有读懂要上传的签到，请刷新页面后再试。")
        results = take_taps(event, taps, str(given.get("account", "")), by=actor(request))
    except RuleViolation as violation:
        return _refused(violation)
    return JsonResponse({"results": results})


def _refused(violation: RuleViolation) -> JsonResponse:
    status = 409 if violation.code == "other_account" else 400
    return JsonResponse({"code": violation.code, "message": violation.message}, status=status)


def door_worker(request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
    """The script that answers for the page while the network is away; it reaches no other page."""
    _stands_here(request, event)
    path = finders.find("linli/door-worker.js")
    if path is None:
        raise Http404
    with open(path, encoding="utf-8") as script:
        response = HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _stands_here(request: HttpRequest, event: LegalEducationEvent) -> None:
    if not may_within(actor(request), "checkins.edit", event.community_id):
        raise PermissionDenied


def _posted(request: HttpRequest) -> dict[str, Any]:
    """The object that was posted. Raises: PermissionDenied, invalid_value."""
    if request.method != "POST":
        raise PermissionDenied
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise RuleViolation("invalid_value", "没有读懂要上传的内容，请刷新页面后再试。")
    return given


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
    rows = known_lines(request.user).select_related("resident")
    found: CheckIn | None = rows.filter(
        event=event, success=True, registration=None, pk=chosen
    ).first()
    return found
