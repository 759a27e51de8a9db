"""The figures of a report: one registry, a day, a window, and the rows behind each."""

import datetime
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.indicating import (
    ORDER,
    Indicator,
    Measured,
    all_indicators,
    indicator,
    indicator_of,
    on_the_day,
    readings,
    still_missing,
)
from backend.indicators.management.commands.indicators import Command
from backend.people.models import User
from backend.places.models import Community, ResidentGroup
from backend.services.models import ServiceCategory, ServiceItem
from tests.growing import statements_of
from tests.indicators.months import category, months
from tests.schema.asking import MAIN, caller, data

ASKED = """{ indicators(community: "xinhe", asOf: "2025-08-31") {
  code title unit value numerator denominator fromDay toDay } }"""
DAY = datetime.date(2025, 8, 31)


def told(community: Community, *more: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("indicators", "--community", community.code, "--json", *more, stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return found


@pytest.mark.once
@given(st.dates(datetime.date(2001, 1, 1), datetime.date(2099, 12, 31)))
def test_the_half_year_of_the_hotline_is_the_last_one_that_is_over(day: datetime.date) -> None:
    yoy = indicator_of("hotline_yoy")
    assert yoy is not None
    window = yoy.window(1, day)
    assert window.last <= day
    assert (window.first.month, window.last.month) in ((1, 6), (7, 12))
    # The next one is not over.
    following = window.last + datetime.timedelta(days=1)
    end = datetime.date(following.year, 12 if following.month == 7 else 6, 30)
    assert day < end


@pytest.mark.once
def test_every_figure_is_there_or_said_to_be_missing() -> None:
    there = [one.code for one in all_indicators()]
    assert [code for code in ORDER if code in there] == there
    assert sorted([*there, *still_missing()]) == sorted(ORDER)
    assert all(code in Command().help for code in ORDER)
    unknown = Indicator(
        "calls_of_the_moon", "", "", on_the_day, lambda c, d: None, lambda c, d: Measured(1)
    )
    with pytest.raises(LookupError):
        indicator(unknown)


@pytest.mark.django_db
def test_people_read_shares_in_percent_and_a_change_with_its_sign(community: Community) -> None:
    calls = category(community)
    months(calls, 2024, dict.fromkeys(range(1, 7), 10))
    months(calls, 2025, dict.fromkeys(range(1, 7), 12))
    out = io.StringIO()
    call_command("indicators", "--community", community.code, "--as-of", "2025-08-31", stdout=out)
    (line,) = [one for one in out.getvalue().splitlines() if one.endswith("hotline_yoy")]
    assert "+20.0%（12 / 60）" in line


@pytest.mark.django_db
def test_the_command_speaks_the_contract(community: Community) -> None:
    of = category(community)
    months(of, 2024, {1: 120, 6: 80})
    months(of, 2025, {1: 100, 6: 58})
    months(category(community, "噪音"), 2025, {1: 900})
    found = {one["code"]: one for one in told(community, "--as-of", "2025-08-31")}
    assert found["hotline_yoy"] == {
        "code": "hotline_yoy",
        "value": -0.21,
        "numerator": -42,
        "denominator": 200,
        "window": ["2025-01-01", "2025-06-30"],
        "title": "物业类市民热线来电同比（上半年或下半年）",
    }
    groups = found["resident_groups"]
    assert (groups["value"], groups["numerator"], groups["denominator"]) == (0, None, None)
    assert groups["window"] == ["2025-08-31", "2025-08-31"]
    # No base is no rate; and a half-year of which nothing was entered is no base.
    (none,) = (
        one for one in told(community, "--as-of", "2024-07-01") if one["code"] == "hotline_yoy"
    )
    assert (none["value"], none["denominator"]) == (None, 0)
    with pytest.raises(CommandError) as wrong:
        told(Community(code="nowhere"))
    assert wrong.value.returncode == 2


@pytest.mark.django_db
def test_what_happened_later_counts_in_none(community: Community) -> None:
    for name, first, last in (
        ("一", DAY, None),
        ("二", DAY + datetime.timedelta(days=1), None),
        ("三", datetime.date(2025, 1, 1), DAY),
        ("四", datetime.date(2025, 1, 1), DAY - datetime.timedelta(days=1)),
    ):
        group = ResidentGroup(community=community, name=name, started_on=first, ended_on=last)
        gate.save(group, by=SYSTEM)
    kind = gate.save(ServiceCategory(community=community, name="助医"), by=SYSTEM)
    items = [
        gate.save(ServiceItem(community=community, category=kind, title=title), by=SYSTEM)
        for title in ("量血压", "理发")
    ]
    gate.move(items[0], "pause", by=SYSTEM, reason="医生出差")
    today = timezone.localdate()

    def value(code: str, day: datetime.date) -> Any:
        (one,) = (r for r in readings(community.pk, day) if r.indicator.code == code)
        return one.measured.value

    assert value("resident_groups", DAY) == 2
    # Paused today: on the day before it could be booked.
    before = today - datetime.timedelta(days=1)
    assert (value("services_active", before), value("services_active", today)) == (2, 1)


@pytest.mark.django_db
def test_programs_ask_for_them_and_who_may_not_gets_none(
    community: Community, worker: User, other_worker: User, resident_user: User
) -> None:
    months(category(community), 2024, {3: 10})
    found = data(caller(worker), ASKED)["indicators"]
    assert [one["code"] for one in found] == [one.code for one in all_indicators()]
    assert found[0]["toDay"] == "2025-06-30"
    for user in (None, other_worker, resident_user):
        assert data(caller(user), ASKED)["indicators"] == []
    # As many statements however many rows there are.
    pages = {
        "comparison": "/admin/hotline/?period=2025H1",
        "list": "/admin/indicators/hotlinemonthlycount/",
    }
    listed = """{ hotlineMonthlyCounts(first: 100) { totalCount edges { node { yearBefore
      category { name community { code } } } } } }"""
    queries = {"figures": (MAIN, ASKED), "counts": (MAIN, listed)}
    months(category(community, "噪音"), 2025, {1: 4})
    few = statements_of(worker, pages, queries)
    for name in ("停车", "环境卫生", "供水"):
        months(category(community, name), 2025, dict.fromkeys(range(1, 7), 5))
    assert statements_of(worker, pages, queries) == few
