"""A week of a partner's posts, to look at and to print."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from backend.core.disclosures import reading_of
from backend.core.door import DOOR
from backend.core.personal import mask
from backend.partners.models import DutyShift, RedPartner
from backend.partners.queries import WEEK, monday_of, rota


class RotaPages:
    """Adds the week's rota to the partner's admin."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/rota/",
            self.admin_site.admin_view(self.rota_view),
            name="partners_redpartner_rota",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def rota_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The week of the day that the address names; this week without one."""
        partner = (
            RedPartner.objects.visible_to(request.user)
            .select_related("organization", "community")
            .filter(pk=pk)
            .first()
        )
        if partner is None or not self._may_see_shifts(request):
            raise Http404
        monday = monday_of(_day_asked(request))
        week = rota(partner, monday)
        shifts = [shift for row in week for day in row["days"] for shift in day]
        whole = _in_full(request, shifts)
        page = reverse("admin:partners_redpartner_rota", args=[pk])
        context = {
            "partner": partner,
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "days": [monday + timedelta(days=number) for number in range(7)],
            "rows": [
                {
                    "post": row["post"],
                    "days": [[_told(shift, whole) for shift in day] for day in row["days"]],
                }
                for row in week
            ],
            "before": f"{page}?day={monday - WEEK:%Y-%m-%d}",
            "after": f"{page}?day={monday + WEEK:%Y-%m-%d}",
            "back": reverse("admin:partners_redpartner_change", args=[pk]),
            "printed_on": timezone.localdate(),
        }
        return render(request, "partners/rota.html", context)

    def _may_see_shifts(self, request: HttpRequest) -> bool:
        seen = DutyShift.visible(request.user)
        return bool(seen) and self.has_view_permission(request)  # type: ignore[attr-defined]


def _day_asked(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()


def _in_full(request: HttpRequest, shifts: list[DutyShift]) -> set[int]:
    """The shifts whose names are shown, because a task is open: that is logged."""
    reading = reading_of(request, DOOR)
    rows = reading.rows(DutyShift)
    if rows is None:
        return set()
    shown = DutyShift.objects.filter(rows, pk__in=[shift.pk for shift in shifts])
    for shift in shown:
        reading.note(shift)
    reading.log()
    return {shift.pk for shift in shown}


def _told(shift: DutyShift, whole: set[int]) -> dict[str, Any]:
    """A shift in its cell: masked, or in full while a task is open."""
    return {
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "name": shift.name if shift.pk in whole else mask("name", shift.name),
    }
