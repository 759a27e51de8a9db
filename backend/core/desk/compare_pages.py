"""数据对比: the figures of communities side by side, on a page, on paper, and as a workbook."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from backend.core.desk import comparing, periods
from backend.core.desk.comparing import Cell, Line, Place
from backend.core.desk.lists import figure_query
from backend.core.desk.pages import DEFAULT_PERIOD, list_url, offered_periods
from backend.core.desk.words import percent_in_words, period_label
from backend.core.exporting.kinds import Kind
from backend.core.exporting.writers import XLSX_TYPE, Told, write_workbook
from backend.core.numbers import whole_number
from backend.core.small_cells import SMALLEST_CELL

LEAST_PLACES = 2
# The columns of the workbook that hold numbers.
_NUMBERS = (3, 4, 6)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the communities offered, those chosen, the period."""

    offered: list[Place]
    chosen: list[Place]
    period: periods.Period
    today: date

    @property
    def query(self) -> str:
        """The same as a query string."""
        pairs = [("community", str(place.pk)) for place in self.chosen]
        return urlencode([*pairs, ("period", self.period.code)])


def _asked(request: HttpRequest) -> Asked:
    """Raises: PermissionDenied for who may compare nothing."""
    offered = comparing.places_of(request.user)
    if not offered:
        raise PermissionDenied
    wanted = {whole_number(text) for text in request.GET.getlist("community")}
    chosen = [place for place in offered if place.pk in wanted] if wanted else offered
    today = timezone.localdate()
    period = periods.read(request.GET.get("period", ""))
    return Asked(
        offered,
        (chosen or offered)[: comparing.MOST_PLACES],
        period or periods.containing(DEFAULT_PERIOD, today),
        today,
    )


def _lines(request: HttpRequest, asked: Asked) -> list[Line]:
    places = [place.pk for place in asked.chosen]
    lines = comparing.compared(request.user, asked.period, places, asked.today)
    return [line for line in lines if list_url(request, line.figure.model)]


@never_cache
def compare_page(request: HttpRequest) -> HttpResponse:
    """The table, and a chart of each figure (`?community=1&community=2&period=2026H2`)."""
    asked = _asked(request)
    if len(asked.offered) >= LEAST_PLACES > len(asked.chosen):
        messages.info(request, gettext("只选了一个社区；再选一个，就能并排比较。"))
    lines = _lines(request, asked)
    period = asked.period
    context = admin.site.each_context(request) | {
        "title": gettext("数据对比"),
        "places": asked.chosen,
        "offered": [{"place": one, "chosen": one in asked.chosen} for one in asked.offered],
        "several": len(asked.chosen) > 1,
        "first": asked.chosen[0],
        "period": period,
        "period_label": period_label(period),
        "before_label": period_label(period.before),
        "year_label": period_label(period.year_before),
        "same_periods": period.before == period.year_before,
        "unfinished": period.last > asked.today,
        "until": period.so_far(asked.today),
        "periods": [
            {"code": one.code, "label": period_label(one), "chosen": one == period}
            for one in offered_periods(period, asked.today)
        ],
        "lines": [_line(request, line, asked) for line in lines],
        "charts": _charts(lines, asked) if len(asked.chosen) > 1 else [],
        "smallest": SMALLEST_CELL,
        "hidden": any(cell.told(cell.now) is None for line in lines for cell in line.cells),
        "sheet_url": f"{reverse('compare_sheet')}?{asked.query}",
        "today": asked.today,
    }
    return render(request, "linli/compare.html", context)


def _line(request: HttpRequest, line: Line, asked: Asked) -> dict[str, Any]:
    return {
        "figure": line.figure,
        "cells": [_cell(request, cell, line, asked) for cell in line.cells],
    }


