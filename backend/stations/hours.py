"""When a station is open: hours by weekday, single days, holidays; and "open now" as an expression.

rules.py says the same of one station at one moment; a test holds the two together.
"""

from datetime import date, datetime, time
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import is_public_holiday
from backend.core.facts import Facts
from backend.core.models import KeptQuerySet, Record
from backend.places.models import HolidayOverride
from backend.stations import rules
from backend.stations.choices import OnHoliday, StationStatus, Weekday


class HoursFacts(Facts):
    """Also the other hours of each station and weekday, kept up to date within a set."""

    # (station, weekday) -> key -> from, until.
    hours: dict[tuple[Any, Any], dict[Any, tuple[time, time]]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        facts.hours = {}
        stations = frozenset({record.station_id for record in records} - {None})
        rows = model._default_manager.filter(station__among=stations).order_by()
        for pk, station, weekday, *times in rows.values_list(
            "pk", "station_id", "weekday", "opens", "closes"
        ):
            facts.hours.setdefault((station, weekday), {})[pk] = (times[0], times[1])
        return facts

    def others(self, record: Any) -> list[tuple[time, time]]:
        """The station's other hours of that weekday."""
        known = self.hours.get((record.station_id, record.weekday), {})
        return [times for pk, times in known.items() if pk != record.id]

    def admit(self, record: Any) -> None:
        """The next of a set is judged after this one."""
        super().admit(record)
        if record.id is not None:
            for known in self.hours.values():
                known.pop(record.id, None)
        key = record.id if record.id is not None else object()
        own = self.hours.setdefault((record.station_id, record.weekday), {})
        own[key] = (record.opens, record.closes)


class OpeningHours(Record):
    """开放时间: from when until when a station is open on one day of the week, [opens, closes)."""

    area = "stations"
    parents = ("station",)
    fixed = ("station",)

    station = models.ForeignKey(
        "stations.CoolStation", models.PROTECT, verbose_name=_("驿站"), related_name="hours"
    )
    weekday = models.SmallIntegerField(_("星期几"), choices=Weekday.choices)
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))

    class Meta:
        verbose_name = verbose_name_plural = _("开放时间")
        ordering = ("weekday", "opens", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "weekday", "opens"],
                name="stations_hours_once",
                violation_error_code="hours_overlap",
                violation_error_message="同一天的开放时间有重叠，请核对。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return HoursFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.hours_run_forward(self.opens, self.closes)
        rules.hours_do_not_overlap((self.opens, self.closes), facts.others(self))


class ExceptionQuerySet(KeptQuerySet):
    """Single days."""

    def to_come(self) -> Self:
        """Today's, and later ones."""
        return self.filter(day__gte=timezone.localdate())


class StationException(Record):
    """特殊日期: one day on which a station is shut, or open at other times, holidays included."""

    area = "stations"
    parents = ("station",)
    fixed = ("station",)

    station = models.ForeignKey(
        "stations.CoolStation", models.PROTECT, verbose_name=_("驿站"), related_name="exceptions"
    )
    day = models.DateField(_("日期"))
    opens = models.TimeField(_("开门"), null=True, blank=True, help_text=_("两个都留空：当天不开"))
    closes = models.TimeField(_("关门"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=60, blank=True)

    objects: ClassVar[Any] = ExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("特殊日期")
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "day"],
                name="stations_exception_day",
                violation_error_code="exception_taken",
                violation_error_message="这一天已经写了，请直接改那一条。",
            )
        ]

    def __str__(self) -> str:
        if self.opens is None or self.closes is None:
            return f"{self.day} 不开"
        return f"{self.day} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def invariants(self, facts: Facts) -> None:
        rules.exception_is_whole(self.opens, self.closes)


def open_at(now: datetime | None = None) -> tuple[Case, Case]:
    """Whether a station is open at `now`, and at some time of that day: expressions over stations."""
    moment = timezone.localtime(now)
    day, at = moment.date(), moment.time()
    said = StationException.objects.filter(station=OuterRef("pk"), day=day)
    usual = OpeningHours.objects.filter(station=OuterRef("pk"), weekday=day.weekday())
    in_hours = Q(opens__lte=at, closes__gt=at)
    return (
        _open(day, said, said.filter(in_hours), usual.filter(in_hours)),
        _open(day, said, said.filter(opens__isnull=False), usual),
    )


def _open(day: date, said: Any, said_open: Any, usual: Any) -> Case:
    shut = Value(False)
    return Case(
        When(~Q(status=StationStatus.OPEN), then=shut),
        When(~Q(season_from__lte=day, season_to__gt=day), then=shut),
        When(Exists(said), then=Exists(said_open)),
        When(Q(on_holiday=OnHoliday.REST) & Q(_works(day)), then=Exists(usual)),
        When(on_holiday=OnHoliday.REST, then=shut),
        default=Exists(usual),
        output_field=BooleanField(),
    )


def _works(day: date) -> Any:
    """Whether the day is no public holiday in the station's community, as places/queries.py says."""
    rows = HolidayOverride.objects.filter(day=day).order_by().values("works")
    return Coalesce(
        Subquery(rows.filter(community=OuterRef("community"))[:1]),
        Subquery(rows.filter(community__isnull=True)[:1]),
        Value(not is_public_holiday(day)),
        output_field=BooleanField(),
    )
