"""The day sheet for a phone and on paper: for staff, and for the contacts of whoever provides a service."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.accounts.home_links import HomeLink, home_link
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.services import serving
from backend.services.afterwards import mark_no_show, mark_served, serve_the_rest
from backend.services.choices import BookingStatus
from backend.services.models import ServiceBooking, Slot

DOOR = "phone_page"
_MARKS = {"serve": mark_served, "miss": mark_no_show}
home_link(HomeLink("day_page", _("当天服务单"), _("谁来、来了没有"), serving.sees_days))
# Lines left free on paper for those who come without a booking.
BLANK = 3


@never_cache
@login_required
def day_page(request: HttpRequest) -> HttpResponse:
    """Who comes on a day, slot by slot; each is marked as served, or as not come."""
    _require_day_sheet(request)
    day, item = day_asked_for(request), request.GET.get("item", "")
    if request.method == "POST":
        if request.POST.get("do") == "serve_the_rest":
            anchor = _serve_the_rest(request)
        else:
            marked = _mark(request)
            anchor = f"#b{marked}" if marked else ""
        return HttpResponseRedirect(request.get_full_path() + anchor)
    slots = serving.day_sheet(request.user, day, item=item)
    now = timezone.now()
    for one in slots:
        one.begun = one.slot.starts_at <= now
        one.left = sum(row.status == BookingStatus.CONFIRMED for row in one.coming)
    context = _told(request, day, item) | {
        "slots": slots,
        "marks": serving.marks(request.user),
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1),
        "today": timezone.localdate(),
        "left": sum(one.left for one in slots),
    }
    return render(request, "services/day.html", context)


@never_cache
@login_required
def day_paper(request: HttpRequest) -> HttpResponse:
    """The same on A4: names masked, or in full for a reason, which is written down."""
    _require_day_sheet(request)
    day, item = day_asked_for(request), request.GET.get("item", "")
    slots = serving.day_sheet(request.user, day, item=item)
    whole, error, reason = False, "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            serving.names_leave(slots, day, by=Actor.of(request.user, DOOR), reason=reason)
            whole = True
        except RuleViolation as violation:
            error = violation.message
    context = _told(request, day, item) | {
        "slots": slots,
        "whole": whole,
        "reason": reason,
        "error": error,
        "may_print_names": serving.may_print_names(slots, request.user),
        "blank": range(BLANK),
    }
    return render(request, "services/day_paper.html", context)


def _require_day_sheet(request: HttpRequest) -> None:
    if not serving.sees_days(request.user):
        raise Http404


def _told(request: HttpRequest, day: date, item: str) -> dict[str, Any]:
    query = {"on": day.isoformat()} | ({"item": item} if item else {})
    return {"day": day, "item": item, "query": urlencode(query)}


def _serve_the_rest(request: HttpRequest) -> str:
    """Carries out the button of a slot; answers where on the page that is."""
    rows = Slot.objects.filter(serving.slots_served_by(request.user))
    slot = rows.filter(pk=whole_number(request.POST.get("slot", "")) or 0).first()
    if slot is None:
        messages.error(request, gettext("没有找到这个时段，请刷新页面。"))
        return ""
    try:
        count = serve_the_rest(slot, by=Actor.of(request.user, DOOR))
    except RuleViolation as violation:
        messages.error(request, violation.message)
    else:
        told = gettext("已把 %(count)s 人记为已服务；没来的请逐个改成“未到”。") % {"count": count}
        messages.success(request, told)
    return f"#s{slot.pk}"


def _mark(request: HttpRequest) -> int | None:
    """Carries out what a button says; the key of the booking, None if it is not there."""
    rows = ServiceBooking.objects.visible_to(request.user)
    found = rows.filter(pk=whole_number(request.POST.get("booking", "")) or 0).first()
    verb = _MARKS.get(request.POST.get("do", ""))
    if found is None or verb is None:
        messages.error(request, gettext("没有找到这个预约，请刷新页面。"))
        return None
    try:
        verb(found, by=Actor.of(request.user, DOOR))
    except RuleViolation as violation:
        messages.error(request, violation.message)
    return int(found.pk)


def day_asked_for(request: HttpRequest) -> date:
    """The day asked for; today for none, or for what is no day."""
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()
