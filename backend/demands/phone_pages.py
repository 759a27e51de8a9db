"""诉求 outside the staff pages: plain pages for phones, for a handler's contact and for who brought one.

Whoever signs in sees the demands that are the own body's to handle, and those they brought forward;
and may do there what they may do anywhere.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.core.access import Actor, home, may_within
from backend.core.asking import why_not
from backend.core.errors import RuleViolation
from backend.demands import actions, handling
from backend.demands.choices import OPEN
from backend.demands.models import Demand, own_rows
from backend.demands.rights import OWN_VERBS, is_reporter, knows_reporter, may_move
from backend.demands.states import DEMAND_MACHINE, HANDLE

DOOR = "phone_page"
SHOWN = 100
# What is asked beside each button; the others are pressed alone.
_ASKED: dict[str, Any] = {
    "give_back": _("退回的原因"),
    "resolve": _("怎么解决的"),
    "reopen": _("还差什么"),
    "respond": _("怎样回复反映人的"),
}


def _of(request: HttpRequest) -> QuerySet[Any]:
    """The own body's, and the own ones; not what somebody sees as staff."""
    user = request.user
    rows = Demand.objects.filter(Demand.own_rows(user, "see") | own_rows(user))
    found: QuerySet[Any] = rows.select_related("estate", "building", "assigned_to", "community")
    return found


@never_cache
@login_required
def demands_page(request: HttpRequest) -> HttpResponse:
    """Those that are not over, the most urgent first; below, what is; and a form for a new one."""
    by = Actor.of(request.user, DOOR)
    where = home(request.user)
    places = sorted(where.communities | where.estate_communities)
    brings = len(places) == 1 and may_within(by, "demands.bring", places[0])
    if request.method == "POST" and brings:
        try:
            made = actions.register_own(
                Demand(
                    community_id=places[0],
                    content=request.POST.get("content", "").strip(),
                    address=request.POST.get("address", "").strip(),
                    reporter_hidden=request.POST.get("hidden") == "1",
                ),
                by=by,
            )
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(request, gettext("已登记，编号 %(code)s。") % {"code": made.code})
        return HttpResponseRedirect(request.path)
    rows = _of(request)
    running = Q(status__in=(*OPEN, "resolved"))
    context = {
        "open": rows.filter(running).order_by("due_at", "pk")[:SHOWN],
        "done": rows.exclude(running).order_by("-received_at", "-pk")[:SHOWN],
        "brings": brings,
    }
    return render(request, "demands/demands.html", context)


@never_cache
@login_required
def demand_page(request: HttpRequest, code: str) -> HttpResponse:
    """One demand: how things are with it, and what its reader may do now."""
    demand = _of(request).filter(code=code).first()
    if demand is None:
        raise Http404
    by = Actor.of(request.user, DOOR)
    steps = _steps(demand, by)
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb not in {step["verb"] for step in steps}:
            raise Http404
        try:
            _carry_out(demand, verb, request.POST.get("text", "").strip(), by)
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(request, gettext("已办理。"))
        # Given back, it is no longer the handler's.
        there = _of(request).filter(pk=demand.pk).exists()
        return HttpResponseRedirect(request.path if there else "../")
    context = {"demand": demand, "steps": steps, "told": knows_reporter(demand, by)}
    return render(request, "demands/demand.html", context)


def _steps(demand: Demand, by: Actor) -> list[dict[str, Any]]:
    """The buttons: moves of a handler's or the reporter's, and the first answer."""
    own = is_reporter(demand, by)
    found = [
        {"verb": move.name, "label": gettext(move.label), "why": why_not(demand, move.name, by)}
        for move in DEMAND_MACHINE.available(demand.status)
        if (move.right == HANDLE or (own and move.name in OWN_VERBS))
        and may_move(demand, by, move.name)
    ]
    if (
        demand.status in OPEN
        and demand.first_response_at is None
        and may_move(demand, by, "resolve")
    ):
        found.append({"verb": "respond", "label": gettext("登记首次回复"), "why": None})
    for step in found:
        step["asked"] = _ASKED.get(str(step["verb"]), "")
    return found


def _carry_out(demand: Demand, verb: str, text: str, by: Actor) -> None:
    if verb == "respond":
        handling.respond(demand, text, by=by)
    elif verb == "confirm":
        handling.confirm(demand, by=by, satisfied=True)
    else:
        actions.DEMAND_VERBS[verb](demand, by=by, reason=text)
