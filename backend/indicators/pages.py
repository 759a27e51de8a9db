"""热线对比: calls of a period by category, beside the period before and a year earlier; prints."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core.access import scope
from backend.core.desk import charts, periods
from backend.core.desk.pages import DEFAULT_PERIOD, list_url
from backend.core.desk.words import period_label
from backend.core.numbers import whole_number
from backend.indicators.comparison import Comparison, Line, compared, last_month
from backend.indicators.models import HotlineMonthlyCount
from backend.indicators.rules import direction
from backend.indicators.spans import Span
from backend.indicators.words import change_words

# So many years are offered.
YEARS = 3


def places_of(user: Any) -> list[Any]:
    """The communities whose counts `user` sees, by name."""
    where = scope(user, "hotline.see")
    rows = apps.get_model("places", "Community")._default_manager.order_by("name", "pk")
    return list(rows if where.everywhere else rows.filter(pk__in=where.communities))


@never_cache
def hotline_page(request: HttpRequest) -> HttpResponse:
    """The table and its pictures (`?community=1&period=2026H1`)."""
    places = places_of(request.user)
    if not places:
        raise PermissionDenied
    asked = whole_number(request.GET.get("community", ""))
    place = next((one for one in places if one.pk == asked), places[0])
    today = timezone.localdate()
    period = periods.read(request.GET.get("period", "")) or _usual(request, place, today)
    found = compared(request.user, place.pk, period, today)
    context = admin.site.each_context(request) | {
        "title": gettext("热线对比"),
        "places": places,
        "place": place,
        "period": period,
        "period_label": period_label(period),
        "periods": [
            {"code": one.code, "label": period_label(one), "chosen": one == period}
            for one in _offered(period, today)
        ],
        "list_url": list_url(request, HotlineMonthlyCount),
        "today": today,
        "chart_width": charts.WIDTH,
        "chart_height": charts.HEIGHT,
        **(_told(request, found, place) if found is not None else {}),
    }
    return render(request, "indicators/hotline.html", context)


def _usual(request: HttpRequest, place: Any, today: Any) -> periods.Period:
    """The half-year of the last month that was entered."""
    last = last_month(request.user, place.pk, today)
    day = today if last is None else periods.first_of(last)
    return periods.containing(DEFAULT_PERIOD, day)


def _offered(chosen: periods.Period, today: Any) -> list[periods.Period]:
    """Months, quarters, half-years and years of late, the chosen one among them."""
    found = periods.offered(today)
    half = periods.containing("half", today)
    for _ in range(2 * YEARS):
        half = half.before
        found.append(half)
    found = list(dict.fromkeys(found))
    return found if chosen in found else [chosen, *found]


def _told(request: HttpRequest, found: Comparison, place: Any) -> dict[str, Any]:
    def opens(span: Span, category: int | None = None) -> str:
        asked: dict[str, Any] = {"community__id__exact": place.pk, "months": span.code}
        if category is not None:
            asked["category__id__exact"] = category
        return list_url(request, HotlineMonthlyCount, urlencode(asked))

    def line(one: Line) -> dict[str, Any]:
        return {
            "name": one.name,
            "now": one.now,
            "now_url": opens(found.now, one.category),
            "before": one.before,
            "before_url": opens(found.before, one.category),
            "on_before": change_words(one.on_before),
            "before_tone": _tone(one.now, one.before),
            "year": one.year,
            "year_url": opens(found.year, one.category),
            "on_year": change_words(one.on_year),
            "year_tone": _tone(one.now, one.year),
        }

    named = [(one.name, one.now or 0) for one in found.lines if one.now]
    trend = [(day, calls, str(calls)) for day, calls in found.trend]
    return {
        "found": found,
        "lines": [line(one) for one in found.lines],
        "total": line(found.total),
        "same_spans": found.before == found.year,
        "fewer_before": found.months[1] < found.months[0],
        "fewer_year": found.months[2] < found.months[0],
        "bars": charts.bars(named, gettext("其余各类")),
        "columns": charts.columns([(str(day.month), calls, shown) for day, calls, shown in trend]),
        "trend": [(f"{day:%Y-%m}", shown) for day, _, shown in trend],
    }


def _tone(now: int | None, then: int | None) -> str:
    """Fewer calls are good."""
    if not now and not then:
        return ""
    if now is None or not then:
        return ""
    return {"up": "bad", "down": "good", "same": ""}[direction(now, then)]
