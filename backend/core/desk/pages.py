"""今日待办, the first page of the staff; and what Ctrl-K finds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from backend.core.desk import agenda, charts, figures, periods, searching, waiting
from backend.core.desk.badges import counts_for
from backend.core.desk.comparing import may_compare
from backend.core.desk.lists import figure_query, waiting_query
from backend.core.desk.without_rights import belongs_nowhere, without_rights
from backend.core.desk.words import (
    day_words,
    due_words,
    percent_in_words,
    period_label,
    weekday,
)
from backend.core.returning import going_back_to

DEFAULT_PERIOD = "half"
MOST_PAGES = 8


@dataclass(frozen=True)
class Work:
    """One line as the page shows it."""

    line: waiting.Line
    due: str
    url: str
    act_url: str


@never_cache
def today_page(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """今日待办: what waits, what comes, and the figures of a period (`?period=2026H2`)."""
    if belongs_nowhere(request.user):
        return without_rights(request)
    today = timezone.localdate()
    found = waiting.groups(request.user, counts_for(request.user))
    groups = [_group(request, group, today) for group in found if group.kind.pressing]
    pressing = [group for group in found if group.kind.pressing]
    period = periods.read(request.GET.get("period", "")) or periods.containing(
        DEFAULT_PERIOD, today
    )
    readings = [
        reading
        for reading in figures.readings(request.user, period)
        if list_url(request, reading.figure.model)
    ]
    context = admin.site.each_context(request) | {
        "title": gettext("今日待办"),
        "today": today,
        "weekday": weekday(today),
        "groups": groups,
        "late": sum(group.late for group in pressing),
        "soon": sum(group.soon for group in pressing),
        "total": sum(group.count for group in pressing),
        "unread": next((group for group in found if not group.kind.pressing), None),
        "days": [_day(request, day, today) for day in agenda.coming(request.user)],
        "agenda_days": agenda.DAYS,
        "period": period,
        "period_label": period_label(period),
        "before_label": period_label(period.before),
        "year_label": period_label(period.year_before),
        "same_periods": period.before == period.year_before,
        "may_compare": may_compare(request.user),
        "unfinished": period.last > today,
        "periods": [
            {"code": one.code, "label": period_label(one), "chosen": one == period}
            for one in offered_periods(period, today)
        ],
        "months": [month for month, _ in readings[0].trend] if readings else [],
        "readings": [_reading(request, reading, period) for reading in readings],
        "charts": _charts(request, readings, period),
        "chart_width": charts.WIDTH,
        "chart_height": charts.HEIGHT,
        **(extra_context or {}),
    }
    return render(request, "linli/today.html", context)


def offered_periods(chosen: periods.Period, today: date) -> list[periods.Period]:
    """The periods to choose from, the chosen one among them."""
    offered = periods.offered(today)
    return offered if chosen in offered else [chosen, *offered]


def list_url(request: HttpRequest, model: type[Any], query: str = "") -> str:
    """The list of a register, if this user may open it; else ""."""
    model_admin = admin.site._registry.get(model)
    if model_admin is None or not model_admin.has_view_permission(request):
        return ""
    opts = model._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{url}?{query}" if query else url


def record_url(request: HttpRequest, model: type[Any], pk: int) -> str:
    """The page of a record, if this user may open such pages; else ""."""
    opts = model._meta
    if not list_url(request, model):
        return ""
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])


def _group(request: HttpRequest, group: waiting.Group, today: date) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "tone": group.tone,
        "count": group.count,
        "many": group.many,
        "further": group.further,
        "url": list_url(request, group.kind.model, waiting_query(group.kind)),
        "lines": [_work(request, line, today) for line in group.lines],
    }


def _work(request: HttpRequest, line: waiting.Line, today: date) -> Work:
    url = record_url(request, line.kind.model, line.pk)
    act = _from_here(_act_url(line)) if url else ""
    return Work(line, due_words(line.due, today), _from_here(url), act)


def _from_here(url: str) -> str:
    """The address, whose work leads back to this page."""
    return going_back_to(url, reverse("admin:index")) if url else ""


def _act_url(line: waiting.Line) -> str:
    kind, opts = line.kind, line.kind.model._meta
    if kind.address:
        return reverse(kind.address, args=[line.key])
    if kind.verb:
        try:
            return reverse(
                f"admin:{opts.app_label}_{opts.model_name}_move", args=[line.pk, kind.verb]
            )
        except NoReverseMatch:
            pass
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[line.pk])


def _day(request: HttpRequest, day: agenda.Day, today: date) -> dict[str, Any]:
    return {
        "day": day.day,
        "word": day_words(day.day, today),
        "weekday": weekday(day.day),
        "today": day.today,
        "entries": [
            {"entry": entry, "url": _entry_url(request, entry, day)} for entry in day.entries
        ],
    }


def _entry_url(request: HttpRequest, entry: agenda.Entry, day: agenda.Day) -> str:
    if entry.deadline is not None:
        return _from_here(record_url(request, entry.deadline.kind.model, entry.deadline.pk))
    assert entry.dated is not None
    if entry.dated.address:
        may = list_url(request, entry.dated.model)
        return f"{reverse(entry.dated.address)}?day={day.day:%F}" if may else ""
    return _from_here(record_url(request, entry.dated.model, entry.pk))


def _reading(
    request: HttpRequest, reading: figures.Reading, period: periods.Period
) -> dict[str, Any]:
    better = reading.figure.more_is_better
    tone = ""
    if better is not None and reading.direction != "same" and reading.before:
        tone = "good" if (reading.direction == "up") == better else "bad"
    return {
        "figure": reading.figure,
        "shown": reading.shown,
        "before": reading.shown_before,
        "percent": _bare(reading.percent),
        "direction": reading.direction,
        "tone": tone,
        "year": reading.figure.shown(reading.year_before),
        "year_percent": _bare(reading.year_percent),
        "year_direction": figures.direction(reading.now, reading.year_before),
        "trend": [reading.figure.shown(value) for _, value in reading.trend],
        "spark": charts.spark([value for _, value in reading.trend]),
        "url": list_url(request, reading.figure.model, figure_query(reading.figure, period)),
    }


def _bare(percent: int | None) -> str | None:
    """Without a sign: an arrow stands before it."""
    return None if percent is None else percent_in_words(percent)


def _charts(
    request: HttpRequest, readings: list[figures.Reading], period: periods.Period
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for reading in readings:
        if reading.figure.charted and any(value for _, value in reading.trend):
            rows = [(day, value, reading.figure.shown(value)) for day, value in reading.trend]
            found.append(
                {
                    "title": reading.figure.label,
                    "unit": reading.figure.unit,
                    "columns": charts.columns([(str(d.month), v, shown) for d, v, shown in rows]),
                    "rows": [(f"{day:%Y-%m}", shown) for day, _, shown in rows],
                }
            )
    for one, rows_of_kind in figures.breakdowns(request.user, period):
        if rows_of_kind and list_url(request, one.counted.rows(None).model):
            found.append(
                {
                    "title": one.label,
                    "unit": one.unit,
                    "bars": charts.bars(rows_of_kind, gettext("其余各类")),
                    "rows": rows_of_kind,
                }
            )
    return found


@never_cache
@require_POST
def search_page(request: HttpRequest) -> HttpResponse:
    """What Ctrl-K finds (`s`): pages by their names, then records, register by register.

    Instead of Unfold's own: that one asks list after list, and keeps what it found.
    """
    asked = request.POST.get("s", "").strip()
    open_to = frozenset(
        one.model._meta.label for one in searching.all_findable() if list_url(request, one.model)
    )
    found = [
        {
            "label": hits[0].findable.label,
            "url": list_url(request, hits[0].findable.model),
            "hits": [
                {"hit": hit, "url": record_url(request, hit.findable.model, hit.pk)} for hit in hits
            ],
        }
        for hits in searching.search_everything(request.user, asked, models=open_to)
    ]
    pages = _pages(request, asked)
    context = {
        "asked": asked,
        "short": len(asked) < searching.LEAST,
        "pages": pages,
        "found": found,
        "least": searching.LEAST,
        "most": searching.MOST_OF_A_KIND,
    }
    return render(request, "linli/search_results.html", context)


def _pages(request: HttpRequest, asked: str) -> list[dict[str, Any]]:
    if not asked:
        return []
    site: Any = admin.site
    listed = site.get_sidebar_list(request)
    items = [item for section in listed for item in section["items"]]
    wanted = asked.lower()
    return [item for item in items if wanted in str(item["title"]).lower()][:MOST_PAGES]
