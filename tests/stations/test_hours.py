"""When a station is open: the pure rule, and that the expression says the same of every moment."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.calendar import is_public_holiday
from backend.core.errors import ManyViolations, RuleViolation
from backend.places.models import Community, HolidayOverride
from backend.places.queries import day_overrides
from backend.stations import rules
from backend.stations.models import CoolStation, OpeningHours, StationException
from tests.stations.shelves import new_station, open_all_week

# Spans a holiday (1 to 8 October 2025) and the working Sunday before it.
FIRST = datetime.date(2025, 9, 26)
SEASON = (datetime.date(2025, 9, 27), datetime.date(2025, 10, 9))


def timetable(**given: Any) -> rules.Timetable:
    usual = {
        "status": "open",
        "season_from": SEASON[0],
        "season_to": SEASON[1],
        "on_holiday": "keep",
        "hours": [(day, datetime.time(9), datetime.time(17)) for day in range(7)],
        "days": {},
    }
    return rules.Timetable(**(usual | given))


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime.datetime:
    return datetime.datetime(2025, month, day, hour, minute)


def test_hours_and_seasons_are_half_open() -> None:
    assert rules.is_open(timetable(), at(8, 9), False)
    assert not rules.is_open(timetable(), at(8, 8, 59), False)
    assert not rules.is_open(timetable(), at(8, 17), False)
    assert rules.is_open(timetable(), at(27, 9, month=9), False)
    assert not rules.is_open(timetable(), at(26, 9, month=9), False)
    assert not rules.is_open(timetable(), at(9, 9), False)


def test_a_single_day_counts_more_than_a_holiday_and_a_holiday_more_than_the_weekday() -> None:
    rests = timetable(on_holiday="rest")
    assert not rules.is_open(rests, at(1, 10), True)
    assert rules.is_open(timetable(), at(1, 10), True)
    day = datetime.date(2025, 10, 1)
    hours = (datetime.time(10), datetime.time(12))
    assert rules.is_open(timetable(on_holiday="rest", days={day: hours}), at(1, 10), True)
    assert not rules.is_open(timetable(days={day: None}), at(1, 10), False)
    assert not rules.is_open(timetable(status="paused"), at(8, 10), False)


@pytest.mark.django_db
def test_hours_of_a_day_do_not_overlap(community: Community) -> None:
    station = new_station(community)
    open_all_week(station, 9, 12)
    given = {"community": community, "station": station, "weekday": 0}
    later = OpeningHours(**given, opens=datetime.time(11), closes=datetime.time(13))
    with pytest.raises(RuleViolation, match="重叠"):
        gate.save(later, by=SYSTEM)
    gate.save(OpeningHours(**given, opens=datetime.time(12), closes=datetime.time(13)), by=SYSTEM)
    two = [
        OpeningHours(**given, opens=datetime.time(h), closes=datetime.time(h + 2)) for h in (14, 15)
    ]
    with pytest.raises(ManyViolations):
        gate.save_many(two, by=SYSTEM)


@pytest.mark.django_db
@given(
    st.booleans(),
    st.sampled_from(("keep", "rest")),
    st.sets(st.tuples(st.integers(0, 6), st.sampled_from(((9, 12), (14, 17)))), max_size=6),
    st.sets(st.tuples(st.integers(0, 14), st.sampled_from((None, (10, 11)))), max_size=3),
    st.sets(st.tuples(st.integers(0, 14), st.booleans(), st.booleans()), max_size=3),
    st.lists(
        st.tuples(st.integers(0, 14), st.sampled_from((8, 9, 10, 12, 14, 17))),
        min_size=6,
        max_size=6,
    ),
)
def test_the_expression_says_what_the_rule_says(
    community: Community,
    paused: bool,
    on_holiday: str,
    hours: set[Any],
    days: set[Any],
    overrides: set[Any],
    moments: list[Any],
) -> None:
    with transaction.atomic():
        station = new_station(
            community, season_from=SEASON[0], season_to=SEASON[1], on_holiday=on_holiday
        )
        if paused:
            gate.move(station, "pause", by=SYSTEM, reason="检修")
        given = {"community": community, "station": station}
        for weekday, (opens, closes) in hours:
            row = OpeningHours(
                **given, weekday=weekday, opens=datetime.time(opens), closes=datetime.time(closes)
            )
            gate.save(row, by=SYSTEM)
        said = {FIRST + datetime.timedelta(days=n): times for n, times in days}
        said_times = {
            day: None if times is None else (datetime.time(times[0]), datetime.time(times[1]))
            for day, times in said.items()
        }
        for day, times in said_times.items():
            opens, closes = times or (None, None)
            gate.save(StationException(**given, day=day, opens=opens, closes=closes), by=SYSTEM)
        for n, works, here in overrides:
            HolidayOverride.objects.update_or_create(
                day=FIRST + datetime.timedelta(days=n),
                community=community if here else None,
                defaults={"works": works, "note": "调整"},
            )
        table = rules.Timetable(
            "paused" if paused else "open",
            *SEASON,
            on_holiday,
            [(w, datetime.time(o), datetime.time(c)) for w, (o, c) in hours],
            said_times,
        )
        known = day_overrides(community.pk)
        for n, hour in moments:
            day = FIRST + datetime.timedelta(days=n)
            moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
            rows: Any = CoolStation.objects.filter(pk=station.pk)
            found = rows.with_open(moment).get()
            free = is_public_holiday(day, known)
            local = timezone.localtime(moment)
            assert found.open_now == rules.is_open(table, local, free), (day, hour)
            assert found.open_today == bool(rules.hours_of(table, day, free)), day
        transaction.set_rollback(True)
