"""The rows behind a line or a figure of 今日待办, as a filter of the register's own list."""

from typing import Any

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

PARAMETER = "desk"


def waiting_query(kind: Waiting) -> str:
    """What the address of a list says to show the rows of a kind that wait."""
    return urlencode({PARAMETER: f"waiting.{kind.code}"})


def figure_query(figure: Figure, period: periods.Period) -> str:
    """What the address of a list says to show the rows behind a figure."""
    return urlencode({PARAMETER: f"figure.{figure.code}.{period.code}"})


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
        figure, period = figure_of(code), periods.read(when)
        if what != "figure" or figure is None or period is None or figure.model is not self._model:
            return None
        today = timezone.localdate()
        words = gettext("%(figure)s（%(period)s）") % {
            "figure": figure.label,
            "period": period_label(period),
        }
        return words, lambda user: figure.opened(user, period, today)
