"""The minutes' page: revise, see both versions where two have saved, download as Word."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from backend.core.access import may
from backend.core.admin import actor
from backend.core.asking import refusal
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.meetings import actions
from backend.meetings.choices import MeetingStatus
from backend.meetings.comparing import compared
from backend.meetings.minuting import SavedMinutes, texts_are_publishable
from backend.meetings.models import JointMeeting
from backend.meetings.word_later import word


def minutes_page(
    request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]
) -> HttpResponse:
    """The text and its revisions; a save that comes second shows both."""
    current = meeting.minutes.filter(number=meeting.current_minutes).first()
    if current is None:
        raise Http404
    by = actor(request)
    writes = meeting.status == MeetingStatus.MINUTES_DRAFT and may(
        by, "meetings.edit", meeting.community_id
    )
    saved: SavedMinutes | None = None
    text, error = current.text, ""
    if request.method == "POST":
        if not may(by, "meetings.move", meeting.community_id):
            raise PermissionDenied
        text = request.POST.get("text", "").replace("\r\n", "\n")
        based_on = whole_number(request.POST.get("based_on", "")) or 0
        try:
            if request.POST.get("do") == "redraft":
                saved = actions.redraft_minutes(meeting, based_on, by=by)
            else:
                saved = actions.revise_minutes(meeting, text, based_on, by=by)
        except RuleViolation as violation:
            # What was typed stays in the form.
            error = violation.message
        else:
            if saved.conflict is None:
                messages.success(request, gettext("已保存：") + str(saved.revision))
                return HttpResponseRedirect(request.path)
            current, text = saved.current, saved.revision.text
    earlier = whole_number(request.GET.get("revision", ""))
    looked_at = meeting.minutes.filter(number=earlier).first() if earlier else None
    return render(
        request,
        "meetings/minutes.html",
        context
        | {
            "title": gettext("会议纪要"),
            "meeting": meeting,
            "current": current,
            "text": text,
            "error": error,
            "conflict": saved.conflict if saved is not None else None,
            "yours": saved.revision if saved is not None else None,
            "difference": compared(current.text, text) if saved is not None else [],
            "revisions": meeting.minutes.select_related("written_by").order_by("-number"),
            "looked_at": looked_at,
            "looked_at_difference": compared(looked_at.text, current.text) if looked_at else [],
            "writes": writes,
            # Said while it can still be mended: once confirmed, the minutes go back with a reason.
            "names_somebody": refusal(lambda: texts_are_publishable(meeting)) if writes else None,
        },
    )


def minutes_docx(
    request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]
) -> HttpResponse:
    """会议纪要 as a Word file, by the community's template."""
    if not meeting.current_minutes:
        raise Http404
    try:
        content = word().minutes_as_word(meeting)
    except RuleViolation as violation:
        messages.error(request, violation.message)
        return HttpResponseRedirect("../change/")
    response = HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    name = f"{meeting.numbered} {meeting.title} 会议纪要".strip().replace("/", "／")
    # The plain name is for clients that know no other.
    response["Content-Disposition"] = (
        f"attachment; filename=\"{meeting.code}.docx\"; filename*=UTF-8''{quote(name)}.docx"
    )
    return response
