"""Finding the head whom a room means: in the basis of a vote, not in the register of today."""

from collections import defaultdict

from django.db.models import Q

from backend.core.errors import RuleViolation
from backend.imports.cells import Address, clean_address
from backend.imports.problems import CellProblem
from backend.owner_votes.models import BasisHead, BasisRoom, OwnerVote
from backend.owner_votes.register_models import place_text

# More than this nobody chooses from.
MOST = 20


class BasisPlaces:
    """The rooms of a vote's basis, loaded once: for a sheet, and for a room typed by hand."""

    def __init__(self, vote: OwnerVote) -> None:
        self._estate = vote.estate.name
        self._heads: dict[tuple[str, str, str], int] = {}
        # The same without the unit: where a building numbers its rooms through, that is enough.
        self._without_unit: dict[tuple[str, str], set[int]] = defaultdict(set)
        rows = BasisRoom.objects.filter(vote=vote).order_by()
        for building, unit, room, head in rows.values_list("building", "unit", "number", "head"):
            key = (_plain(building), _plain(unit), _plain(room))
            self._heads[key] = head
            self._without_unit[key[0], key[2]].add(head)

    def find(self, building: str, unit: str, room: str, estate: str = "") -> int:
        """The key of the head that owns a room. Raises: room_unknown; room_ambiguous."""
        if estate and estate not in self._estate and self._estate not in estate:
            raise unknown()
        key = (_plain(building), _plain(unit), _plain(room))
        found = self._heads.get(key)
        if found is not None:
            return found
        loose = set() if key[1] else self._without_unit.get((key[0], key[2]), set())
        if len(loose) > 1:
            raise RuleViolation(
                "room_ambiguous",
                "这栋楼几个单元都有这个室号，请写上单元，例如 3-2-501。",
                field="room",
            )
        if not loose:
            raise unknown()
        return next(iter(loose))

    def find_address(self, address: Address | None) -> int:
        """The same for an address that was taken apart."""
        if address is None or not address.building or not address.room:
            raise unknown()
        return self.find(address.building, address.unit, address.room, address.estate)


def head_of(vote: OwnerVote, room: str) -> BasisHead:
    """The head that owns a room as somebody typed it. Raises: room_unknown; room_ambiguous."""
    try:
        address = clean_address(room)
    except CellProblem:
        raise unknown() from None
    pk = BasisPlaces(vote).find_address(address)
    return BasisHead.objects.select_related("vote").get(pk=pk)


def rooms_like(vote: OwnerVote, typed: str) -> list[BasisRoom]:
    """Rooms of the basis that what was typed may mean, for somebody to choose from."""
    text = typed.strip()
    try:
        address = clean_address(text)
    except CellProblem:
        return []
    if address is not None and address.building and address.room:
        text = place_text(address.building, address.unit, address.room)
    if not text:
        return []
    rows = BasisRoom.objects.filter(vote=vote).select_related("head").order_by("pk")
    # Whole parts of a room's number first: 2-1 begins 2-1-102, 102 ends it.
    likely = rows.filter(Q(place__istartswith=text) | Q(place__iendswith=f"-{text}"))
    return list(likely[:MOST]) or list(rows.filter(place__icontains=text)[:MOST])


def unknown() -> RuleViolation:
    """The refusal of a room that is not in the basis."""
    return RuleViolation(
        "room_unknown",
        "投票的房屋底册里没有这套房，请核对房号（例如 3-2-501）；投票开始后登记的房屋不在内。",
        field="room",
    )


def _plain(part: str) -> str:
    return part.strip().upper().lstrip("0") or part.strip()
