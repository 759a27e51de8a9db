"""An event's further pages in the admin: the door, the sign-in sheet, the poster, its QR code."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from backend.core import qr
from backend.core.access import may
from backend.core.admin import actor
from backend.education import actions
from backend.education.door import (
    door_list_answer,
    door_page,
    door_search_answer,
    door_taps_answer,
    door_worker,
)
from backend.education.models import LegalEducationEvent
from backend.education.sign_in_pages import sign_in_page
from backend.education.tickets import poster_token

Page = Callable[[HttpRequest, LegalEducationEvent], HttpResponse]


def poster_address(request: HttpRequest, event: LegalEducationEvent) -> str:
    """The address that an event's poster leads to."""
    return request.build_absolute_uri(reverse("event_page", args=[poster_token(event)]))


class EventPages:
    """Adds the door, the poster and the sign-in sheet to the event's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        pages: dict[str, tuple[str, Page]] = {
            "door": ("door/", door_page),
            "door_list": ("door/list/", door_list_answer),
            "door_search": ("door/search/", door_search_answer),
            "door_taps": ("door/taps/", door_taps_answer),
            "door_worker": ("door/worker.js", door_worker),
            "poster": ("poster/", self.poster),
            "sign_in_sheet": ("sign-in-sheet/", self.sign_in_sheet),
            "poster_svg": ("poster.svg", self.poster_svg),
            "poster_png": ("poster.png", self.poster_png),
            "poster_renew": ("poster/renew/", self.poster_renew),
        }
        own = [
            path(
                f"<int:pk>/{address}",
                self.admin_site.admin_view(self._on_event(page)),
                name=f"education_event_{name}",
            )
            for name, (address, page) in pages.items()
        ]
        return own + super().get_urls()  # type: ignore[misc,no-any-return]

    def _on_event(self, page: Page) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            rows = LegalEducationEvent.objects.visible_to(request.user)
            event = rows.select_related("venue", "community").filter(pk=pk).first()
            if event is None:
                raise Http404
            return page(request, event)

        return view

    def poster(self, request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
        """A sheet of A4 for the notice board."""
        address = poster_address(request, event)
        context = {
            "event": event,
            "address": address,
            "code": mark_safe(qr.svg(address)),
            "may_renew": may(actor(request), "education.edit", event.community_id),
        }
        return render(request, "education/poster.html", context)

    def sign_in_sheet(self, request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
        """The sign-in sheet on A4."""
        return sign_in_page(request, event, poster_address(request, event))

    def poster_svg(self, request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
        """The code alone, for drawing programs."""
        return _file(qr.svg(poster_address(request, event)), "image/svg+xml", event, "svg")

    def poster_png(self, request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
        """The code alone, for a message in the group."""
        return _file(qr.png(poster_address(request, event)), "image/png", event, "png")

    def poster_renew(self, request: HttpRequest, event: LegalEducationEvent) -> HttpResponse:
        """Makes the code that hangs outside void."""
        if request.method != "POST" or not may(
            actor(request), "education.edit", event.community_id
        ):
            raise PermissionDenied
        actions.renew_poster(event, by=actor(request))
        messages.success(request, gettext("海报已换新的二维码，旧的海报已失效。"))
        return HttpResponseRedirect(reverse("admin:education_event_poster", args=[event.pk]))


def _file(content: str | bytes, kind: str, event: LegalEducationEvent, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{event.code}.{ending}"'
    return response
