"""落实事项 outside the staff pages: plain pages for phones, for a body's contact and for staff alike.

Whoever signs in sees the action items that they may see, and may do there what they may do anywhere.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core.access import Actor, may
from backend.core.errors import RuleViolation
from backend.files.actions import attach
from backend.files.attached import prefetched
from backend.meetings import working
from backend.meetings.choices import UNFINISHED, ActionStatus
from backend.meetings.models import ActionItem, ActionProgress

DOOR = "phone_page"
SHOWN = 100


@never_cache
@login_required
def tasks_page(request: HttpRequest) -> HttpResponse:
    """Those that are not done, the most urgent first; below, what is done."""
    seen: Any = ActionItem.objects.visible_to(request.user)
    rows = seen.with_overdue().select_related("organization", "meeting", "community")
    unfinished = Q(status__in=UNFINISHED)
    return render(
        request,
        "meetings/tasks.html",
        {
            "open": rows.filter(unfinished).order_by("due_on", "pk")[:SHOWN],
            "done": rows.exclude(unfinished).order_by("-due_on", "-pk")[:SHOWN],
        },
    )


@never_cache
@login_required
def task_page(request: HttpRequest, code: str) -> HttpResponse:
    """One action item: what was done so far, and a form for more, with evidence."""
    rows: Any = ActionItem.objects.visible_to(request.user)
    item: ActionItem | None = (
        rows.with_overdue()
        .select_related("organization", "meeting", "resolution", "community")
        .annotate(sent_back=working.sent_back_because())
        .filter(code=code)
        .first()
    )
    if item is None:
        raise Http404
    by = Actor.of(request.user, DOOR)
    if request.method == "POST":
        _say(request, lambda: _carry_out(request, item, by))
        return HttpResponseRedirect(request.path)
    progress = ActionProgress.objects.visible_to(request.user).filter(action_item=item)
    reports = working.may_report(item, by)
    return render(
        request,
        "meetings/task.html",
        {
            "item": item,
            "progress": progress.prefetch_related(prefetched(request.user, "evidence")),
            "reports": reports and item.status in UNFINISHED,
            "sent_back": getattr(item, "sent_back", None) if item.status in UNFINISHED else None,
            "finishes": reports and item.status == ActionStatus.IN_PROGRESS,
            "staff": may(by, "action_items.move", item.community_id),
            "today": timezone.localdate(),
        },
    )


def _carry_out(request: HttpRequest, item: ActionItem, by: Actor) -> str:
    given = request.POST
    if given.get("do") == "finish":
        working.finish(item, by=by)
        return gettext("已报告办结，等待核验。")
    try:
        day = parse_date(given.get("occurred_on", ""))
    except ValueError:
        raise RuleViolation("invalid_value", "日期不对，请核对。", field="occurred_on") from None
    line = working.report(item, given.get("text", "").strip(), by=by, occurred_on=day)
    refused = []
    for file in request.FILES.getlist("files"):
        try:
            attach(line, file, by=by)
        except RuleViolation as violation:
            # The words are kept: only the picture has to be sent again.
            refused.append(violation.message)
    for message in refused:
        messages.error(request, message)
    return gettext("已记下。")


def _say(request: HttpRequest, do: Callable[[], str]) -> None:
    try:
        messages.success(request, do())
    except RuleViolation as violation:
        messages.error(request, violation.message)
