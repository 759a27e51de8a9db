"""Households made from doors: set by set, and the same whether asked once or twice."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.models import ChangeSet
from backend.people.models import Household, Resident
from backend.places.models import Community, Estate

CHUNK = 4_000
Door = tuple[int, str, str]


@dataclass(frozen=True)
class ToForm:
    """What forming households would do: how many are new, who comes into one, who heads none."""

    households: int
    residents: int
    heads: int


def households_to_form(community: Community, *, by: Actor, estate: Estate | None = None) -> ToForm:
    """What `form_households` would do now; nothing is written. Raises: not_allowed."""
    require(by, Household.action("edit"), community.pk)
    homeless = _homeless(community, estate)
    door = {name: OuterRef(name) for name in ("building", "unit", "room")}
    fresh = homeless.filter(~Exists(Household.objects.filter(**door)))
    return ToForm(
        households=fresh.order_by().values("building", "unit", "room").distinct().count(),
        residents=homeless.count(),
        heads=len(_led_from_outside(_houses(community, estate))),
    )


def form_households(community: Community, *, by: Actor, estate: Estate | None = None) -> int:
    """Puts everybody who lives behind a door into its household; answers how many households are new.

    Heads who no longer live in theirs are no heads. Raises: not_allowed.
    """
    made = 0
    require(by, Household.action("edit"), community.pk)
    with transaction.atomic():
        gate.hold(community)
        # House by house: a chunk then looks at the households of a few buildings.
        homeless = _homeless(community, estate).order_by("building_id", "pk")
        pks = list(homeless.values_list("pk", flat=True))
        wrong = _led_from_outside(_houses(community, estate))
        if not pks and not wrong:
            # Nothing to do leaves nothing behind: asked every day, it is no news.
            return 0
        with gate.change_set("form households", by=by, community_id=community.pk) as changes:
            for start in range(0, len(pks), CHUNK):
                made += _settle(pks[start : start + CHUNK], changes, by)
            for house in wrong:
                house.head = None
            gate.save_many(wrong, by=by, within=changes)
    return made


def _homeless(community: Community, estate: Estate | None) -> Any:
    """Who lives behind a door and is in no household."""
    rows: Any = Resident.objects.filter(community=community)
    if estate is not None:
        rows = rows.filter(building__estate=estate)
    rows = rows.present().filter(household__isnull=True, building__isnull=False)
    return rows.exclude(room="")


def _houses(community: Community, estate: Estate | None) -> Any:
    rows: Any = Household.objects.filter(community=community)
    return rows if estate is None else rows.filter(building__estate=estate)


def settle(residents: Sequence[Resident], *, by: Actor, within: ChangeSet | None = None) -> None:
    """Puts these residents into the household of their door, made if there is none.

    Raises: not_allowed.
    """
    if not residents:
        return
    community_id = residents[0].community_id
    made = gate.change_set("form households", by=by, community_id=community_id)
    with made if within is None else nullcontext(within) as changes:
        left = [resident.pk for resident in residents]
        _settle(left, changes, by)


def _settle(pks: Iterable[int], changes: ChangeSet, by: Actor) -> int:
    rows = Resident.objects.present().filter(pk__among=frozenset(pks), household__isnull=True)
    people: list[Any] = list(rows.filter(building__isnull=False).exclude(room="").order_by("pk"))
    if not people:
        return 0
    doors: dict[Door, Household] = _known({person.building_id for person in people})
    fresh: dict[Door, Household] = {}
    for person in people:
        if person.door not in doors and person.door not in fresh:
            fresh[person.door] = Household(
                community_id=person.community_id,
                building_id=person.building_id,
                unit=person.unit,
                room=person.room,
            )
    gate.save_many(list(fresh.values()), by=by, within=changes)
    doors |= fresh
    for person in people:
        person.household_id = doors[person.door].pk
    gate.save_many(people, by=by, within=changes)
    return len(fresh)


def _known(buildings: set[int]) -> dict[Door, Household]:
    houses = Household.objects.filter(building_id__among=frozenset(buildings)).order_by("pk")
    return {(house.building_id, house.unit, house.room): house for house in houses}


def _led_from_outside(houses: Any) -> list[Household]:
    return list(
        houses.filter(head__isnull=False)
        .exclude(head__household=F("pk"), head__household__isnull=False)
        .order_by("pk")
    )
