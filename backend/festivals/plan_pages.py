"""活动安排: a festival's plan on paper: stalls and who stands there, supplies, and a place to count."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from backend.festivals.models import NeighborFestival
from backend.festivals.queries import plan_of


class PlanPages:
    """Adds the printed plan to the festival's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/plan/",
            self.admin_site.admin_view(self.plan_view),
            name="festivals_neighborfestival_plan",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def plan_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The plan, to look at and to print."""
        rows = NeighborFestival.objects.visible_to(request.user).select_related("community")
        festival = rows.filter(pk=pk).first()
        if festival is None or not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise Http404
        context = plan_of(festival, request.user) | {
            "festival": festival,
            "printed_on": timezone.localdate(),
            "back": reverse("admin:festivals_neighborfestival_change", args=[festival.pk]),
        }
        return render(request, "festivals/plan.html", context)
