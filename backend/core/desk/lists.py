"""The rows behind a line or a figure of 今日待办, as a filter of the register's own list."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from backend.core.desk import periods
from backend.core.desk.figures import Figure, figure_of
from backend.core.desk.waiting import Waiting, kind_of
from backend.core.desk.words import period_label
from backend.core.numbers import whole_number

PARAMETER = "desk"


def waiting_query(kind: Waiting) -> str:
    """What the address of a list says to show the rows of a kind that wait."""
    return urlencode({PARAMETER: f"waiting.{kind.code}"})


def figure_query(
    figure: Figure, period: periods.Period, place: int | None = None, until: date | None = None
) -> str:
    """What the address of a list says to show the rows behind a figure: of one community, up to a
    day, where these are named.
    """
    parts = ["figure", figure.code, period.code]
    if place is not None or until is not None:
        parts.append(str(place or 0))
    if until is not None:
        parts.append(until.isoformat())
    return urlencode({PARAMETER: ".".join(parts)})


class DeskFilter(RadioFilter):
    """Offered only where it is in use: nobody chooses it from a list."""

    title = _("来自今日待办")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        asked = request.GET.get(PARAMETER, "")
        self._model = model_admin.model
        found = self._asked(asked)
        return [] if found is None else [(asked, found[0])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = self._asked(self.value() or "")
        if found is None:
            return queryset
        return queryset.filter(pk__in=found[1](request.user).order_by().values("pk"))

    def _asked(self, asked: str) -> tuple[str, Any] | None:
        what, _, rest = asked.partition(".")
        code, _, when = rest.partition(".")
        if what == "waiting":
            kind = kind_of(code)
            fits = kind is not None and kind.model is self._model
            return (str(kind.label), kind.rows) if kind is not None and fits else None
        if what != "figure" or (figure := figure_of(code)) is None:
            return None
        return _figure_asked(figure, when) if figure.model is self._model else None


def _figure_asked(figure: Figure, when: str) -> tuple[str, Any] | None:
    """What the address says of a figure, in words, and the rows: period, community, last day."""
    code, place, day = (*when.split("."), "", "", "")[:3]
    period = periods.read(code)
    community, until = whole_number(place) if place else 0, timezone.localdate()
    if period is None or community is None:
        return None
    named = None
    if community:
        named = apps.get_model("places", "Community").objects.filter(pk=community).first()
        if named is None:
            return None
    if day:
        try:
            until = min(until, date.fromisoformat(day))
        except ValueError:
            return None
    told = {"figure": figure.label, "period": period_label(period)}
    if until < min(period.last, timezone.localdate()):
        told["period"] = gettext("%(period)s到%(day)s") % {
            "period": told["period"],
            "day": f"{until:%m-%d}",
        }
    words = gettext("%(figure)s（%(period)s）") % told
    if named is not None:
        words = gettext("%(place)s：%(figure)s") % {"place": named.name, "figure": words}
    return words, lambda user: figure.opened(user, period, until, community or None)
