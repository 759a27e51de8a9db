"""Communities side by side in the demo's data: counted from rows, each number opening its rows."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from backend.core.desk import comparing, figures, periods
from backend.core.desk.comparing import Cell
from backend.core.desk.figures import Figure
from backend.core.desk.periods import Period
from backend.education.models import LegalEducationEvent
from backend.indicators.models import HotlineMonthlyCount
from backend.people.models import User
from backend.places.models import Community

pytestmark = pytest.mark.usefixtures("_demo_data", "db")
PAGE = "/admin/compare/"


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_user(name))
    return client


def _places() -> dict[str, int]:
    return dict(Community.objects.values_list("code", "pk"))


def _cells(code: str, period: Period, user: str = "office") -> dict[int, Cell]:
    lines = comparing.compared(_user(user), period, list(_places().values()))
    line = next(line for line in lines if line.figure.code == code)
    return {cell.place: cell for cell in line.cells}


@pytest.mark.parametrize("code", ["2025H1", "2026H2", "2025-08", "2025"])
def test_each_number_is_what_the_rows_of_the_community_say(code: str) -> None:
    period, today = periods.read(code), date.today()
    assert period is not None
    cells = _cells("education_events", period)
    for place in _places().values():
        rows = LegalEducationEvent.objects.filter(community=place, status__in=("held", "archived"))
        for value, at in (
            (cells[place].now, period),
            (cells[place].before, period.before),
            (cells[place].year, period.year_before),
        ):
            until = period.as_far(at, today) if at != period else period.so_far(today)
            days = (at.first, until)
            assert value == rows.filter(starts_at__date__range=days).count(), (place, at)


def test_calls_are_compared_with_as_many_months() -> None:
    today = date.today()
    period = periods.containing("half", today)
    calls = HotlineMonthlyCount.objects
    for place, cell in _cells("hotline_calls", period).items():
        for at, value in ((period.before, cell.before), (period.year_before, cell.year)):
            days = (at.first, period.as_many_months(at, today))
            rows = calls.filter(community=place, ended_on__range=days)
            assert value == (rows.aggregate(sum=Sum("count"))["sum"] or 0), (place, at)


def test_the_communities_add_up_to_what_the_office_sees_as_one() -> None:
    period = periods.read("2025H1")
    assert period is not None
    whole = {one.figure.code: one for one in figures.readings(_user("office"), period)}
    lines = comparing.compared(_user("office"), period, list(_places().values()))
    for line in lines:
        reading = whole[line.figure.code]
        told = (reading.now, reading.before, reading.year_before)
        sums = [
            sum(getattr(cell, name) for cell in line.cells) for name in ("now", "before", "year")
        ]
        assert tuple(sums) == told, line.figure.code
    assert sum(cell.now > 0 for line in lines for cell in line.cells) > 6


def test_all_is_counted_by_one_statement() -> None:
    user, places = _user("office"), list(_places().values())
    period = periods.read("2025H1")
    assert period is not None
    comparing.compared(user, period, places)
    with CaptureQueriesContext(connection) as captured:
        comparing.compared(user, period, places)
    assert len(captured) == 1


@pytest.mark.parametrize("code", ["2025H1", pytest.param("2026H2", marks=pytest.mark.slow)])
def test_every_number_opens_the_rows_that_were_counted(code: str) -> None:
    client = _client("office")
    context = client.get(f"{PAGE}?period={code}").context
    asked = 0
    for line in context["lines"]:
        one_by_one = "Count" in repr(line["figure"].parts[0].what)
        for cell in line["cells"]:
            for shown, url in (("shown", "url"), ("before", "before_url"), ("year", "year_url")):
                if not one_by_one or not cell[shown].isdecimal():
                    continue
                if cell[shown] == "0" and asked > 6:
                    continue
                asked += 1
                found = client.get(cell[url])
                assert found.status_code == 200, cell[url]
                assert found.context["cl"].queryset.count() == int(cell[shown]), cell[url]
    assert asked > 6


def test_small_counts_of_people_are_not_told_and_not_to_be_worked_out() -> None:
    def cell(of_people: bool, now: int, before: int) -> Cell:
        figure = Figure("x", "x", "x", "x", (), of_people=of_people)
        return Cell(figure, 1, now, before, 0)

    assert [cell(True, n, 0).told(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]
    assert cell(False, 3, 0).told(3) == 3
    assert cell(True, 10, 3).change(3) is None
    assert cell(True, 3, 10).change(10) is None
    assert cell(True, 12, 10).change(10) is not None
    assert cell(True, 12, 0).beyond(cell(True, 3, 0)) is None
    assert cell(True, 12, 0).beyond(cell(True, 5, 0)) == 7


def test_a_small_count_stands_neither_on_the_page_nor_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As if meetings were people: one a month is few.
    meetings = replace(figures._FIGURES["meetings_held"], of_people=True)
    monkeypatch.setitem(figures._FIGURES, "meetings_held", meetings)
    period = Period("month", date(2025, 3, 1))
    lines = comparing.compared(_user("office"), period, list(_places().values()))
    values = [v for line in lines for c in line.cells for v in (c.now, c.before, c.year)]
    owners = [c for line in lines for c in line.cells for _value in range(3)]
    hidden = sum(c.told(v) is None for c, v in zip(owners, values, strict=True))
    assert hidden
    client = _client("office")
    context = client.get(f"{PAGE}?period={period.code}").context
    cells = [cell for line in context["lines"] for cell in line["cells"]]
    told = [cell[name] for cell in cells for name in ("shown", "before", "year")]
    assert told.count("少于 5") == hidden
    assert all(cell["before_change"]["words"] == "—" for cell in cells if cell["shown"] == "少于 5")
    answer = client.get(f"{PAGE}sheet/?period={period.code}")
    sheet: Any = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    written = [value for row in sheet.iter_rows(values_only=True) for value in row]
    assert written.count("少于 5") == hidden


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("office", {"xinhe", "dongfang"}),
        ("admin", {"xinhe", "dongfang"}),
        ("secretary", {"xinhe"}),
        ("worker", {"xinhe"}),
        ("dongfang-worker", {"dongfang"}),
    ],
)
def test_each_sees_the_own_communities(name: str, seen: set[str]) -> None:
    # Asked for by address all the same.
    asked = "&".join(f"community={pk}" for pk in _places().values())
    context = _client(name).get(f"{PAGE}?{asked}").context
    codes = dict(Community.objects.values_list("pk", "code"))
    assert {codes[place.pk] for place in context["places"]} == seen
    if len(seen) == 1:
        told = [line["cells"] for line in context["lines"]]
        assert all(len(cells) == 1 for cells in told)


@pytest.mark.parametrize("name", ["steward", "mediator", "partner", "department", "resident"])
def test_who_compares_nothing_gets_nowhere(name: str) -> None:
    for address in (PAGE, f"{PAGE}sheet/"):
        assert _client(name).get(address).status_code in (302, 403), address
    assert "数据对比" not in _client(name).get("/admin/", follow=True).content.decode()


def test_the_workbook_holds_the_same_numbers_as_numbers() -> None:
    client = _client("office")
    lines = client.get(f"{PAGE}?period=2025H1").context["lines"]
    answer = client.get(f"{PAGE}sheet/?period=2025H1")
    sheet: Any = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("数据", "单位", "社区", "2025年上半年")
    told = [(str(line["figure"].label), cell["shown"]) for line in lines for cell in line["cells"]]
    assert len(rows) - 1 == len(told)
    for row, (label, shown) in zip(rows[1:], told, strict=True):
        assert row[0] == label
        written = row[3] if isinstance(row[3], str) else f"{row[3]:,}"
        assert written == shown
    assert any(isinstance(row[3], int) and row[3] > 0 for row in rows[1:])


@pytest.mark.parametrize("query", ["period=x", "community=x", "community=987654&period=2025Q9"])
def test_a_bad_address_shows_what_there_is(query: str) -> None:
    context = _client("office").get(f"{PAGE}?{query}").context
    assert len(context["places"]) == 2
