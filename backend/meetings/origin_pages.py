"""The page on which agenda items are chosen from the registers, or made of a figure."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backend.core.access import may
from backend.core.admin import actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.numbers import whole_number
from backend.meetings import actions
from backend.meetings.choices import ItemKind
from backend.meetings.models import JointMeeting
from backend.meetings.proposing import FIRST, candidates_for


def origins_page(
    request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]
) -> HttpResponse:
    """What waits in each register, to be ticked; below, a figure that no register holds."""
    by = actor(request)
    if not may(by, "meetings.move", meeting.community_id):
        raise PermissionDenied
    if request.method == "POST":
        try:
            added = _add(request, meeting)
        except RuleViolation as violation:
            messages.error(request, violation.message)
        except ManyViolations as refused:
            messages.error(request, "；".join({v.message for v in refused.by_index.values()}))
        else:
            said = ngettext("已加入 %(count)d 项议题。", "已加入 %(count)d 项议题。", added)
            messages.success(request, said % {"count": added})
        return HttpResponseRedirect(request.get_full_path())
    search = request.GET.get("q", "")[:60]
    return render(
        request,
        "meetings/origins.html",
        context
        | {
            "title": gettext("从登记里选议题"),
            "meeting": meeting,
            "groups": candidates_for(meeting, request.user, search=search),
            "search": search,
            "first": FIRST,
            "kinds": ItemKind.choices,
            "usual_kind": ItemKind.DELIBERATION,
            "back": reverse("admin:meetings_jointmeeting_change", args=[meeting.pk]),
        },
    )


def _add(request: HttpRequest, meeting: JointMeeting) -> int:
    by, given = actor(request), request.POST
    kind = given.get("kind", "")
    if kind not in ItemKind.values:
        raise RuleViolation("invalid_choice", "请选择议题的类型。", field="kind")
    if given.get("do") == "figure":
        counted = given.get("origin_count", "").strip()
        count = whole_number(counted) if counted else None
        if count is None:
            raise RuleViolation("invalid_value", "件数要填整数。", field="origin_count")
        actions.add_item(
            meeting,
            given.get("title", "").strip(),
            by=by,
            kind=kind,
            origin_label=given.get("origin_label", "").strip(),
            origin_code=given.get("origin_code", "").strip(),
            origin_count=count,
        )
        return 1
    chosen = [(its, code) for its, _, code in (one.partition(":") for one in given.getlist("from"))]
    if not chosen:
        raise RuleViolation("nothing_chosen", "请先勾选要列入议题的事项。")
    return len(actions.add_items_from(meeting, chosen, by=by, kind=kind))