def _cell(request: HttpRequest, cell: Cell, line: Line, asked: Asked) -> dict[str, Any]:
    figure, period, today = cell.figure, asked.period, asked.today
    before, year, part = period.before, period.year_before, figure.parts[0]

    def opens(one: periods.Period, until: date | None) -> str:
        return list_url(request, figure.model, figure_query(figure, one, cell.place, until))

    more = cell.beyond(line.cells[0]) if cell is not line.cells[0] else None
    return {
        "shown": _shown(cell, cell.now),
        "url": opens(period, None),
        "before": _shown(cell, cell.before),
        "before_url": opens(before, part.as_far(period, before, today)),
        "before_change": _change(cell, cell.before),
        "year": _shown(cell, cell.year),
        "year_url": opens(year, part.as_far(period, year, today)),
        "year_change": _change(cell, cell.year),
        "more": None if not more else f"{'+' if more > 0 else '−'}{figure.shown(abs(more))}",
        "compared": cell is not line.cells[0],
        "same": more == 0,
    }


def _shown(cell: Cell, value: int) -> str:
    told = cell.told(value)
    if told is None:
        return gettext("少于 %(count)s") % {"count": SMALLEST_CELL}
    return cell.figure.shown(told)


def _number(cell: Cell, value: int) -> Any:
    """As a cell of a workbook holds it: a number, or the words for a small count."""
    told = cell.told(value)
    return _shown(cell, value) if told is None else cell.figure.number(told)


def _change(cell: Cell, other: int) -> dict[str, Any]:
    change = cell.change(other)
    if change is None:
        return {"words": "—", "tone": ""}
    better, tone = cell.figure.more_is_better, ""
    if better is not None and change.direction != "same":
        tone = "good" if (change.direction == "up") == better else "bad"
    if change.direction == "same":
        return {"words": gettext("持平"), "tone": ""}
    if change.percent is None:
        return {"words": gettext("新增"), "tone": tone}
    arrow = "▲" if change.direction == "up" else "▼"
    return {"words": f"{arrow} {percent_in_words(change.percent)}", "tone": tone}


def _charts(lines: list[Line], asked: Asked) -> list[dict[str, Any]]:
    """A bar a community, in the order of the table; small counts have none."""
    found = []
    names = {place.pk: place.name for place in asked.chosen}
    for line in lines:
        values = [cell.told(cell.now) or 0 for cell in line.cells]
        top = max(values)
        if not top:
            continue
        found.append(
            {
                "figure": line.figure,
                "bars": [
                    {
                        "label": names[cell.place],
                        "share": round(100 * value / top, 1),
                        "shown": _shown(cell, cell.now),
                    }
                    for cell, value in zip(line.cells, values, strict=True)
                ],
            }
        )
    return found


@never_cache
def compare_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same table as a workbook, a row a figure and community."""
    asked = _asked(request)
    names = {place.pk: place.name for place in asked.chosen}
    period = asked.period

    def rows() -> Iterator[list[Any]]:
        for line in _lines(request, asked):
            for cell in line.cells:
                yield [
                    str(line.figure.label),
                    str(line.figure.unit),
                    names[cell.place],
                    _number(cell, cell.now),
                    _number(cell, cell.before),
                    _change(cell, cell.before)["words"],
                    _number(cell, cell.year),
                    _change(cell, cell.year)["words"],
                ]

    headings = [
        gettext("数据"),
        gettext("单位"),
        gettext("社区"),
        period_label(period),
        gettext("上一期（%(period)s）") % {"period": period_label(period.before)},
        gettext("环比"),
        gettext("去年同期（%(period)s）") % {"period": period_label(period.year_before)},
        gettext("同比"),
    ]
    # A file without a name: gone with the answer, whatever happens.
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    columns = [
        Told(heading, Kind.NUMBER if index in _NUMBERS else Kind.TEXT)
        for index, heading in enumerate(headings)
    ]
    write_workbook(file, rows(), columns, name=gettext("数据对比"))
    file.seek(0)
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=f"{gettext('数据对比')}-{period.code}.xlsx",
        content_type=XLSX_TYPE,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
