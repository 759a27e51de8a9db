"""Registering demands: at the window, by a resident, from a patrol, from a ledger.

What becomes of them stands in `handling`.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db.models import Q
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may_within
from backend.core.edits import edited_by
from backend.core.errors import ManyViolations, not_allowed, not_found
from backend.core.models import ChangeSet
from backend.demands import rules
from backend.demands.choices import Channel
from backend.demands.handling import DEMAND_VERBS, extend, respond
from backend.demands.models import Demand, DemandNumbering
from backend.demands.rights import changes_of, staff_of
from backend.demands.telling import tell_of
from backend.demands.terms import DEMAND, Reckoning
from backend.people.models import Resident
from backend.places.models import Building, Community

# People who share one phone: more are an office's, and nobody is meant.
MOST_ASKED = 5
__all__ = [
    "DEMAND_VERBS",
    "change_demand",
    "extend",
    "register_demand",
    "register_many",
    "register_own",
    "respond",
]


def register_demand(demand: Demand, *, by: Actor) -> Demand:
    """The demand, registered under the next number of its year, with its two deadlines.

    Staff only; a steward in the own estate. What the roster knows of the resident is filled in.
    Raises: content_missing; received_in_future; group_without_channel; place_mismatch;
        phone_invalid; person_erased; not_allowed; what the gate raises.
    """
    _find_person(demand)
    resident = demand.resident
    placed = demand.estate_id or demand.building_id or demand.address
    if resident is not None and not placed:
        # Where they live, unless somebody says otherwise.
        demand.building, demand.unit, demand.room = resident.building, resident.unit, resident.room
    # Which estate it is in says who may register it.
    _place([demand])
    return _entered_one(demand, by=by, vouched=staff_of(demand, by, "edit"))


def register_own(demand: Demand, *, by: Actor) -> Demand:
    """The same by a resident: about a matter of their own, as the person the roster knows.

    Raises: as `register_demand`.
    """
    if by.user is None or not may_within(by, "demands.bring", demand.community_id):
        raise not_allowed()
    own = Resident.objects.filter(user=by.user, community=demand.community_id).first()
    demand.account, demand.resident, demand.channel = by.user, own, Channel.APP
    # When it reaches us, whatever an app says.
    demand.received_at = timezone.now()
    if own is None:
        demand.reporter_name = demand.reporter_name or by.user.get_full_name()
    else:
        demand.reporter_name, demand.reporter_phone = own.name, own.phone
        if demand.building_id is None and demand.estate_id is None and not demand.address:
            demand.building_id, demand.unit, demand.room = own.building_id, own.unit, own.room
    return _entered_one(demand, by=by, vouched=by.vouched_for())


def register_many(
    demands: Sequence[Demand], *, by: Actor, within: ChangeSet | None = None
) -> list[Demand]:
    """As `register_demand`, for demands of one community, all or none.

    Raises: ManyViolations; not_allowed.
    """
    vouched = by
    for demand in demands:
        vouched = staff_of(demand, by, "edit")
    return _entered(demands, by=by, vouched=vouched, within=within)


def change_demand(demand: Demand, *, by: Actor) -> Demand:
    """Writes what a demand says. Raises: demand_settled; not_allowed; what the gate raises."""
    stored = Demand.objects.filter(pk=demand.pk).first()
    if stored is None:
        raise not_found("诉求")
    # Both as it is and as it shall be: nobody moves a demand into an estate that is not theirs.
    staff_of(stored, by, "edit")
    return gate.save(demand, by=staff_of(demand, by, "edit"))


edited_by(Demand, change_demand)


def _entered_one(demand: Demand, *, by: Actor, vouched: Actor) -> Demand:
    try:
        with changes_of("register", demand, by) as changes:
            made = _entered([demand], by=by, vouched=vouched, within=changes)[0]
            if not made.from_ledger:
                tell_of(made, "register")
            return made
    except ManyViolations as refused:
        raise refused.by_index[0] from None


def _entered(
    demands: Sequence[Demand], *, by: Actor, vouched: Actor, within: ChangeSet | None = None
) -> list[Demand]:
    if not demands:
        return []
    community = Community.objects.filter(pk=demands[0].community_id).first()
    if community is None or any(d.community_id != community.pk for d in demands):
        raise not_found("社区")
    reckoning = Reckoning(community.pk)
    person = by.user if by.user is not None and by.user.pk else None
    _place(demands)
    for demand in demands:
        _filled(demand, reckoning, person)
    joined = nullcontext(within) if within is not None else None
    with joined or changes_of("register", demands[0], by) as changes:
        _number(demands, community)
        gate.save_many(demands, by=vouched, within=changes)
    return list(demands)


def _place(demands: Sequence[Demand]) -> None:
    """Says of each demand at a building in which estate that stands: a query for all."""
    unplaced = [d for d in demands if d.estate_id is None and d.building_id is not None]
    if not unplaced:
        return
    keys = frozenset(demand.building_id for demand in unplaced)
    rows = Building.objects.filter(pk__among=keys).values_list("pk", "estate_id")
    estates: dict[Any, Any] = dict(rows)
    for demand in unplaced:
        demand.estate_id = estates.get(demand.building_id)


def _find_person(demand: Demand) -> None:
    """Whom the roster knows by the phone that was given: one person alone, of the same name if one
    was given. Couples share a phone: then nobody is taken for the other.
    """
    if demand.resident_id is not None or not demand.reporter_phone:
        return
    rows: Any = Resident.objects
    by_phone = Q(phone=demand.reporter_phone) | Q(phones__phone=demand.reporter_phone)
    here = rows.present().filter(by_phone, community=demand.community_id, merged_into=None)
    found = list(here.select_related("building").distinct()[:MOST_ASKED])
    if demand.reporter_name:
        found = [one for one in found if one.name == demand.reporter_name]
    if len(found) == 1:
        demand.resident = found[0]


def _filled(demand: Demand, reckoning: Reckoning, person: Any) -> None:
    demand.reckoning = reckoning
    resident = demand.resident
    if resident is not None:
        demand.reporter_name = demand.reporter_name or resident.name
        demand.reporter_phone = demand.reporter_phone or resident.phone
    if demand.from_ledger:
        # Who types an old ledger has received nobody.
        return
    demand.registered_by = person
    if person is not None and not demand.first_contact and demand.account_id is None:
        demand.first_contact = person.get_full_name()[:30]


def _number(demands: Sequence[Demand], community: Community) -> None:
    """Gives the next numbers of each year, in the order of the set."""
    by_year: dict[int, list[Demand]] = {}
    for demand in demands:
        received = demand.received_at
        year = timezone.localtime(received if received else timezone.now()).year
        by_year.setdefault(year, []).append(demand)
    # Years in order: two sets never wait for each other in a ring.
    for year, rows in sorted(by_year.items()):
        first = DemandNumbering.next_numbers(DEMAND, community.pk, year, len(rows))
        for number, demand in enumerate(rows, start=first):
            demand.year, demand.number = year, number
            demand.code = rules.code_of(community.code, community.pk, year, number)
