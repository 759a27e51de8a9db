"""Verbs of stock: in, out, counted, put right. Each is an entry of the ledger, and nothing else is.

All of them hold the stock's row first: what is left is looked at and changed under one lock, on both
databases. The same key twice is one entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may_within
from backend.core.gate_rights import require_rows
from backend.core.models import ChangeSet
from backend.stations import rules
from backend.stations.choices import EntryKind
from backend.stations.models import StationStock, Supply, SupplyEntry
from backend.stations.refilling import after_entry


def put_in(
    stock: StationStock,
    amount: int,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
    key: str = "",
) -> SupplyEntry:
    """So much has come in (whole units). A refill that it makes good is done by it.

    Raises: amount_invalid; occurred_in_future; text_has_personal_data; not_allowed.
    """
    rules.amount_is_credible(amount)
    return _enter(stock, EntryKind.IN, lambda _balance: amount, by, reason, occurred_at, key)


def take_out(
    stock: StationStock,
    amount: int,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
    key: str = "",
) -> SupplyEntry:
    """So much was given out (whole units). What falls to its threshold raises a refill.

    Raises: stock_short, with how much is left; what `put_in` raises.
    """
    rules.amount_is_credible(amount)
    return _enter(stock, EntryKind.OUT, lambda _balance: -amount, by, reason, occurred_at, key)


def count_stock(
    stock: StationStock,
    counted: int,
    *,
    by: Actor,
    reason: str,
    occurred_at: datetime | None = None,
    key: str = "",
) -> SupplyEntry:
    """So much was found at a stock-taking: the difference is entered, with a reason.

    Raises: count_agrees; reason_required; what `put_in` raises.
    """
    return _enter(
        stock,
        EntryKind.CORRECTION,
        lambda balance: rules.count_differs(balance, counted),
        by,
        reason,
        occurred_at,
        key,
    )


def correct_entry(
    entry: SupplyEntry, amount: int, *, by: Actor, reason: str, key: str = ""
) -> SupplyEntry:
    """An entry that was wrong is put right by another one: `amount` is what it should have said.

    0 says that it never happened. Raises: count_agrees; correction_of_correction; stock_short;
        reason_required; amount_invalid; not_allowed.
    """
    rules.is_corrected_itself(entry.kind)
    if amount:
        rules.amount_is_credible(amount)

    def difference(_balance: int) -> int:
        made = SupplyEntry.objects.filter(corrects=entry).aggregate(n=Sum("quantity"))["n"] or 0
        return rules.correction_changes(entry.quantity + made, rules.signed(entry.kind, amount))

    stock = StationStock.objects.get(pk=entry.stock_id)
    return _enter(stock, EntryKind.CORRECTION, difference, by, reason, None, key, corrects=entry)


def enter_as_told(
    stock: StationStock,
    kind: str,
    quantity: int,
    *,
    by: Actor,
    reason: str,
    occurred_at: datetime,
    within: ChangeSet,
    corrects: SupplyEntry | None = None,
) -> SupplyEntry:
    """An entry as a sheet tells it, or as taking a sheet back needs it; `quantity` is signed.

    Raises: stock_short; quantity_invalid; reason_required; what `put_in` raises.
    """
    return _enter(
        stock,
        kind,
        lambda _balance: quantity,
        by,
        reason,
        occurred_at,
        "",
        corrects=corrects,
        within=within,
    )


def _enter(
    stock: StationStock,
    kind: str,
    change: Callable[[int], int],
    by: Actor,
    reason: str,
    occurred_at: datetime | None,
    key: str,
    corrects: SupplyEntry | None = None,
    within: ChangeSet | None = None,
) -> SupplyEntry:
    entry = SupplyEntry(
        community_id=stock.community_id,
        stock_id=stock.pk,
        kind=kind,
        reason=reason.strip(),
        corrects=corrects,
        account=by.user if by.user is not None and by.user.pk else None,
        occurred_at=occurred_at or timezone.now(),
        idempotency_key=key,
    )
    _require(entry, by)
    allowed = by.vouched_for()
    with transaction.atomic():
        # Locked before it is looked at: two who take the last bottle at one time take it once.
        held = gate.hold(stock)
        if key:
            earlier = SupplyEntry.objects.filter(stock=held, idempotency_key=key).first()
            if earlier is not None:
                return earlier
        with changes_of(entry, by, within) as changes:
            entry.quantity = change(held.balance)
            unit = Supply.objects.values_list("unit", flat=True).get(pk=held.supply_id)
            rules.stock_suffices(held.balance, entry.quantity, unit)
            held.balance += entry.quantity
            held.entries += 1
            entry.number, entry.balance_after = held.entries, held.balance
            gate.save(held, by=allowed, within=changes)
            gate.save(entry, by=allowed, within=changes)
            after_entry(held, entry, by=by, within=changes)
    return entry


@contextmanager
def changes_of(entry: SupplyEntry, by: Actor, within: ChangeSet | None) -> Iterator[ChangeSet]:
    """The change set of an entry: its own, or that of an import."""
    if within is not None:
        yield within
        return
    with gate.change_set(
        f"{entry.kind} {SupplyEntry._meta.label}",
        by=by,
        community_id=entry.community_id,
        reason=entry.reason,
    ) as changes:
        yield changes


def _require(entry: SupplyEntry, by: Actor) -> None:
    """Raises: not_allowed, unless staff there, or a contact of the body that runs the station."""
    if not may_within(by, "supplies.edit", entry.community_id):
        require_rows(SupplyEntry, [entry], by, "edit")
