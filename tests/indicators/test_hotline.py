"""The hotline's months: through every door, compared, put before a meeting, shown to everybody."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.desk.figures import figure_of
from backend.core.desk.periods import Period
from backend.core.errors import RuleViolation
from backend.imports.actions import undo_import
from backend.imports.models import ImportBatch
from backend.indicators.comparison import compared
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount
from backend.meetings import actions
from backend.meetings.proposing import candidates_for
from backend.people.models import User
from backend.places.models import Community
from tests.admin.exporting import content, export
from tests.conftest import user_with_role
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told
from tests.indicators.months import category, month, months
from tests.meetings.world import build_town, new_meeting
from tests.schema.asking import OPEN, caller, data, id_of, nodes

pytestmark = pytest.mark.django_db
LIST = "/admin/indicators/hotlinemonthlycount/"
HEADER = ("年", "月", "类别", "件数")
MAKE = """mutation ($input: CreateHotlineMonthlyCountInput!) { createHotlineMonthlyCount(input: $input) {
  monthlyCount { year month count yearBefore category { name } } errors { field code } } }"""
LISTED = """{ hotlineMonthlyCounts(first: 50, order: [{endedOn: DESC}]) { totalCount edges { node { year
  month count yearBefore endedOn category { name isProperty } } } } }"""
TOLD = """{ hotlineCallCounts(by: [CATEGORY], from: "2025-01-01", to: "2025-06-30") {
  keys labels count calls } }"""


def written(tmp_path: Path, *rows: tuple[Any, ...]) -> Path:
    return sheet(tmp_path, (HEADER, *rows), "热线月报.csv")


def test_a_sheet_comes_in_goes_out_and_is_taken_back(
    community: Community, worker: User, tmp_path: Path
) -> None:
    known = category(community)
    month(known, 2025, 3, 20)
    rows = (
        (2025, "3月", "物业类", 28),
        ("2025年", 4, "物业", "27件"),
        (2025, 3, "噪音问题", 12),
        (2025, 3, "噪音", 12),
        (2025, 4, "噪音", 9),
    )
    _, answer = command("hotline", str(written(tmp_path, *rows)))
    assert {k: answer["rows"][k] for k in ("create", "update", "skip", "reject")} == {
        "create": 3,
        "update": 1,
        "skip": 1,
        "reject": 0,
    }
    assert (4, "类别", "hotline_category_new", "note") in told(answer)
    assert answer["state"] == "committed", answer
    made = HotlineCategory.objects.get(name="噪音")
    assert (made.is_property, made.counts.count()) == (False, 2)
    # Out, unchanged, in again: nothing to do.
    out = tmp_path / "市民热线.xlsx"
    out.write_bytes(content(export(worker, f"{LIST}export/", "xlsx")))
    again = command("hotline", str(out))[1]["rows"]
    assert (again["unchanged"], again["read"]) == (4, 4)
    undo_import(ImportBatch.objects.get(code=answer["batch"]), by=SYSTEM, reason="传错了")
    assert list(HotlineMonthlyCount.objects.values_list("month", "count")) == [(3, 20)]
    assert not HotlineCategory.objects.filter(name="噪音").exists()


@pytest.mark.parametrize("known", [True, False])
def test_a_bad_row_is_refused_alike_for_known_and_new_categories(
    community: Community, tmp_path: Path, known: bool
) -> None:
    if known:
        category(community)
    ahead = timezone.localdate().year + 1
    rows = (
        (2025, 13, "物业", 1),
        (ahead, 1, "物业", 1),
        (2025, 1, "物业", 2_000_000),
        (2025, 2, "物业", 5),
        (2025, 2, "物业", 6),
        (2025, 3, "", 6),
    )
    status, answer = command("hotline", str(written(tmp_path, *rows)))
    codes = {problem["code"] for problem in answer["problems"] if problem["level"] != "note"}
    assert codes >= {"hotline_month_invalid", "month_in_future", "count_invalid", "record_twice"}
    assert (status, answer["state"], HotlineMonthlyCount.objects.count()) == (1, "refused", 0)
    assert HotlineCategory.objects.count() == int(known)


def test_the_same_bad_month_is_refused_at_every_door(community: Community, worker: User) -> None:
    of = category(community)
    month(of, 2025, 3, 20)
    for values, code in (
        ({"year": 2025, "month": 3, "count": 9}, "hotline_month_taken"),
        ({"year": 2025, "month": 13, "count": 9}, "hotline_month_invalid"),
        ({"year": timezone.localdate().year + 1, "month": 1, "count": 9}, "month_in_future"),
        ({"year": 2025, "month": 4, "count": 1_000_001}, "count_invalid"),
    ):
        row = HotlineMonthlyCount(community=community, category=of, **values)
        with pytest.raises(RuleViolation) as refused:
            gate.save(row, by=Actor.of(worker, "test"))
        given = {"categoryId": id_of(of), **values, "idempotencyKey": str(values)}
        answer = data(caller(worker), MAKE, input=given)["createHotlineMonthlyCount"]
        assert {refused.value.code} == {error["code"] for error in answer["errors"]} == {code}
        client = Client()
        client.force_login(worker)
        form = {"community": community.pk, "category": of.pk, **values}
        page = client.post(f"{LIST}add/", form)
        assert (page.status_code, HotlineMonthlyCount.objects.count()) == (200, 1)
    good = {"categoryId": id_of(of), "year": 2026, "month": 3, "count": 24, "idempotencyKey": "k"}
    made = data(caller(worker), MAKE, input=good)["createHotlineMonthlyCount"]["monthlyCount"]
    assert (made["count"], made["yearBefore"]) == (24, 20)


def half_years(community: Community) -> HotlineCategory:
    """Two first halves, 200 and 158 calls on property; and some noise."""
    of = category(community)
    months(of, 2024, dict(enumerate((32, 30, 36, 35, 34, 33), start=1)))
    months(of, 2025, dict(enumerate((27, 24, 28, 27, 26, 26), start=1)))
    months(category(community, "噪音"), 2025, {1: 3, 2: 12})
    return of


def test_a_half_year_beside_the_one_before_and_a_year_ago(
    community: Community, worker: User
) -> None:
    half_years(community)
    period = Period("half", datetime.date(2025, 1, 1))
    found = compared(worker, community.pk, period, datetime.date(2025, 9, 1))
    assert found is not None
    first, second = found.lines
    assert (first.name, first.now, first.year, first.before) == ("物业", 158, 200, None)
    assert float(first.on_year) == -0.21
    assert (first.on_before, second.on_year) == (None, None)
    assert (found.total.now, found.months) == (173, (6, 0, 6))
    assert found.trend[-1] == (datetime.date(2025, 6, 1), 26)
    # While it lasts, as many months of the others.
    running = compared(worker, community.pk, period, datetime.date(2025, 3, 15))
    assert running is not None
    assert (running.lines[0].now, running.lines[0].year) == (51, 62)
    assert compared(worker, community.pk, period, datetime.date(2025, 1, 31)) is None


def test_the_page_compares_opens_its_rows_and_knows_who_may_see(
    community: Community, worker: User, other_worker: User, resident_user: User
) -> None:
    half_years(community)
    client = Client()
    client.force_login(worker)
    page = client.get("/admin/hotline/?period=2025H1").content.decode()
    assert "−21%" in page
    assert "2024年1–6月" in page
    address = f"{LIST}?community__id__exact={community.pk}&months=2025-01..2025-06"
    assert address.replace("&", "&amp;") in page
    listed = client.get(address)
    assert listed.context["cl"].result_count == 8
    # In the list: against the same month a year earlier.
    assert "−16%" in listed.content.decode()
    stranger = Client()
    stranger.force_login(other_worker)
    assert "−21%" not in stranger.get("/admin/hotline/?period=2025H1").content.decode()
    nobody = Client()
    nobody.force_login(resident_user)
    assert nobody.get("/admin/hotline/").status_code in (302, 403)
    calls = figure_of("hotline_calls")
    assert calls is not None
    rows = calls.opened(worker, Period("half", datetime.date(2025, 1, 1)), timezone.localdate())
    assert sum(row.count for row in rows) == 173


def test_what_rose_comes_first_before_a_meeting(community: Community, worker: User) -> None:
    today = timezone.localdate()
    last = today.replace(day=1) - datetime.timedelta(days=1)
    fell, rose, new = (category(community, name) for name in ("噪音", "物业", "停车"))
    for of, then, now in ((fell, 20, 10), (rose, 25, 28)):
        month(of, last.year - 1, last.month, then)
        month(of, last.year, last.month, now)
    month(new, last.year, last.month, 4)
    meeting = new_meeting(build_town(community), items=0)
    (group,) = candidates_for(meeting, worker, kind="hotline_count")
    titles = [one.title for one in group.found][:3]
    when = f"{last.year}年{last.month}月"
    assert titles == [
        f"市民热线：物业类 {when} 28 件，同比 +12%",
        f"市民热线：噪音类 {when} 10 件，同比 −50%",
        f"市民热线：停车类 {when} 4 件",
    ]
    chosen = [("hotline_count", group.found[0].code)]
    (item,) = actions.add_items_from(meeting, chosen, by=Actor.of(worker, "test"))
    assert item.title == titles[0]
    assert "去年同月 25 件，今年多 3 件" in item.background
    client = Client()
    client.force_login(worker)
    record = HotlineMonthlyCount.objects.get(code=group.found[0].code)
    page = client.get(f"{LIST}{record.pk}/change/")
    assert "列入筹备中的会议" in page.content.decode()


def test_programs_list_count_and_see_no_others(
    community: Community, worker: User, other_worker: User
) -> None:
    half_years(community)
    listed = data(caller(worker), LISTED)["hotlineMonthlyCounts"]
    assert listed["totalCount"] == 14
    assert nodes(listed)[0]["yearBefore"] == 33
    assert data(caller(other_worker), LISTED)["hotlineMonthlyCounts"]["totalCount"] == 0
    groups = {
        cell["labels"][0]: (cell["count"], cell["calls"])
        for cell in data(caller(worker), TOLD)["hotlineCallCounts"]
    }
    assert groups == {"物业": (6, 158), "噪音": (2, 15)}


def test_everybody_sees_whole_months_and_no_small_ones(community: Community) -> None:
    of = half_years(community)
    today = timezone.localdate()
    month(of, today.year, today.month, 50)
    month(category(community, "停车"), 2025, 5, 0)
    asked = "{ hotlineMonthlyCounts(first: 50) { edges { node { year month count category { name } } } } }"
    shown = nodes(data(Client(), asked, OPEN)["hotlineMonthlyCounts"])
    counts = [(row["category"]["name"], row["count"]) for row in shown]
    # The 3 calls of January 2025 and the month that is not over are left out; none at all is told.
    assert len(counts) == 14
    assert ("停车", 0) in counts
    assert ("噪音", 3) not in counts
    assert 50 not in dict(counts).values()


def test_office_reads_and_changes_nothing(community: Community) -> None:
    of = category(community)
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    assert HotlineMonthlyCount.objects.visible_to(office).model is HotlineMonthlyCount
    row = HotlineMonthlyCount(community=community, category=of, year=2025, month=1, count=1)
    with pytest.raises(RuleViolation) as refused:
        gate.save(row, by=Actor.of(office, "test"))
    assert (refused.value.code, HotlineMonthlyCount.objects.count()) == ("not_allowed", 0)
    assert HotlineCategory.objects.visible_to(office).count() == 1
