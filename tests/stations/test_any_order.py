"""Whatever comes in and goes out in whatever order: never below zero, always the sum of the ledger."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.places.models import Community
from backend.stations.ledger import correct_entry, count_stock, put_in, take_out
from backend.stations.models import Refill, StationStock, SupplyEntry
from tests.stations.shelves import fresh, new_station, new_stock

pytestmark = pytest.mark.django_db
STEPS = st.lists(
    st.tuples(st.sampled_from(("in", "out", "count", "correct")), st.integers(0, 12)), max_size=15
)
# What is refused as it should be.
REFUSALS = {"stock_short", "amount_invalid", "count_agrees", "correction_of_correction"}


class Shelf:
    """A model of the stock: a list of numbers."""

    def __init__(self, stock: StationStock) -> None:
        self.stock, self.entries = stock, []  # type: tuple[StationStock, list[Any]]

    def does(self, verb: str, number: int) -> str:
        try:
            with transaction.atomic():
                entry = self._do(verb, number)
        except RuleViolation as violation:
            return violation.code
        self.entries.append(entry)
        return "done"

    def _do(self, verb: str, number: int) -> SupplyEntry:
        if verb == "in":
            return put_in(self.stock, number, by=SYSTEM)
        if verb == "out" or (verb == "correct" and not self.entries):
            return take_out(self.stock, number, by=SYSTEM)
        if verb == "count":
            return count_stock(self.stock, number, by=SYSTEM, reason="盘点")
        wrong = self.entries[number % len(self.entries)]
        return correct_entry(wrong, number, by=SYSTEM, reason="记错了")


@given(STEPS)
def test_the_balance_is_the_sum_of_the_ledger(community: Community, steps: list[Any]) -> None:
    with transaction.atomic():
        shelf = Shelf(new_stock(new_station(community)))
        for verb, number in steps:
            before = fresh(shelf.stock).balance
            said = shelf.does(verb, number)
            row = fresh(shelf.stock)
            rows = SupplyEntry.objects.filter(stock=row)
            assert row.balance == (rows.aggregate(n=Sum("quantity"))["n"] or 0)
            assert row.balance >= 0
            assert row.entries == rows.count() == len(shelf.entries)
            if said == "done":
                last = shelf.entries[-1]
                assert (last.balance_after, last.number) == (row.balance, row.entries)
            else:
                assert said in REFUSALS
                assert row.balance == before
            # One refill while it is low after an entry, none while there is enough.
            low = row.entries > 0 and row.balance <= row.supply.refill_at
            assert Refill.objects.filter(stock=row, status="open").count() == low
        transaction.set_rollback(True)
