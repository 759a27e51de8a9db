"""A notice on paper, for the board at the gate: one sheet of A4."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from backend.notices.models import PublicNotice


class PaperPages:
    """Adds the printed notice to its admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/paper/",
            self.admin_site.admin_view(self.paper_view),
            name="notices_publicnotice_paper",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def paper_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The notice, to look at and to print."""
        rows = PublicNotice.objects.visible_to(request.user).select_related("community", "estate")
        notice = rows.filter(pk=pk).first()
        if notice is None or not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise Http404
        context = {
            "notice": notice,
            "back": reverse("admin:notices_publicnotice_change", args=[notice.pk]),
        }
        return render(request, "notices/paper.html", context)
