"""Festivals through both APIs, the staff pages and a sheet, as their callers use them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.festivals import actions, hands
from backend.festivals.hands import Hands
from backend.festivals.models import NeighborFestival, Stall
from backend.people.models import User
from backend.places.models import Community
from tests.festivals.fairground import (
    DAY,
    heads,
    held,
    new_festival,
    new_items,
    new_stalls,
    supply,
)
from tests.growing import statements_of
from tests.imports.doors import command
from tests.schema.asking import MAIN, OPEN, caller, data, nodes
from tests.stations.shelves import new_body

pytestmark = pytest.mark.django_db
CREATE = """mutation ($input: CreateNeighborFestivalInput!) { createNeighborFestival(input: $input) {
  festival { id code status month } errors { field code } } }"""
COPY = """mutation ($input: CopyNeighborFestivalInput!) { copyNeighborFestival(input: $input) {
  festival { code startsAt stalls { number } headsTotal } notes errors { code } } }"""
MOVE = """mutation ($input: NeighborFestivalInput!) { %s(input: $input) {
  festival { status } errors { code } } }"""
ADD = """mutation ($input: AddStallInput!) { addStall(input: $input) {
  stall { number category { name } providerName } errors { field code } } }"""
HEADS = """mutation ($input: RecordFestivalHeadsInput!) { recordFestivalHeads(input: $input) {
  heads { count stall { number } } errors { code } } }"""
CORRECT = """mutation ($input: CorrectFestivalHeadsInput!) { correctFestivalHeads(input: $input) {
  heads { count correction } errors { code } } }"""
LIST = """{ neighborFestivals(first: 50) { totalCount edges { node { code title stallCount kindCount
  headsTotal statusLabel availableActions { name } attachments { code }
  stalls { number name providerName item { title } category { name } }
  supplies { name bringerName } heads { count stall { number } } } } } }"""
PUBLIC = """{ neighborFestivals(first: 50) { totalCount edges { node { code status kindCount
  headsTotal stalls { number name item { title } category { name } } } } } }"""


def id_of(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def test_a_plan_from_the_first_word_to_the_last(community: Community, worker: User) -> None:
    items = new_items(community, 2)
    start = timezone.now().replace(microsecond=0) - DAY
    given = {
        "community": "xinhe",
        "title": "邻里节",
        "startsAt": start.isoformat(),
        "endsAt": (start + datetime.timedelta(hours=3)).isoformat(),
        "place": "文化广场",
        "idempotencyKey": "one",
    }
    client = caller(worker)
    made = [data(client, CREATE, input=given)["createNeighborFestival"] for _ in range(2)]
    assert made[0] == made[1]
    assert (made[0]["festival"]["status"], made[0]["errors"]) == ("PLANNED", [])
    again = data(client, CREATE, input=given | {"idempotencyKey": "two"})["createNeighborFestival"]
    assert [e["code"] for e in again["errors"]] == ["festival_month_taken"]
    festival = NeighborFestival.objects.get()
    fid = id_of(festival)
    for at, item in enumerate(items):
        stall = {"festivalId": fid, "name": f"摊{at}", "itemId": id_of(item)}
        added = data(client, ADD, input=stall | {"idempotencyKey": f"s{at}"})["addStall"]
        assert added["errors"] == []
        assert added["stall"]["number"] == at + 1
    moved = [
        data(client, MOVE % f"{verb}NeighborFestival", input={"festivalId": fid})
        for verb in ("announce", "hold")
    ]
    assert [next(iter(m.values()))["festival"]["status"] for m in moved] == ["ANNOUNCED", "HELD"]
    count = {"festivalId": fid, "count": 210, "evidence": "照片存电脑", "idempotencyKey": "h"}
    assert data(client, HEADS, input=count)["recordFestivalHeads"]["errors"] == []
    one = id_of(Stall.objects.order_by("number")[0])
    twice = count | {"stallId": one, "idempotencyKey": "h2"}
    said = data(client, HEADS, input=twice)["recordFestivalHeads"]["errors"]
    assert [e["code"] for e in said] == ["heads_counted_twice"]
    wrong = id_of(festival.heads.get())
    right = {"headsId": wrong, "count": 220, "reason": "漏数"}
    put = data(client, CORRECT, input=right)["correctFestivalHeads"]
    assert put["heads"] == {"count": 220, "correction": "漏数"}
    copied = data(client, COPY, input={"festivalId": fid, "idempotencyKey": "c"})
    found = copied["copyNeighborFestival"]
    assert [s["number"] for s in found["festival"]["stalls"]] == [1, 2]
    assert found["festival"]["headsTotal"] == 0
    assert found["errors"] == []


def test_a_member_reads_what_is_announced_and_no_small_number(
    community: Community, worker: User, resident_user: User
) -> None:
    festival = held(community)
    supply(festival)
    heads(festival, 4)
    new_festival(community, "plan", in_days=40)
    (seen,) = nodes(data(caller(resident_user), LIST)["neighborFestivals"])
    assert (seen["code"], seen["headsTotal"], seen["supplies"], seen["heads"]) == (
        "llj-one",
        None,
        [],
        [],
    )
    assert len(seen["stalls"]) == 2
    assert seen["availableActions"] == []
    by_staff = nodes(data(caller(worker), LIST)["neighborFestivals"])
    assert [row["headsTotal"] for row in by_staff] == [0, 4]
    assert nodes(data(caller(), LIST)["neighborFestivals"]) == []


def test_on_one_festival_the_actions_say_why_not(community: Community, worker: User) -> None:
    new_festival(community)
    query = '{ neighborFestival(code: "llj-one") { availableActions { name allowed reason } } }'
    found = data(caller(worker), query)["neighborFestival"]["availableActions"]
    by_name = {action["name"]: action for action in found}
    assert set(by_name) == {"announce", "cancel"}
    assert not by_name["announce"]["allowed"]
    assert "摊位" in by_name["announce"]["reason"]


def test_the_open_data_tells_stalls_and_heads_where_many_came(community: Community) -> None:
    festival = held(community, 3)
    new_festival(community, "plan", in_days=40)
    heads(festival, 4)
    (row,) = nodes(data(caller(), PUBLIC, OPEN)["neighborFestivals"])
    assert (row["code"], row["kindCount"], row["headsTotal"]) == ("llj-one", 3, None)
    assert [stall["number"] for stall in row["stalls"]] == [1, 2, 3]
    counted = festival.heads.get()
    counted.count, counted.correction = 5, "漏数"
    gate.save(counted, by=SYSTEM)
    one = data(caller(), '{ neighborFestival(code: "llj-one") { headsTotal } }', OPEN)
    assert one["neighborFestival"]["headsTotal"] == 5
    plan = data(caller(), '{ neighborFestival(code: "plan") { code } }', OPEN)
    assert plan["neighborFestival"] is None


@pytest.mark.slow
def test_lists_and_pages_take_a_fixed_number_of_statements(
    community: Community, worker: User
) -> None:
    body, items = new_body(community), new_items(community, 4)

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            row = new_festival(community, f"n{n}", in_days=-1 - 31 * n)
            stalls = new_stalls(row, items[: 1 + n % 4], provider=body)
            supply(row, bringer=body)
            row = actions.hold_festival(actions.announce(row, by=SYSTEM), by=SYSTEM)
            heads(row, 10, stalls[0])

    fill(0, 2)
    first = NeighborFestival.objects.get(code="n1")
    pages = {
        name: f"/admin/festivals/{name}/"
        for name in ("neighborfestival", "stall", "festivalsupply", "festivalheads")
    }
    queries = {"list": (MAIN, LIST), "open": (OPEN, PUBLIC)}
    statements_of(worker, pages, queries)  # What is asked once a process.
    few = statements_of(worker, pages, queries)
    own = f"/admin/festivals/neighborfestival/{first.pk}"
    paper = {"plan": f"{own}/plan/", "record": f"{own}/change/"}
    statements_of(worker, paper, {})
    two = statements_of(worker, paper, {})
    fill(2, 10)
    new_stalls(first, items[2:], provider=body)
    assert statements_of(worker, pages, queries) == few
    assert statements_of(worker, paper, {}) == two


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(worker: User) -> Client:
    client = Client()
    client.force_login(worker)
    return client


def test_staff_copy_print_and_see_who_helps(
    community: Community, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    festival = held(community)
    one = festival.stalls.order_by("number")[0]
    told = {one.pk: Hands(1, ("张*",))}
    monkeypatch.setattr(hands, "_HANDS", [lambda user, stalls: told])
    page = f"/admin/festivals/neighborfestival/{festival.pk}"
    paper = desk.get(f"{page}/plan/")
    assert paper.status_code == 200
    assert "张*" in paper.content.decode()
    shown = desk.get(f"{page}/change/").content.decode()
    assert "还缺人手" in shown
    month = (festival.month + 40 * DAY).replace(day=1)
    done = desk.post(f"{page}/copy/", {"month": month.isoformat()})
    made = NeighborFestival.objects.get(copied_from=festival)
    assert done["Location"] == f"/admin/festivals/neighborfestival/{made.pk}/change/"
    assert made.month == month
    again = desk.post(f"{page}/copy/", {"month": month.isoformat()})
    assert "这个月已有一次邻里节" in again.content.decode()


def test_a_stall_is_written_on_the_festivals_page(community: Community, desk: Client) -> None:
    festival = new_festival(community)
    (item,) = new_items(community, 1)
    page = f"/admin/festivals/neighborfestival/{festival.pk}/change/"
    starts = timezone.localtime(festival.starts_at)
    form = {
        "title": festival.title,
        "starts_at_0": f"{starts:%Y-%m-%d}",
        "starts_at_1": f"{starts:%H:%M}",
        "ends_at_0": f"{starts:%Y-%m-%d}",
        "ends_at_1": "12:00",
        "place": festival.place,
        "summary": "",
        "supplies-TOTAL_FORMS": "0",
        "supplies-INITIAL_FORMS": "0",
        "stalls-TOTAL_FORMS": "2",
        "stalls-INITIAL_FORMS": "0",
    }
    for n in range(2):
        form |= {
            f"stalls-{n}-number": "1",
            f"stalls-{n}-name": "义务理发",
            f"stalls-{n}-item": str(item.pk),
            f"stalls-{n}-planned_helpers": "2",
        }
    refused = desk.post(page, form)
    assert refused.status_code in (200, 302)
    assert not Stall.objects.exists(), "two of one number"
    done = desk.post(page, form | {"stalls-1-number": "2"})
    assert done.status_code == 302, done.content.decode()[:2000]
    assert list(Stall.objects.values_list("number", "item", "category")) == [
        (1, item.pk, item.category_id),
        (2, item.pk, item.category_id),
    ]


# --- sheets --------------------------------------------------------------------------------------


def test_stalls_come_as_a_sheet_and_the_second_time_change_nothing(
    community: Community, tmp_path: Path
) -> None:
    festival = new_festival(community)
    new_items(community, 2)
    body = new_body(community)
    path = tmp_path / "摊位表.csv"
    path.write_text(
        "邻里节,摊位号,摊位名称,服务项目,承办单位,计划人手\n"
        f"llj-one,1,义务理发,服务0,{body.name},3\n"
        "llj-one,2,磨刀,服务1,,2\n"
        "llj-one,3,没有的,服务9,,2\n",
        encoding="utf-8",
    )
    status, said = command("festival_stalls", str(path), "--take-good")
    assert (status, said["rows"]["create"], said["rows"]["reject"]) == (1, 2, 1)
    assert [p["code"] for p in said["problems"]] == ["not_found"]
    rows = Stall.objects.filter(festival=festival).order_by("number")
    assert [(r.number, r.provider, r.kind) for r in rows] == [
        (1, body, f"item:{rows[0].item_id}"),
        (2, None, f"item:{rows[1].item_id}"),
    ]
    _status, again = command("festival_stalls", str(path), "--take-good")
    assert again["rows"]["unchanged"] == 2
