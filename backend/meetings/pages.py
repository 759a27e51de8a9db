"""A meeting's further pages in the admin: the chair's working page, the notice, the minutes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from backend.core.access import may
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.meetings import actions
from backend.meetings.minutes_pages import minutes_docx, minutes_page
from backend.meetings.models import JointMeeting
from backend.meetings.origin_pages import origins_page
from backend.meetings.room import room_page
from backend.meetings.telling import told_of, unreachable_seats

Page = Callable[[HttpRequest, JointMeeting, dict[str, Any]], HttpResponse]


class MeetingPages:
    """Adds the working page, the notice and the minutes to the meeting's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        pages: dict[str, tuple[str, Page]] = {
            "room": ("room/", room_page),
            "carry": ("carry/", carry_page),
            "origins": ("origins/", origins_page),
            "notice_page": ("notice/", notice_page),
            "minutes": ("minutes/", minutes_page),
            "minutes_docx": ("minutes.docx", minutes_docx),
        }
        own = [
            path(
                f"<int:pk>/{address}",
                self.admin_site.admin_view(self._on_meeting(page)),
                name=f"meetings_meeting_{name}",
            )
            for name, (address, page) in pages.items()
        ]
        return own + super().get_urls()  # type: ignore[misc,no-any-return]

    def _on_meeting(self, page: Page) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            rows = JointMeeting.objects.visible_to(request.user).select_related("community")
            meeting = rows.filter(pk=pk).first()
            if meeting is None:
                raise Http404
            return page(request, meeting, self.admin_site.each_context(request))

        return view


def notice_page(
    request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]
) -> HttpResponse:
    """The convening notice with its agenda, for a printer or a screenshot."""
    if meeting.number is None:
        raise Http404
    return render(
        request,
        "meetings/notice.html",
        {
            "meeting": meeting,
            "items": meeting.items.order_by("position", "pk"),
            "roll": meeting.roll.order_by("pk"),
            "told": told_of(meeting),
            "by_phone": unreachable_seats(meeting),
        },
    )


def carry_page(
    request: HttpRequest, meeting: JointMeeting, context: dict[str, Any]
) -> HttpResponse:
    """Puts what earlier meetings left undone on the agenda, after asking once."""
    if not may(actor(request), "meetings.move", meeting.community_id):
        raise PermissionDenied
    back = reverse("admin:meetings_jointmeeting_change", args=[meeting.pk])
    if request.method == "POST":
        try:
            added = actions.carry_over(meeting, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            said = ngettext("已加入 %(count)d 项议题。", "已加入 %(count)d 项议题。", added)
            messages.success(request, said % {"count": added})
        return HttpResponseRedirect(back)
    items, tasks = actions.left_over(meeting)
    return render(
        request,
        "meetings/carry.html",
        context
        | {
            "title": gettext("带入上次未完事项"),
            "meeting": meeting,
            "items": items,
            "tasks": tasks,
            "back": back,
        },
    )
