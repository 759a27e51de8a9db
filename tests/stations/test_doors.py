"""Stations through both APIs, on a phone, on the staff pages and as a sheet."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.imports.actions import undo_import
from backend.imports.models import ImportBatch
from backend.people.models import User
from backend.places.models import Community
from backend.stations.actions import STATION_VERBS
from backend.stations.ledger import put_in, take_out
from backend.stations.models import Refill, StationException, StationStock, SupplyEntry
from tests.conftest import user_with_role
from tests.growing import statements_of
from tests.imports.doors import command
from tests.schema.asking import MAIN, OPEN, caller, data, nodes
from tests.stations.shelves import (
    DAY,
    fresh,
    new_body,
    new_station,
    new_stock,
    new_supply,
    open_all_week,
)

pytestmark = pytest.mark.django_db
RECORD = """mutation ($input: RecordSupplyInput!) { recordSupply(input: $input) {
  entry { number kind quantity balanceAfter supplyName } errors { field code message } } }"""
COUNT = """mutation ($input: CountStockInput!) { countStock(input: $input) {
  entry { kind quantity } errors { code } } }"""
CORRECT = """mutation ($input: CorrectSupplyEntryInput!) { correctSupplyEntry(input: $input) {
  entry { kind quantity balanceAfter } errors { code } } }"""
ASSIGN = """mutation ($input: AssignRefillInput!) { assignRefill(input: $input) {
  refill { dueOn mine } errors { code } } }"""
STATIONS = """{ coolStations(first: 50) { totalCount edges { node { code openNow openToday statusLabel
  organizationName availableActions { name } hours { weekday opens closes }
  exceptions { day opens reason } stocks { supplyName unit balance threshold available } } } } }"""
LEDGER = """{ supplyEntries(first: 50) { totalCount edges { node { number kind quantity balanceAfter
  stationName supplyName stock { balance } } } } }"""
REFILLS = """{ refills(first: 50, filters: {status: [OPEN]}) { totalCount edges { node { code left
  overdue mine stationName supplyName statusLabel availableActions { name } doneBy { number } } } } }"""
PUBLIC = """{ coolStations(first: 50) { totalCount edges { node { code name openNow openToday
  hours { weekday opens closes } exceptions { day opens } supplies { name available } } } } }"""


def id_of(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def given(stock: StationStock, key: str, kind: str, quantity: int) -> dict[str, Any]:
    return {"stockId": id_of(stock), "kind": kind, "quantity": quantity, "idempotencyKey": key}


def test_what_goes_in_and_out_is_an_entry_once_for_its_key(
    community: Community, worker: User
) -> None:
    stock = new_stock(new_station(community), 10)
    client = caller(worker)
    answers = [
        data(client, RECORD, input=given(stock, "one", "OUT", 3))["recordSupply"] for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["entry"] == {
        "number": 2,
        "kind": "OUT",
        "quantity": -3,
        "balanceAfter": 7,
        "supplyName": stock.supply.name,
    }
    (error,) = data(client, RECORD, input=given(stock, "two", "OUT", 8))["recordSupply"]["errors"]
    assert (error["code"], error["field"]) == ("stock_short", "quantity")
    assert "7份" in error["message"]
    counted = {"stockId": id_of(stock), "counted": 6, "reason": "盘点", "idempotencyKey": "c"}
    assert data(client, COUNT, input=counted)["countStock"]["entry"]["quantity"] == -1
    wrong = SupplyEntry.objects.get(number=2)
    right = {"entryId": id_of(wrong), "quantity": 1, "reason": "记错", "idempotencyKey": "r"}
    put = data(client, CORRECT, input=right)["correctSupplyEntry"]["entry"]
    assert put == {"kind": "CORRECTION", "quantity": 2, "balanceAfter": 8}


def test_refills_are_given_to_able_people_and_seen_by_the_running_body(
    community: Community, worker: User, resident_user: User
) -> None:
    contact = user_with_role("contact", "partner", community=community)
    station = new_station(community, organization=new_body(community, contact))
    stock = new_stock(station, 6)
    take_out(stock, 2, by=SYSTEM)
    (seen,) = nodes(data(caller(contact), REFILLS)["refills"])
    assert (seen["left"], seen["mine"], seen["overdue"]) == (4, True, False)
    assert nodes(data(caller(resident_user), REFILLS)["refills"]) == []
    refill = Refill.objects.get()
    to = {"refillId": id_of(refill), "username": resident_user.username}
    said = data(caller(worker), ASSIGN, input=to)["assignRefill"]["errors"]
    assert [error["code"] for error in said] == ["assignee_unsuitable"]
    to["username"] = worker.username
    answer = data(caller(worker), ASSIGN, input=to)["assignRefill"]
    assert answer["refill"]["mine"] is True
    entries = nodes(data(caller(contact), LEDGER)["supplyEntries"])
    assert [entry["quantity"] for entry in entries] == [-2, 6]
    assert nodes(data(caller(resident_user), LEDGER)["supplyEntries"]) == []


def test_the_open_data_tells_hours_and_whether_there_is_any(community: Community) -> None:
    station = new_station(community)
    open_all_week(station, 0, 23)
    stock = new_stock(station, 3)
    today = timezone.localdate()
    for day in (today - DAY, today + DAY):
        gate.save(StationException(community=community, station=station, day=day), by=SYSTEM)
    closed = new_station(community, "yz-closed")
    STATION_VERBS["close"](closed, by=SYSTEM, reason="季末")
    new_station(community, "yz-past", season_from=today - 2 * DAY, season_to=today)
    (row,) = nodes(data(caller(), PUBLIC, OPEN)["coolStations"])
    assert row["openToday"] is True
    assert len(row["hours"]) == 7
    assert [e["day"] for e in row["exceptions"]] == [str(today + DAY)]
    assert row["supplies"] == [{"name": stock.supply.name, "available": True}]
    take_out(stock, 3, by=SYSTEM)
    (row,) = nodes(data(caller(), PUBLIC, OPEN)["coolStations"])
    assert row["supplies"] == [{"name": stock.supply.name, "available": False}]


@pytest.mark.slow
def test_lists_take_a_fixed_number_of_statements(community: Community, worker: User) -> None:
    body = new_body(community, worker)
    supplies = [new_supply(community, f"s{n}") for n in range(3)]

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            station = new_station(community, f"n{n}", organization=body)
            open_all_week(station)
            for supply in supplies[: 1 + n % 3]:
                take_out(new_stock(station, 9, supply=supply), 5, by=SYSTEM)

    pages = {
        name: f"/admin/stations/{name}/"
        for name in ("coolstation", "stationstock", "supplyentry", "refill")
    } | {"phone": "/stations/"}
    queries = {
        "stations": (MAIN, STATIONS),
        "ledger": (MAIN, LEDGER),
        "refills": (MAIN, REFILLS),
        "open": (OPEN, PUBLIC),
    }
    fill(0, 2)
    statements_of(worker, pages, queries)  # What is asked once a process.
    few = statements_of(worker, pages, queries)
    fill(2, 10)
    assert statements_of(worker, pages, queries) == few


# --- on a phone ----------------------------------------------------------------------------------


def phone(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_contact_enters_on_a_phone_and_a_second_tap_is_one_entry(community: Community) -> None:
    contact = user_with_role("contact", "partner", community=community)
    station = new_station(community, organization=new_body(community, contact))
    stock = new_stock(station, 10)
    client, page = phone(contact), f"/stations/{station.code}/"
    assert "现有 10份" in client.get(page).content.decode()
    form = {"kind": "out", "stock": stock.pk, "amount": "4", "key": "tap"}
    for _ in range(2):
        assert client.post(page, form).status_code == 302
    assert fresh(stock).balance == 6
    short = client.post(page, form | {"amount": "40", "key": "other"})
    assert "库存只剩 6份" in short.content.decode()
    assert 'value="40"' in short.content.decode(), "what was typed stays"
    client.post(
        page, {"kind": "count", "stock": stock.pk, "amount": "5", "key": "c", "reason": "盘点"}
    )
    entry = SupplyEntry.objects.get(number=2)
    assert "更正：" in client.get(f"{page}?entry={entry.pk}").content.decode()
    client.post(page, {"entry": entry.pk, "amount": "3", "reason": "记错", "key": "r"})
    assert fresh(stock).balance == 6
    assert client.get("/stations/").status_code == 200


def test_others_look_and_enter_nothing(community: Community, resident_user: User) -> None:
    station = new_station(community)
    stock = new_stock(station, 10)
    client, page = phone(resident_user), f"/stations/{station.code}/"
    assert "<form" not in client.get(page).content.decode()
    client.post(page, {"kind": "out", "stock": stock.pk, "amount": "1", "key": "x"})
    assert fresh(stock).balance == 10
    assert Client().get(page).status_code == 302
    assert client.get("/stations/nowhere/").status_code == 404


# --- sheets --------------------------------------------------------------------------------------

ROWS = """序号,日期,驿站,品种,类型,数量,备注
1,2025-07-01,{station},{supply},入库,50,社区采购
2,2025-07-02,{station},{supply},领用,12,环卫工人
3,2025-07-03,{station},{supply},领用,60,太多了
4,2025-07-03,别的驿站,{supply},领用,1,
5,2025-07-04,{station},{supply},更正,-1,
"""


def test_a_ledger_comes_in_once_and_is_taken_back_by_entries(
    community: Community, worker: User, tmp_path: Path
) -> None:
    station, supply = new_station(community), new_supply(community)
    path = tmp_path / "出入库.csv"
    path.write_text(ROWS.format(station=station.name, supply=supply.name), encoding="utf-8")
    status, said = command("supply_entries", str(path), "--take-good")
    assert (status, said["rows"]["create"], said["rows"]["reject"]) == (1, 2, 3), said["problems"]
    found = [(p["row"], p["code"]) for p in said["problems"]]
    assert found == [(4, "stock_short"), (5, "not_found"), (6, "reason_required")]
    stock = StationStock.objects.get()
    assert (stock.balance, stock.entries) == (38, 2)
    assert SupplyEntry.objects.get(number=2).occurred_at < timezone.now() - datetime.timedelta(30)
    _status, again = command("supply_entries", str(path), "--take-good")
    assert again["rows"]["unchanged"] == 2
    batch = ImportBatch.objects.order_by("pk")[0]
    undo_import(batch, by=Actor.of(worker, "admin"))
    stock.refresh_from_db()
    assert (stock.balance, stock.entries) == (0, 4)
    assert set(SupplyEntry.objects.filter(number__gt=2).values_list("kind", flat=True)) == {
        "correction"
    }


def test_what_was_given_out_since_stays_when_an_import_is_taken_back(
    community: Community, worker: User, tmp_path: Path
) -> None:
    station, supply = new_station(community), new_supply(community)
    path = tmp_path / "出入库.csv"
    rows = ROWS.format(station=station.name, supply=supply.name).splitlines()
    path.write_text("\n".join(rows[:2]) + "\n", encoding="utf-8")
    assert command("supply_entries", str(path))[0] == 0
    stock = StationStock.objects.get()
    take_out(stock, 20, by=SYSTEM)
    undo_import(ImportBatch.objects.get(), by=Actor.of(worker, "admin"))
    assert fresh(stock).balance == 30, "fifty less would be below zero"
    put_in(stock, 1, by=SYSTEM)
