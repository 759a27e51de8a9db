"""The period (期间) of a ledger: asked for, told by the list's own filter, or that of its rows."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, Max, Min, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days, both included; an end that is open is None."""

    since: date | None = None
    until: date | None = None

    @property
    def backwards(self) -> bool:
        """Whether it ends before it begins."""
        return self.since is not None and self.until is not None and self.until < self.since

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def __str__(self) -> str:
        if self.since is not None and self.until is not None:
            return _both(self.since, self.until)
        if self.since is not None:
            return f"{self.since:%Y-%m-%d} 起"
        return f"截至 {self.until or timezone.localdate():%Y-%m-%d}"


def _both(since: date, until: date) -> str:
    whole = since.day == 1 and until == _last_of(until.year, until.month)
    if whole and (since.year, since.month) == (until.year, until.month):
        return f"{since.year}年{since.month}月"
    if whole and since.year == until.year and (since.month, until.month) == (1, 12):
        return f"{since.year}年"
    return f"{since:%Y-%m-%d}" if since == until else f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}"


def period_of_list(path: str, given: Mapping[str, str]) -> Period:
    """The period that a list's filter (its query string) says of the field at `path`."""
    if not path:
        return Period()

    def number(name: str) -> int | None:
        text = given.get(f"{path}__{name}", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None

    year, month, day = number("year"), number("month"), number("day")
    try:
        if year is not None:
            if month is None:
                return Period(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return Period(date(year, month, 1), _last_of(year, month))
            return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return Period()
    since = _day(given, f"{path}__gte", f"{path}__gt", f"{path}_from", f"{path}_from_0")
    until = _day(given, f"{path}__lte", f"{path}_to", f"{path}_to_0")
    before = _day(given, f"{path}__lt")
    if before is not None:
        until = before - _DAY
    return Period(since, until)


def _day(given: Mapping[str, str], *names: str) -> date | None:
    for name in names:
        text = given.get(name, "")
        try:
            moment = parse_datetime(text)
            if moment is not None:
                return timezone.localtime(moment).date() if moment.tzinfo else moment.date()
            if (day := parse_date(text)) is not None:
                return day
        except ValueError:
            continue
    return None


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def between(model: type[Model], path: str, period: Period) -> Q:
    """The rows whose field at `path` lies in the period."""
    rows = Q()
    moments = isinstance(_field_at(model, path), DateTimeField)
    if period.since is not None:
        rows &= Q(**{f"{path}__gte": _midnight(period.since) if moments else period.since})
    if period.until is not None:
        after = period.until + _DAY
        rows &= Q(**{f"{path}__lt": _midnight(after) if moments else after})
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _field_at(model: Any, path: str) -> Any:
    found: Any = None
    for part in path.split(LOOKUP_SEP):
        found = model._meta.get_field(part)
        model = found.related_model
    return found


def period_told(rows: QuerySet[Any], path: str, asked: Period) -> str:
    """The period in words: as asked, else from the first to the last of the rows."""
    if asked or not path:
        return str(asked)
    ends = rows.order_by().aggregate(first=Min(path), last=Max(path))
    if ends["first"] is None:
        return str(asked)
    first, last = (
        timezone.localtime(at).date() if isinstance(at, datetime) else at
        for at in (ends["first"], ends["last"])
    )
    return str(Period(first, last))
