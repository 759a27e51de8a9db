"""What comes: meetings, events, festivals, slots and last days of the next two weeks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from backend.core.desk.together import NO_TEXT, first_rows, in_one, number, text, word
from backend.core.desk.waiting import Line, due_between

DAYS = 14
MOST_OF_A_KIND = 40


@dataclass(frozen=True)
class Dated:
    """One kind of what takes place at a time. Names in `title` and `place` are masked.

    `a_day`: one line a day tells how many there are, for what comes by the dozen.
    """

    code: str
    label: Any
    icon: str
    model: type[Any]
    rows: Callable[[Any], QuerySet[Any]]
    starts: str
    title: Any = NO_TEXT
    place: Any = NO_TEXT
    a_day: bool = False
    # The name of a page that takes `?day=`; empty for the record's own page.
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the agenda: a `Dated` thing, or the last day of some work."""

    at: datetime | None
    title: str
    place: str = ""
    many: int = 1
    pk: int = 0
    dated: Dated | None = None
    deadline: Line | None = None


@dataclass(frozen=True)
class Day:
    """A day with what it brings, in the order of its hours, last days at its end."""

    day: date
    entries: list[Entry]
    today: bool


_DATED: dict[str, Dated] = {}


def dated(kind: Dated) -> Dated:
    """Registers a kind."""
    _DATED[kind.code] = kind
    return kind


def coming(user: Any, days: int = DAYS) -> list[Day]:
    """The days from today on that bring something: two statements."""
    today = timezone.localdate()
    begin = timezone.make_aware(datetime.combine(today, time.min))
    found: dict[date, list[Entry]] = {}
    for entry in _taking_place(user, begin, begin + timedelta(days=days)):
        assert entry.at is not None
        found.setdefault(timezone.localdate(entry.at), []).append(entry)
    # Today's are among what waits.
    for line in due_between(user, today + timedelta(days=1), today + timedelta(days=days - 1)):
        assert line.due is not None
        found.setdefault(line.due, []).append(Entry(None, line.title, line.about, deadline=line))
    last = datetime.max.replace(tzinfo=begin.tzinfo)
    return [
        Day(day, sorted(found[day], key=lambda entry: entry.at or last), day == today)
        for day in sorted(found)
    ]


def _taking_place(user: Any, begin: datetime, end: datetime) -> list[Entry]:
    parts = [_part(kind, user, begin, end) for kind in _DATED.values()]
    return [
        Entry(at, title or "", place or "", many, pk, _DATED[code])
        for code, pk, title, place, at, many in in_one(parts)
    ]


def _part(kind: Dated, user: Any, begin: datetime, end: datetime) -> Any:
    within = {f"{kind.starts}__gte": begin, f"{kind.starts}__lt": end}
    columns = ("desk_code", "desk_pk", "desk_title", "desk_place", "desk_at", "desk_many")
    rows = kind.rows(user).filter(**within)
    if kind.a_day:
        counted = rows.order_by().annotate(desk_day=TruncDate(kind.starts)).values("desk_day")
        return counted.annotate(
            desk_code=word(kind.code),
            desk_pk=Min("pk"),
            desk_title=word(""),
            desk_place=word(""),
            desk_at=Min(kind.starts),
            desk_many=Count("pk"),
        ).values_list(*columns)
    some = first_rows(rows, [kind.starts], MOST_OF_A_KIND)
    return some.annotate(
        desk_code=word(kind.code),
        desk_pk=F("pk"),
        desk_title=text(kind.title),
        desk_place=text(kind.place),
        desk_at=F(kind.starts),
        desk_many=number(1),
    ).values_list(*columns)
