"""照搬: the page that asks for which month a plan is copied, and says when that would be."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.festivals import rules
from backend.festivals.copying import copy_festival
from backend.festivals.models import NeighborFestival

CHOICES = 6


class CopyPages:
    """Adds the page to the festival's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/copy/",
            self.admin_site.admin_view(self.copy_view),
            name="festivals_neighborfestival_copy",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the month, then copies."""
        source = NeighborFestival.objects.visible_to(request.user).filter(pk=pk).first()
        if source is None or not self._may_on(request, "edit", source):  # type: ignore[attr-defined]
            raise PermissionDenied
        months, error, wanted = _months(source), "", _month(request.POST.get("month", ""))
        if request.method == "POST":
            try:
                copied = copy_festival(source, by=actor(request), month=wanted)
            except RuleViolation as refused:
                error = refused.message
            else:
                for note in copied.notes:
                    messages.warning(request, note)
                messages.success(request, gettext("已照搬摊位和物资，请核对日期和摊位后再公布。"))
                url = reverse("admin:festivals_neighborfestival_change", args=[copied.festival.pk])
                return HttpResponseRedirect(url)
        context = self.admin_site.each_context(request) | {
            "title": gettext("照搬到别的月份"),
            "opts": NeighborFestival._meta,
            "record": source,
            "months": months,
            "wanted": wanted,
            "error": error,
            "back": reverse("admin:festivals_neighborfestival_change", args=[source.pk]),
        }
        return render(request, "festivals/copy.html", context)


def _months(source: NeighborFestival) -> list[tuple[date, date]]:
    """The months to choose from, and the day that each would give: the ones to come."""
    first = rules.next_month(source.day)
    this = rules.month_of(timezone.localdate())
    month = max(first, this)
    found = []
    for _number in range(CHOICES):
        found.append((month, rules.same_weekday_of_month(source.day, month)))
        month = rules.next_month(month)
    return found


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
