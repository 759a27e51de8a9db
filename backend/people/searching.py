"""Looking somebody up as one says it at the desk: 张三 · zs · 3-2-501 · 3号楼 501 · 尾号5678.

Answers are masked, and a search must not tell what the mask hides: by initials, digits and door
search only those who hold `people.search`, within their scope; everybody else names the whole name
or the whole phone. Every word asks an index.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Left
from django.db.models.lookups import In

from backend.core.access import NOWHERE, Scope, scope
from backend.imports.cells import Address, clean_address
from backend.imports.problems import CellProblem
from backend.people.models import Household, Resident, ResidentPhone
from backend.people.pinyin import other_readings
from backend.places.models import Building

_LONGEST = 80
_SPACE = re.compile(r"[\s,，、;；。]+")
_TAIL = re.compile(r"(?:尾号|后四位)?(\d{4})", re.ASCII)
_PHONE = re.compile(r"\+?(?:86)?-?(1[3-9]\d{9})|0\d{2,3}-\d{7,8}(?:-\d{1,6})?", re.ASCII)
_INITIALS = re.compile(r"[A-Za-z]{2,30}", re.ASCII)
_ROOM = re.compile(r"(\d{2,5}[A-Za-z]?)(?:室|号房|房)?", re.ASCII)
# 张三, 3号楼的, 尾号5678
_ENDING = "的"


@dataclass(frozen=True)
class Sought:
    """What a search says of somebody; what it does not say is empty."""

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    door: Address | None = None

    @property
    def only_whole(self) -> bool:
        """Whether it names nothing but whole names and whole phones."""
        return not (self.letters or self.tails or self.door)


def understand(text: str) -> Sought:
    """The words of a search box, told apart."""
    words = [w.removesuffix(_ENDING) or w for w in _SPACE.split(text[:_LONGEST].strip()) if w]
    found: dict[str, list[str]] = {"names": [], "phones": [], "letters": [], "tails": []}
    doors: list[str] = []
    for word in words:
        phone, tail = _PHONE.fullmatch(word), _TAIL.fullmatch(word)
        if phone:
            found["phones"].append(phone[1] or phone[0])
        elif doors and _ROOM.fullmatch(word) and not (_address(doors[0]) or Address("")).room:
            # 3号楼 501: the room that goes with the building before it.
            doors[0] += word
        elif tail:
            found["tails"].append(tail[1])
        elif _INITIALS.fullmatch(word):
            found["letters"].append(word.lower())
        elif not doors and _address(word) is not None:
            doors.append(word)
        else:
            found["names"].append(word)
    return Sought(
        **{name: tuple(some) for name, some in found.items()},
        door=_address(doors[0]) if doors else None,
    )


def _address(word: str) -> Address | None:
    try:
        address = clean_address(word)
    except CellProblem:
        return None
    return address if address is not None and address.building else None


def sought_by(user: Any, text: str) -> Q:
    """The residents whom a search of this user finds, among those whom they may see."""
    sought = understand(text)
    where = scope(user, "people.search")
    if sought.only_whole or where == NOWHERE:
        return _whole(text, sought)
    # Apart, and in no order: in the list's own order SQLite would go through the whole community.
    found = Resident.objects.filter(_found(sought, where), Resident.rows_in(where))
    return Q(pk__in=found.order_by().values("pk"))


def _whole(text: str, sought: Sought) -> Q:
    if not sought.only_whole:
        # Not a word about what part of it might have fitted.
        return Q(name=text.strip())
    if not (sought.names or sought.phones):
        return Q(pk__in=[])
    return _named(sought)


def _named(sought: Sought) -> Q:
    rows = Q()
    if sought.names:
        # 张 三, as sheets pad it.
        rows &= Q(name__in={"".join(sought.names), " ".join(sought.names)})
    for phone in sought.phones:
        rows &= Q(phone=phone) | Q(pk__in=_reached(Q(phone=phone)))
    return rows


def _found(sought: Sought, where: Scope) -> Q:
    rows = _named(sought)
    for tail in sought.tails:
        rows &= Q(phone_tail=tail) | Q(pk__in=_reached(Q(phone_tail=tail)))
    for letters in sought.letters:
        rows &= _said(letters)
    if sought.door is not None:
        rows &= _at(sought.door, where)
    return rows


def _reached(phones: Q) -> list[int]:
    """Who has such a further phone; read first, for an OR with a subquery asks no index."""
    return list(ResidentPhone.objects.filter(phones).values_list("resident_id", flat=True)[:500])


def _said(letters: str) -> Q:
    rows, others = Q(initials=letters), other_readings(letters)
    for kept, surnames in others.items():
        rows |= Q(initials=kept) & Q(In(Left("name", 1), sorted(surnames)))
    # As one list too: that asks the index, an OR of conditions does not.
    return Q(initials__in=[letters, *others]) & rows


def _at(door: Address, where: Scope) -> Q:
    houses = Building.objects.filter(Building.rows_in(where), name=door.building)
    if door.estate:
        houses = houses.filter(estate__name__contains=door.estate.removesuffix("小区"))
    rows = Q(building_id__in=list(houses.values_list("pk", flat=True)))
    if door.room:
        rows &= Q(room=door.room)
    if door.unit:
        rows &= Q(unit=door.unit)
    return rows


def households_sought_by(user: Any, text: str) -> Q:
    """The households whose door a search of this user names; nothing for those who may not search."""
    door, where = understand(text).door, scope(user, "people.search")
    if door is None or where == NOWHERE:
        return Q(pk__in=[])
    return _at(door, where) & Household.rows_in(where)
