"""Whom a sheet of rooms means by an owner: the same when name and phone agree, never by a name alone.

Also the people whom earlier rows of the file have brought.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.core.personal import mask
from backend.imports.asking import LEAVE_OUT, question
from backend.imports.directions import Choice
from backend.owner_votes.models import Ownership, PropertyOwner
from backend.people.models import Organization, Resident

SAME_NAME = question("owner_same_name", "同名的业主，不能确认是不是同一个人")
SHARED_PHONE = question("owner_other_name", "同一个电话，另一位业主")
THE_SAME, ANOTHER = Choice("same", "就是已有的那一位"), Choice("another", "另一位同名的业主")
TWO = Choice("two", "是两位业主，共用一个电话")


@dataclass(eq=False)
class Owner:
    """Somebody whom the register knows (`pk`), or a row of this file brings (`reference`)."""

    name: str
    phone: str = ""
    pk: int | None = None
    revision: int = 0
    reference: int = 0
    rooms: set[int] = field(default_factory=set)

    @property
    def key(self) -> int:
        """What a write refers to: the record's key, or the negative of the row that makes it."""
        return self.pk if self.pk is not None else -self.reference

    def is_masked_as(self, name: str, phone: str) -> bool:
        """Whether a masked export shows this owner so."""
        names = name in (self.name, mask("name", self.name))
        return names and phone in ("", self.phone, mask("phone", self.phone))


@dataclass(frozen=True)
class Doubt:
    """A question about an owner."""

    code: str
    message: str
    choices: tuple[Choice, ...]
    candidate: Owner | None


class Owners:
    """The owners of a community, loaded once, and those whom the file brings."""

    def __init__(self, community_id: int) -> None:
        self._community_id = community_id
        self._by_name: dict[str, list[Owner]] = defaultdict(list)
        self._by_phone: dict[str, list[Owner]] = defaultdict(list)
        self._made = 0
        known: dict[int, Owner] = {}
        rows = PropertyOwner.objects.filter(community=community_id).order_by("pk")
        for pk, revision, name, phone in rows.values_list("pk", "revision", "name", "phone"):
            known[pk] = self._know(Owner(name, phone, pk, revision))
        # room -> {owner: (key of the ownership, its revision)}
        self.owned: dict[int, dict[Owner, tuple[int, int]]] = defaultdict(dict)
        owned = Ownership.objects.filter(community=community_id).order_by("pk")
        for pk, revision, room, owner in owned.values_list("pk", "revision", "room", "owner"):
            self.owned[room][known[owner]] = (pk, revision)
            known[owner].rooms.add(room)

    def of_room(self, room: int | None) -> list[Owner]:
        """Who owns a room now."""
        return list(self.owned[room]) if room in self.owned else []

    def find(self, name: str, phone: str, room: int | None) -> Owner | Doubt | None:
        """The owner that is meant; nobody that is known; or a question."""
        here = [owner for owner in self.of_room(room) if owner.name == name]
        if len(here) == 1 and (not phone or not here[0].phone or here[0].phone == phone):
            return here[0]
        if phone:
            for owner in self._by_phone.get(phone, ()):
                if owner.name == name:
                    return owner
            if phone in self._by_phone:
                return Doubt(
                    SHARED_PHONE,
                    "这个电话已登记在另一位业主名下（可能是家人共用）。请核对后选择。",
                    (TWO, LEAVE_OUT),
                    None,
                )
            # The same name with another phone is another person; without one, who knows.
            namesakes = [owner for owner in self._by_name.get(name, ()) if not owner.phone]
        else:
            namesakes = self._by_name.get(name, [])
        if not namesakes:
            return None
        one = namesakes[0] if len(namesakes) == 1 else None
        return Doubt(
            SAME_NAME,
            "房屋登记里（或本表前面）已有同名的业主，两处没有都写电话，不能确认是不是同一个人："
            "是同一个人，几套房算一户；不是，各算一户。请选择，或补上电话。",
            (*((THE_SAME,) if one else ()), ANOTHER, LEAVE_OUT),
            one,
        )

    def bring(self, name: str, phone: str) -> Owner:
        """Takes note of an owner whom a row of the file brings."""
        self._made += 1
        return self._know(Owner(name, phone, reference=self._made))

    def links(self, wanted: Iterable[Owner]) -> dict[Owner, dict[str, int]]:
        """Who of new owners is on the roster (name and phone), or is a body of the community."""
        new = list(wanted)
        names = frozenset(owner.name for owner in new)
        phones = frozenset(owner.phone for owner in new) - {""}
        taken = PropertyOwner.objects.filter(community=self._community_id)
        residents: dict[tuple[str, str], list[int]] = defaultdict(list)
        if phones:
            rows = Resident.objects.present().filter(
                community=self._community_id, name__among=names, phone__among=phones
            )
            people = taken.exclude(resident=None).values("resident")
            for pk, name, phone in rows.exclude(pk__in=people).values_list("pk", "name", "phone"):
                residents[name, phone].append(pk)
        bodies: dict[str, int] = {}
        if names:
            known = Organization.objects.filter(community=self._community_id, name__among=names)
            there = taken.exclude(organization=None).values("organization")
            bodies = dict(known.exclude(pk__in=there).values_list("name", "pk"))
        found: dict[Owner, dict[str, int]] = {}
        for owner in new:
            alike = residents.pop((owner.name, owner.phone), [])
            if len(alike) == 1:
                found[owner] = {"resident_id": alike[0]}
            elif owner.name in bodies:
                found[owner] = {"organization_id": bodies.pop(owner.name)}
        return found

    def _know(self, owner: Owner) -> Owner:
        self._by_name[owner.name].append(owner)
        if owner.phone:
            self._by_phone[owner.phone].append(owner)
        return owner
