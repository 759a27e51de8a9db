"""In, out, counted, put right: each an entry, never below zero, once for its key."""

import datetime

import pytest
from django.utils import timezone

from backend.core import gate, undo
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.messaging.models import InboxMessage
from backend.people.models import User
from backend.places.models import Community
from backend.stations.ledger import correct_entry, count_stock, put_in, take_out
from backend.stations.models import Refill, StationStock, SupplyEntry
from backend.stations.refilling import drop_refill, save_refill
from backend.stations.tasks import raise_due_refills, remind_of_late_refills
from tests.conftest import user_with_role
from tests.stations.shelves import fresh, new_body, new_station, new_stock, new_supply

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def stock(community: Community) -> StationStock:
    return new_stock(new_station(community), 20)


def refused(do: object) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        do()  # type: ignore[operator]
    return caught.value


def test_what_is_too_little_is_refused_and_says_how_much_is_left(stock: StationStock) -> None:
    before = SupplyEntry.objects.count()
    said = refused(lambda: take_out(stock, 21, by=SYSTEM))
    assert said.code == "stock_short"
    assert "20份" in said.message
    assert (SupplyEntry.objects.count(), fresh(stock).balance) == (before, 20)


def test_entries_are_numbered_and_carry_the_balance(stock: StationStock) -> None:
    take_out(stock, 7, by=SYSTEM, reason="巡逻队")
    count_stock(stock, 12, by=SYSTEM, reason="破了一份")
    rows = SupplyEntry.objects.filter(stock=stock).order_by("number")
    told = list(rows.values_list("number", "kind", "quantity", "balance_after"))
    assert told == [(1, "in", 20, 20), (2, "out", -7, 13), (3, "correction", -1, 12)]
    assert fresh(stock).balance == 12


def test_the_same_key_is_one_entry(stock: StationStock) -> None:
    one = take_out(stock, 3, by=SYSTEM, key="abc")
    again = take_out(stock, 3, by=SYSTEM, key="abc")
    assert one.pk == again.pk
    assert fresh(stock).balance == 17


def test_an_entry_that_was_wrong_is_put_right_by_another_one(stock: StationStock) -> None:
    wrong = take_out(stock, 12, by=SYSTEM)
    correct_entry(wrong, 2, by=SYSTEM, reason="多写了一个 1")
    assert fresh(stock).balance == 18
    # What it should have said, whatever has been put right before.
    correct_entry(wrong, 0, by=SYSTEM, reason="没有这回事")
    assert fresh(stock).balance == 20
    assert refused(lambda: correct_entry(wrong, 0, by=SYSTEM, reason="再来")).code == "count_agrees"


def test_corrections_want_a_reason(stock: StationStock) -> None:
    assert refused(lambda: count_stock(stock, 3, by=SYSTEM, reason=" ")).code == "reason_required"
    assert refused(lambda: count_stock(stock, 20, by=SYSTEM, reason="盘点")).code == "count_agrees"


def test_neither_the_ledger_nor_the_balance_is_edited(stock: StationStock) -> None:
    entry = SupplyEntry.objects.get(stock=stock)
    entry.quantity = 5
    assert refused(lambda: gate.save(entry, by=SYSTEM)).code == "ledger_only_grows"
    kept = SupplyEntry.objects.get(stock=stock)
    assert refused(lambda: gate.delete(kept, by=SYSTEM)).code == "ledger_only_grows"
    row = fresh(stock)
    row.balance = 500
    assert refused(lambda: gate.save(row, by=SYSTEM)).code == "ledger_out_of_step"
    alone = SupplyEntry(
        community=stock.community, stock=stock, kind="in", quantity=5, number=2, balance_after=25
    )
    assert refused(lambda: gate.save(alone, by=SYSTEM)).code == "ledger_out_of_step"
    assert fresh(stock).balance == 20


def test_an_entry_is_not_undone_in_the_history(stock: StationStock) -> None:
    take_out(stock, 5, by=SYSTEM)
    last = ChangeSet.objects.filter(verb__startswith="out").latest("pk")
    with pytest.raises(RuleViolation):
        undo.undo(last, by=SYSTEM, reason="试试")
    assert fresh(stock).balance == 15


