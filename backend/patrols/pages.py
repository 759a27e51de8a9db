"""五必查 on a phone: choose the grid and the shift, tick the five points, a line and a photo, done."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.accounts.home_links import HomeLink, home_link
from backend.core.access import Actor, scope
from backend.core.errors import RuleViolation
from backend.files.actions import attach
from backend.files.attached import prefetched
from backend.patrols import patrolling
from backend.patrols.choices import PatrolShift, PatrolStatus, PointKind, PointResult
from backend.patrols.models import Patrol, PatrolPoint
from backend.patrols.queries import rounds_of, shift_of
from backend.patrols.rights import ACTION, grids_of, may_walk
from backend.places.models import Grid

DOOR = "phone_page"
MOST_GRIDS = 100
home_link(
    HomeLink(
        "patrols_page",
        _("五必查"),
        _("开始巡查，或接着查"),
        lambda user: scope(user, ACTION).anywhere,
    )
)


@dataclass
class Card:
    """One of the five points as the page shows it: as answered, or as just typed and refused."""

    kind: str
    label: Any
    point: PatrolPoint | None = None
    result: str = ""
    note: str = ""
    fixed_how: str = ""
    demand: bool = False
    error: str = ""
    photos: list[Any] = field(default_factory=list)


@never_cache
@login_required
def patrols_page(request: HttpRequest) -> HttpResponse:
    """The grids that the reader walks, each with today's shifts."""
    return _grids(request, list(grids_of(request.user).order_by("name", "pk")[:MOST_GRIDS]))


@never_cache
@login_required
def patrol_grid(request: HttpRequest, code: str) -> HttpResponse:
    """One grid with today's shifts."""
    grids = list(grids_of(request.user).filter(code=code))
    if not grids:
        raise Http404
    return _grids(request, grids)


def _grids(request: HttpRequest, grids: list[Grid]) -> HttpResponse:
    by = Actor.of(request.user, DOOR)
    if request.method == "POST":
        return _start(request, grids, by)
    now = timezone.localtime()
    rounds = rounds_of(grids, now.date())
    return render(
        request,
        "patrols/grids.html",
        {
            "grids": [
                (
                    grid,
                    [
                        (value, label, rounds.get(grid.pk, {}).get(value))
                        for value, label in PatrolShift.choices
                    ],
                )
                for grid in grids
            ],
            "now": shift_of(now.hour),
            "today": now.date(),
        },
    )


def _start(request: HttpRequest, grids: list[Grid], by: Actor) -> HttpResponse:
    grid = next((one for one in grids if one.code == request.POST.get("grid")), None)
    if grid is None:
        raise Http404
    shift = request.POST.get("shift", "")
    try:
        patrol = patrolling.start_patrol(grid, shift=shift, by=by)
    except RuleViolation as violation:
        known = rounds_of([grid], timezone.localdate()).get(grid.pk, {}).get(shift)
        if violation.code != "patrol_taken" or known is None:
            messages.error(request, violation.message)
            return HttpResponseRedirect(request.path)
        # Tapped twice, or begun by a colleague: that round is the one.
        patrol = known
    return redirect("patrol_page", patrol.code)


@never_cache
@login_required
def patrol_page(request: HttpRequest, code: str) -> HttpResponse:
    """One round: five points, each 正常 or 有问题 with a line and a photo."""
    rows = Patrol.objects.visible_to(request.user).select_related("grid", "estate", "patroller")
    patrol = rows.filter(code=code).first()
    if patrol is None:
        raise Http404
    by = Actor.of(request.user, DOOR)
    walks = may_walk(by, patrol.community_id, patrol.estate_id)
    errors: dict[str, str] = {}
    if request.method == "POST" and walks:
        errors = _carry_out(request, patrol, by)
        if not errors:
            return HttpResponseRedirect(request.path)
    points = PatrolPoint.objects.visible_to(request.user).filter(patrol=patrol)
    known = {
        p.kind: p
        for p in points.prefetch_related(prefetched(request.user, "photos")).select_related(
            "demand"
        )
    }
    cards = [
        _card(kind, label, known.get(kind), request, errors.get(kind, ""))
        for kind, label in PointKind.choices
    ]
    open_ = patrol.status == PatrolStatus.OPEN
    return render(
        request,
        "patrols/patrol.html",
        {
            "patrol": patrol,
            "cards": cards,
            "walks": walks and open_,
            "reopens": walks
            and patrol.status == PatrolStatus.FINISHED
            and patrol.day == timezone.localdate(),
            "answered": len(known),
            "staff": request.user.is_staff,
        },
    )


def _card(
    kind: str, label: Any, point: PatrolPoint | None, request: HttpRequest, error: str
) -> Card:
    card = Card(kind, label, point, error=error)
    if point is not None:
        card.result, card.note, card.fixed_how = point.result, point.note, point.fixed_how
        card.photos = list(getattr(point, "photos", ()))
    if error:
        # What was typed stays.
        card.result, card.note, card.fixed_how = _typed(request, kind)
        card.demand = f"{kind}-demand" in request.POST
    return card


def _typed(request: HttpRequest, kind: str) -> tuple[str, str, str]:
    given = request.POST
    result = given.get(f"{kind}-result", "")
    if result != PointResult.ISSUE:
        # What stands hidden under a point that is in order was not meant.
        return result, "", ""
    return result, given.get(f"{kind}-note", ""), given.get(f"{kind}-fixed", "")


def _carry_out(request: HttpRequest, patrol: Patrol, by: Actor) -> dict[str, str]:
    """Carries out what was tapped; answers what was refused, by point."""
    wanted = request.POST.get("do", "save")
    reason = request.POST.get("reason", "")
    try:
        if wanted == "reopen":
            patrolling.reopen(patrol, by=by, reason=reason)
            return {}
        if wanted == "cancel":
            patrolling.cancel(patrol, by=by, reason=reason)
            return {}
        errors = _save(request, patrol, by)
        if wanted == "finish" and not errors:
            patrolling.finish(patrol, by=by)
            messages.success(request, gettext("巡查完成，辛苦了。"))
        elif not errors:
            messages.success(request, gettext("已保存。"))
    except RuleViolation as violation:
        messages.error(request, violation.message)
        return {}
    return errors


def _save(request: HttpRequest, patrol: Patrol, by: Actor) -> dict[str, str]:
    """Writes each point that was ticked; the others' words are kept, whatever is wrong with one."""
    errors: dict[str, str] = {}
    for kind in PointKind.values:
        result, note, fixed_how = _typed(request, kind)
        if not result:
            continue
        try:
            point = patrolling.answer(patrol, kind, result, by=by, note=note, fixed_how=fixed_how)
            if f"{kind}-demand" in request.POST and result == PointResult.ISSUE:
                point = _passed_on(point, by)
            for file in request.FILES.getlist(f"{kind}-photo"):
                attach(point, file, by=by)
        except RuleViolation as violation:
            if violation.code == "patrol_closed":
                raise
            errors[kind] = violation.message
    return errors


def _passed_on(point: PatrolPoint, by: Actor) -> PatrolPoint:
    """The point, with its demand: saved once more, it is still that one."""
    return point if point.demand_id is not None else patrolling.pass_on(point, by=by)
