"""How many, by what: rows of a register counted by kind and month, in one statement.

A register says once by what it can be counted and what may be summed (`Counted`); nothing personal
is a dimension. Which rows there are is the caller's queryset: its row rule and filters hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import product
from typing import Any

from django.db import models
from django.db.models import Count, F
from django.db.models.functions import TruncMonth
from django.utils import timezone

from backend.core.errors import RuleViolation

MONTH = "month"
# Cells of one answer, and months of one period: more than any chart shows.
MOST_CELLS = 2_000
MOST_MONTHS = 120
MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class Dimension:
    """By what rows are counted: the key of a group, and what people call it.

    `key` is a path or an expression; `label` a path, or the choices that have the words.
    """

    name: str
    key: Any
    label: Any = None
    description: str = ""


@dataclass(frozen=True)
class Measure:
    """What is told of a group beside the number of its rows: an aggregate."""

    name: str
    value: Any
    description: str
    # Expressions that the aggregate needs, each under its name.
    needs: Mapping[str, Callable[[], Any]] | None = None


@dataclass(frozen=True)
class Counted:
    """One register as it is counted; `when` is the path to the date that says in which month."""

    model: type[models.Model]
    when: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...] = ()

    def dimension(self, name: str) -> Dimension:
        """One by its name; MONTH is every register's."""
        if name == MONTH:
            return Dimension(MONTH, None)
        return next(one for one in self.dimensions if one.name == name)


@dataclass(frozen=True)
class Cell:
    """One group: its keys ("" where a row has none), the words for them, and its figures."""

    keys: tuple[str, ...]
    words: tuple[Any, ...]
    count: int
    figures: Mapping[str, int]


def counts(
    counted: Counted,
    rows: models.QuerySet[Any],
    by: Sequence[str],
    from_: date | None = None,
    to: date | None = None,
) -> list[Cell]:
    """The groups in the order of their keys; with a period and MONTH, empty months too. By nothing:
    one group of all.

    Months are those of the community's clock. `to` is its last day.
    Raises: dimension_twice, period_backwards, period_too_long, too_many_cells.
    """
    _asked_rightly(by, from_, to)
    first, last, a_date = _bounds(counted, from_, to)
    # By their keys: a join of a filter or a row rule must not count one twice.
    found = counted.model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    if first is not None:
        found = found.filter(**{f"{counted.when}__gte": first})
    if last is not None:
        found = found.filter(**{f"{counted.when}__lt": last})
    groups: dict[str, Any] = {}
    needs: dict[str, Any] = {}
    for place, name in enumerate(by):
        one = counted.dimension(name)
        if name == MONTH:
            zone: Any = {} if a_date else {"tzinfo": timezone.get_default_timezone()}
            groups[f"key_{place}"] = TruncMonth(counted.when, **zone)
            continue
        groups[f"key_{place}"] = F(one.key) if isinstance(one.key, str) else one.key
        if isinstance(one.label, str):
            groups[f"word_{place}"] = F(one.label)
    for measure in counted.measures:
        needs |= {name: make() for name, make in (measure.needs or {}).items()}
    figures = {f"figure_{one.name}": one.value for one in counted.measures}
    if not by:
        whole = found.order_by().annotate(**needs).aggregate(rows=Count("pk"), **figures)
        return [_cell(counted, by, whole)]
    found = found.order_by().annotate(**groups, **needs).values(*groups)
    # An outer join may show a row in several groups, never twice in one.
    found = found.annotate(rows=Count("pk"), **figures).order_by(
        *(f"key_{place}" for place in range(len(by)))
    )
    cells = [_cell(counted, by, row) for row in found[: MOST_CELLS + 1]]
    if MONTH in by and from_ is not None and to is not None:
        cells = _with_empty_months(counted, by, cells, from_, to)
    if len(cells) > MOST_CELLS:
        raise RuleViolation(
            "too_many_cells",
            f"结果超过 {MOST_CELLS} 格，请缩短时间或少选一项分组。",
            field="by",
        )
    return cells


def months_between(first: date, last: date) -> list[str]:
    """The months "2025-08" from the one of `first` to the one of `last`."""
    begin, end = (one.year * 12 + one.month - 1 for one in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(begin, end + 1)]


def _asked_rightly(by: Sequence[str], from_: date | None, to: date | None) -> None:
    if len(set(by)) != len(by) or len(by) > MOST_DIMENSIONS:
        raise RuleViolation(
            "dimension_twice", f"分组最多 {MOST_DIMENSIONS} 项，每项只能写一次。", field="by"
        )
    if from_ is None or to is None:
        return
    if to < from_:
        raise RuleViolation("period_backwards", "结束日期早于开始日期，请核对。", field="to")
    if MONTH in by and len(months_between(from_, to)) > MOST_MONTHS:
        raise RuleViolation(
            "period_too_long", f"一次最多统计 {MOST_MONTHS} 个月，请分几次。", field="to"
        )


def _bounds(counted: Counted, from_: date | None, to: date | None) -> tuple[Any, Any, bool]:
    """From when, and before when; and whether the register keeps a date rather than a moment."""
    field: Any = counted.model._meta
    for name in counted.when.split("__"):
        field = getattr(field, "related_model", None) or field
        field = getattr(field, "_meta", field).get_field(name)
    after = None if to is None else date.fromordinal(to.toordinal() + 1)
    if not isinstance(field, models.DateTimeField):
        return from_, after, True
    return _midnight(from_), _midnight(after), False


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def _cell(counted: Counted, by: Sequence[str], row: dict[str, Any]) -> Cell:
    keys, words = [], []
    for place, name in enumerate(by):
        value = row[f"key_{place}"]
        if name == MONTH:
            key = "" if value is None else f"{value:%Y-%m}"
            keys.append(key)
            words.append(key)
            continue
        label = counted.dimension(name).label
        keys.append("" if value is None else str(value))
        words.append(row[f"word_{place}"] or "" if isinstance(label, str) else label)
    figures = {one.name: int(row[f"figure_{one.name}"] or 0) for one in counted.measures}
    return Cell(tuple(keys), tuple(words), row["rows"], figures)


def _with_empty_months(
    counted: Counted, by: Sequence[str], cells: Iterable[Cell], from_: date, to: date
) -> list[Cell]:
    """Each group of the other dimensions in each month; without any other, each month."""
    place = by.index(MONTH)
    there = {cell.keys: cell for cell in cells}
    others: dict[tuple[str, ...], Cell | None] = {
        (*cell.keys[:place], *cell.keys[place + 1 :]): cell for cell in there.values()
    }
    if len(by) == 1:
        others = {(): None}
    zero = {one.name: 0 for one in counted.measures}
    for month, (rest, like) in product(months_between(from_, to), others.items()):
        keys = (*rest[:place], month, *rest[place:])
        if keys not in there:
            words = [month] if like is None else [*like.words]
            words[place] = month
            there[keys] = Cell(keys, tuple(words), 0, zero)
    return [there[keys] for keys in sorted(there)]