def test_a_reason_names_nobody(stock: StationStock) -> None:
    said = refused(lambda: take_out(stock, 1, by=SYSTEM, reason="给 13900000001"))
    assert said.code == "text_has_personal_data"
    later = timezone.now() + DAY
    said = refused(lambda: take_out(stock, 1, by=SYSTEM, occurred_at=later))
    assert said.code == "occurred_in_future"


def test_a_refill_is_raised_once_told_and_done_by_what_comes_in(
    community: Community, worker: User
) -> None:
    contact = user_with_role("contact", "partner", community=community)
    station = new_station(community, organization=new_body(community, contact))
    stock = new_stock(station, 10)
    take_out(stock, 4, by=SYSTEM)
    assert not Refill.objects.exists()
    take_out(stock, 1, by=SYSTEM)
    take_out(stock, 1, by=SYSTEM)
    refill = Refill.objects.get()
    assert (refill.left, refill.assignee, refill.status) == (5, contact, "open")
    told = InboxMessage.objects.filter(template="refill_raised")
    assert [message.user for message in told] == [contact]
    put_in(stock, 1, by=SYSTEM)
    assert Refill.objects.get().status == "open", "still no more than the threshold"
    entry = put_in(stock, 20, by=SYSTEM)
    refill.refresh_from_db()
    assert (refill.status, refill.done_by) == ("done", entry)


def test_without_a_body_the_office_is_told_and_a_refill_is_given_to_able_people(
    community: Community, worker: User, resident_user: User
) -> None:
    stock = new_stock(new_station(community), 6)
    take_out(stock, 6, by=SYSTEM)
    told = InboxMessage.objects.filter(template="refill_raised")
    assert [message.user for message in told] == [worker]
    refill = Refill.objects.get()
    refill.assignee = resident_user
    assert refused(lambda: save_refill(refill, by=SYSTEM)).code == "assignee_unsuitable"
    refill.assignee = worker
    save_refill(refill, by=SYSTEM)
    drop_refill(Refill.objects.get(), by=SYSTEM, reason="季末不补了")
    assert Refill.objects.get().status == "dropped"


def test_a_threshold_that_was_raised_is_noticed_overnight_and_delay_is_told_daily(
    community: Community, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = new_stock(new_station(community), 20)
    closed = new_station(community, "yz-closed", season_to=timezone.localdate())
    new_stock(closed, 1, supply=stock.supply)
    stock.refill_at = 30
    gate.save(stock, by=SYSTEM)
    assert (raise_due_refills.func(), raise_due_refills.func()) == (1, 0)
    assert remind_of_late_refills.func() == 0
    later = timezone.now() + 20 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert (remind_of_late_refills.func(), remind_of_late_refills.func()) == (1, 0)
    rows = Refill.objects.with_overdue()
    assert [row.overdue for row in rows] == [True]


def test_staff_and_the_running_body_enter_and_nobody_else(
    community: Community, other_community: Community, estate: object, other_worker: User
) -> None:
    contact = user_with_role("contact", "partner", community=community)
    stranger = user_with_role("stranger", "partner", community=community)
    resident = user_with_role("resident", "resident", community=community)
    steward = user_with_role("steward", "steward", community=community, estate=estate)
    new_body(community, stranger, "other")
    station = new_station(community, organization=new_body(community, contact))
    stock = new_stock(station, 20)
    elsewhere = new_stock(new_station(community, "yz-two"), 20, supply=new_supply(community, "b"))
    for user in (contact, steward):
        take_out(stock, 1, by=Actor.of(user, "test"))
    for user in (stranger, resident, other_worker):
        by = Actor.of(user, "test")
        assert refused(lambda by=by: take_out(stock, 1, by=by)).code == "not_allowed"  # type: ignore[misc]
    by = Actor.of(contact, "test")
    assert refused(lambda: take_out(elsewhere, 1, by=by)).code == "not_allowed"
    assert set(SupplyEntry.objects.visible_to(contact).values_list("stock", flat=True)) == {
        stock.pk
    }
    assert not SupplyEntry.objects.visible_to(resident).exists()
