"""The week of services: what whoever takes a call looks at, and what hangs on the wall."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from backend.core.access import scope
from backend.services.day_pages import day_asked_for
from backend.services.models import ServiceCategory
from backend.services.serving import sees_days
from backend.services.week import monday_of, week_of


@never_cache
@login_required
def week_page(request: HttpRequest) -> HttpResponse:
    """Seven days side by side, on a phone one below the other."""
    monday = monday_of(day_asked_for(request))
    category = request.GET.get("category", "")

    def address(day: Any, code: str = category) -> str:
        query = {"on": day.isoformat()} | ({"category": code} if code else {})
        return f"?{urlencode(query)}"

    categories = ServiceCategory.objects.visible_to(request.user).order_by("position", "pk")
    context = {
        "days": week_of(request.user, monday, category=category),
        "today": timezone.localdate(),
        "earlier": address(monday - timedelta(days=7)),
        "later": address(monday + timedelta(days=7)),
        "now": address(timezone.localdate()),
        "categories": [
            (one.name, address(monday, one.code), one.code == category) for one in categories
        ],
        "all": address(monday, ""),
        "category": category,
        "sees_days": sees_days(request.user),
        "books": request.user.is_staff and scope(request.user, "bookings.edit").anywhere,
    }
    return render(request, "services/week.html", context)
