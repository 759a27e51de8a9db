"""Refills: raised by themselves when a stock runs low, done by what comes in."""

from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.calendar import add_working_days
from backend.core.edits import edited_by
from backend.core.models import ChangeSet
from backend.core.roles import Role
from backend.messaging.actions import Recipient, tell
from backend.people.models import User
from backend.people.queries import accounts_in_roles, accounts_of_bodies
from backend.places.queries import day_overrides
from backend.stations import rules
from backend.stations.choices import RefillStatus
from backend.stations.models import CoolStation, Refill, StationStock, SupplyEntry


def after_entry(
    stock: StationStock, entry: SupplyEntry, *, by: Actor, within: ChangeSet
) -> Refill | None:
    """What an entry means for refills, under the stock's lock: one is raised, or done, or neither."""
    if not rules.is_low(stock.balance, _threshold(stock)):
        return _finish(stock, entry, by, within)
    return raise_refill(stock, by=by, within=within)


def raise_refill(
    stock: StationStock, *, by: Actor = SYSTEM, within: ChangeSet | None = None
) -> Refill | None:
    """The new refill of a stock that is low, None where none is wanted or one is open.

    The caller holds the stock's row: two who take the last at one time raise it once.
    """
    station = CoolStation.objects.get(pk=stock.station_id)
    today = timezone.localdate()
    low = rules.is_low(stock.balance, _threshold(stock))
    if not low or not rules.refill_is_wanted(station.status, station.season_to, today):
        return None
    if Refill.objects.filter(stock=stock, status=RefillStatus.OPEN).exists():
        return None
    due = add_working_days(today, station.refill_days, day_overrides(stock.community_id))
    contacts = _contacts(station)
    refill = gate.save(
        Refill(
            community_id=stock.community_id,
            stock=stock,
            left=stock.balance,
            due_on=due,
            assignee=contacts[0] if contacts else None,
        ),
        by=by.vouched_for(),
        within=within,
    )
    tell_of(refill, "refill_raised", "raised")
    return refill


def save_refill(refill: Refill, *, by: Actor) -> Refill:
    """Gives a refill to somebody, or another day; who it is given to is told.

    Raises: assignee_unsuitable; due_reversed; not_allowed.
    """
    verb = f"save {Refill._meta.label}"
    with gate.change_set(verb, by=by, community_id=refill.community_id) as changes:
        before = gate.hold(refill)
        saved = gate.save(refill, by=by, within=changes)
        if saved.assignee_id is not None and saved.assignee_id != before.assignee_id:
            tell_of(saved, "refill_raised", f"given {saved.assignee_id}")
    return saved


edited_by(Refill, save_refill)


def drop_refill(refill: Refill, *, by: Actor, reason: str) -> Refill:
    """Nobody will refill it. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(refill, "drop", by=by, reason=reason)


def tell_of(refill: Refill, template: str, occasion: str) -> int:
    """Tells whoever it was given to, else the contacts and the office; answers how many were told."""
    stock = StationStock.objects.select_related("station", "supply", "community").get(
        pk=refill.stock_id
    )
    whom = [refill.assignee] if refill.assignee is not None else _everybody(stock.station)
    if not whom:
        return 0
    return tell(
        [Recipient(user=user) for user in whom],
        template,
        {
            "station": stock.station.name,
            "supply": stock.supply.name,
            "left": f"{stock.balance}{stock.supply.unit}",
            "due_on": f"{refill.due_on:%Y-%m-%d}",
        },
        community=stock.community,
        once_key=f"refill {refill.pk} {occasion}",
        about=refill,
    )


def _finish(stock: StationStock, entry: SupplyEntry, by: Actor, within: ChangeSet) -> Refill | None:
    refill = Refill.objects.filter(stock=stock, status=RefillStatus.OPEN).first()
    if refill is None or entry.quantity < 0:
        return None
    moved: Refill = gate.move(refill, "finish", by=by.vouched_for(), within=within)
    moved.done_by = entry
    return gate.save(moved, by=by.vouched_for(), within=within)


def _threshold(stock: StationStock) -> int:
    """At how much it is to be refilled, as the expression says it."""
    rows: Any = StationStock.objects.filter(pk=stock.pk)
    return int(rows.with_threshold().values_list("threshold", flat=True).get())


def _contacts(station: CoolStation) -> list[User]:
    return accounts_of_bodies([station.organization_id]) if station.organization_id else []


def _everybody(station: CoolStation) -> list[User]:
    office = accounts_in_roles(station.community_id, Role.SECRETARY, Role.WORKER)
    return [*_contacts(station), *office]


REFILL_VERBS = {
    "drop": lambda row, *, by, reason: drop_refill(row, by=by, reason=reason),
}
