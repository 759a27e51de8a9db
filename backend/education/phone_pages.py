"""Where the codes on posters and tickets lead: plain pages for phones.

Whoever holds a token sees the event; what they may do there is what they may do anywhere.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core import qr
from backend.core.access import Actor, may_within
from backend.core.errors import RuleViolation, not_found
from backend.core.numbers import whole_number
from backend.education.arriving import Scan, check_in
from backend.education.choices import CheckInSource, EventStatus
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.queries import (
    PHONE_DEVICE,
    is_ones_own,
    own_active_registration,
    refusal_in_words,
)
from backend.education.registering import join_waitlist, register, withdraw_registration
from backend.education.tickets import event_of_poster, registration_of_ticket, ticket_token

DOOR = "phone_page"


@never_cache
def event_page(request: HttpRequest, token: str) -> HttpResponse:
    """The event of a poster: what, when, where, how many places; register, sign in."""
    event = event_of_poster(token)
    if event is None:
        return _unknown(request)
    by = _actor(request)
    if request.method == "POST" and by is not None:
        _say(request, lambda: _carry_out(request, event, by))
        return HttpResponseRedirect(request.path)
    counted: Any = LegalEducationEvent.objects
    mine = own_active_registration(request.user, event) if by is not None else None
    belongs = by is not None and may_within(by, "registrations.register", event.community_id)
    open_ = event.status == EventStatus.OPEN
    places = counted.with_places().get(pk=event.pk)
    return render(
        request,
        "education/event.html",
        {
            "event": event,
            "places": places,
            "full": places.places_left == 0,
            "may_wait": _may_wait(places),
            "open": open_,
            "mine": mine,
            "ticket": ticket_token(mine) if mine is not None else "",
            "signed_in": by is not None,
            "belongs": belongs,
            "at_the_door": by is not None
            and may_within(by, "checkins.edit", event.community_id)
            and bool(getattr(request.user, "is_staff", False)),
            "came": mine is not None and _is_here(mine),
            "sizes": range(1, event.max_group_size + 1),
            "key": uuid.uuid4().hex,
            "sign_in": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}",
        },
    )


@never_cache
def ticket_page(request: HttpRequest, token: str) -> HttpResponse:
    """A ticket: its code to show at the door; for those who stand there, the button to let in.

    It names nobody: whoever finds a ticket learns which event it is for, and no more.
    """
    registration = registration_of_ticket(token)
    if registration is None:
        return _unknown(request)
    event = LegalEducationEvent.objects.select_related("venue", "community").get(
        pk=registration.event_id
    )
    by = _actor(request)
    staff = by is not None and may_within(by, "checkins.edit", event.community_id)
    if request.method == "POST" and staff and by is not None:
        key = request.POST.get("key", "")
        scan = Scan(key, ticket=token, source=CheckInSource.QR, device=PHONE_DEVICE)
        _say(request, lambda: _judged(check_in(event, scan, by=by)))
        return HttpResponseRedirect(request.path)
    address = request.build_absolute_uri(request.path)
    return render(
        request,
        "education/ticket.html",
        {
            "event": event,
            "registration": registration,
            "code": mark_safe(qr.svg(address)),
            "staff": staff,
            "came": _is_here(registration),
            "key": uuid.uuid4().hex,
        },
    )


def _may_wait(event: Any) -> bool:
    """Whether somebody may need the line: there are no places, or too few for a group."""
    left = event.places_left
    short = left is not None and (left < event.max_group_size or event.waitlist_count > 0)
    return bool(event.waitlist_on and short)


def _actor(request: HttpRequest) -> Actor | None:
    user: Any = request.user
    return Actor.of(user, DOOR) if user.is_authenticated and user.is_active else None


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "education/unknown.html", status=404)


def _is_here(registration: Registration) -> bool:
    lines = CheckIn.objects.filter(registration=registration, success=True)
    return lines.order_by("-occurred_at", "-pk").values_list("kind", flat=True).first() == "in"


def _say(request: HttpRequest, do: Any) -> None:
    try:
        messages.success(request, do())
    except RuleViolation as violation:
        messages.error(request, violation.message)


def _judged(line: CheckIn) -> str:
    if not line.success:
        raise RuleViolation(line.refusal, f"{refusal_in_words(line)}。")
    return gettext("已签到")


def _carry_out(request: HttpRequest, event: LegalEducationEvent, by: Actor) -> str:
    """Does what a button says; answers what to tell. Raises: what the verb raises."""
    given = request.POST
    who = {"size": whole_number(given.get("size", "1")) or 0, "note": given.get("note", "")}
    match given.get("verb"):
        case "register":
            register(event, by=by, **who)
            return gettext("报名成功")
        case "wait":
            join_waitlist(event, by=by, **who)
            return gettext("已排入候补，有空位会通知您")
        case "withdraw":
            rows = Registration.objects.filter(is_ones_own(by.user), event=event)
            row = rows.filter(pk=whole_number(given.get("registration", "")) or 0).first()
            if row is None:
                raise not_found("报名")
            withdraw_registration(row, by=by)
            return gettext("已取消报名")
        case "arrive":
            scan = Scan(given.get("key", ""), source=CheckInSource.QR, device=PHONE_DEVICE)
            registration = own_active_registration(by.user, event)
            if registration is not None:
                scan = Scan(
                    scan.key, registration=registration, source=scan.source, device=scan.device
                )
            return _judged(check_in(event, scan, by=by))
    raise RuleViolation("invalid_choice", "不认识这个操作，请刷新页面后再试。")
