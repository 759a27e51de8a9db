"""Finding the person whom a row of a sheet names, as the roster knows them.

The rule (domain part 4): the same when phone and name agree; the same phone with another name is a
question; with no phone, name and address; never the name alone. Nothing here guesses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from sys import intern
from typing import Any

from django.db.models import Q

from backend.core.masking import mask_phone
from backend.imports.cells import Address, address_key, clean_address
from backend.people.choices import PhoneKind
from backend.people.models import Resident, ResidentPhone
from backend.places.models import Building

_COLUMNS = (
    "pk",
    "revision",
    "name",
    "phone",
    "building_id",
    "unit",
    "room",
    "address",
    "gender",
    "birth_month",
    "remark",
    "moved_out_on",
    "died_on",
)

Key = tuple[Any, ...]


@dataclass(slots=True)
class Known:
    """A resident as the roster has them."""

    pk: int
    revision: int
    name: str
    phone: str
    building_id: int | None
    unit: str
    room: str
    address: str
    gender: str
    birth_month: str
    remark: str
    moved_out_on: date | None
    died_on: date | None
    # Under which of their further phones a row has found them.
    further: str = ""

    @property
    def place(self) -> Key | None:
        """Where they live, comparable with a sheet's address."""
        if self.building_id is not None:
            return ("b", self.building_id, self.unit, self.room)
        return ("t", address_key(clean_address(self.address))) if self.address else None


@dataclass(frozen=True)
class Placed:
    """A sheet's address, looked up among the community's buildings: one object for many rows."""

    building_id: int | None = None
    unit: str = ""
    room: str = ""
    text: str = ""

    @cached_property
    def key(self) -> Key | None:
        """Comparable with where somebody lives."""
        if self.building_id is not None:
            return ("b", self.building_id, self.unit, self.room)
        return ("t", address_key(clean_address(self.text))) if self.text else None

    def values(self) -> dict[str, Any]:
        """The fields of a resident who lives there."""
        if self.building_id is None:
            return {"address": self.text} if self.text else {}
        return {"building_id": self.building_id, "unit": self.unit, "room": self.room}


@dataclass(slots=True, frozen=True)
class Question:
    """Why nobody may decide this alone; `about` is the attribute of the column at issue."""

    about: str
    code: str
    message: str


NOWHERE = Placed()


class Addresses:
    """The community's buildings, by the number that staff write."""

    def __init__(self, community_id: int) -> None:
        self._buildings: dict[str, list[tuple[int, str]]] = {}
        rows = Building.objects.filter(community=community_id).values_list(
            "name", "pk", "estate__name"
        )
        for name, pk, estate in rows:
            self._buildings.setdefault(name, []).append((pk, estate))
        self._memory: dict[Address, Placed | Question] = {}

    def place(self, address: Address | None) -> Placed | Question:
        """Where an address is; a question if several buildings fit; text if none does."""
        if address is None:
            return NOWHERE
        known = self._memory.get(address)
        if known is None:
            known = self._memory[address] = self._place(address)
        return known

    def _place(self, address: Address) -> Placed | Question:
        text = address.text[:100]
        if not address.building:
            return Placed(text=text)
        fitting = self._buildings.get(address.building, [])
        if address.estate:
            fitting = [f for f in fitting if address.estate in f[1] or f[1] in address.estate]
        if len(fitting) > 1:
            estates = "、".join(sorted(estate for _, estate in fitting))
            return Question(
                "address",
                "address_ambiguous",
                f"有几个小区都有这个楼号（{estates}），请在住址前写上小区名。",
            )
        if not fitting:
            return Placed(text=text)
        return Placed(fitting[0][0], address.unit, address.room)


@dataclass(slots=True)
class Wanted:
    """Whom a row names."""

    row: int
    name: str
    phone: str
    placed: Placed
    # The day that the row tells of; None for today.
    on: date | None = None


class Roster:
    """The residents that a file's rows may mean, and the new people that its rows have brought."""

    def __init__(self, community_id: int) -> None:
        self._community_id = community_id
        self._by_phone: dict[str, list[Known]] = {}
        self._by_name: dict[str, list[Known]] = {}
        # People whom earlier rows of this file bring: phone -> (name, row); (name, place) -> row.
        self._new_by_phone: dict[str, tuple[str, int]] = {}
        self._new_by_place: dict[tuple[str, Key], int] = {}

    def load(self, wanted: Iterable[Wanted]) -> None:
        """Looks up, in three queries, everybody whom these rows may mean."""
        rows = [w for w in wanted if w.name]
        # A row that was merged into another means nobody any more.
        mine = Resident.objects.filter(
            community=self._community_id, merged_into__isnull=True
        ).order_by()
        phones = {w.phone for w in rows if w.phone and "*" not in w.phone}
        self._by_phone = {}
        for values in mine.filter(phone__among=phones).values_list(*_COLUMNS) if phones else ():
            self._by_phone.setdefault(values[3], []).append(Known(*values))
        named = {(w.phone, w.name) for w in rows}
        for phone, known in self._under_further_phones(phones, named) if phones else ():
            self._by_phone.setdefault(phone, []).append(known)
        # Rows that name somebody without a phone that the roster knows.
        open_rows = [w for w in rows if w.phone not in self._by_phone]
        bare = {w.name for w in open_rows if not w.phone or "*" in w.phone}
        # Somebody on the roster without a phone, or at this very door under another one.
        housed = [w for w in open_rows if w.phone and w.placed is not NOWHERE]
        asked = Q(name__among=bare)
        if housed:
            rooms = {w.placed.room for w in housed} - {""}
            names = {w.name for w in housed}
            asked |= Q(name__among=names) & (Q(phone="") | Q(room__among=rooms))
        self._by_name = {}
        for values in mine.filter(asked).values_list(*_COLUMNS) if bare or housed else ():
            self._by_name.setdefault(values[2], []).append(Known(*values))

    def _under_further_phones(
        self, phones: set[str], named: set[tuple[str, str]]
    ) -> Iterable[tuple[str, Known]]:
        """Whom these phones also reach. A daughter's phone on her mother's row is no question
        when the daughter herself comes: only one's own further phone stands for one's name.
        """
        rows = ResidentPhone.objects.filter(
            community=self._community_id,
            phone__among=phones,
            resident__merged_into__isnull=True,
        ).order_by()
        columns = [f"resident__{column}" for column in _COLUMNS]
        for phone, kind, *values in rows.values_list("phone", "kind", *columns):
            known = Known(*values)
            known.further = phone
            if kind == PhoneKind.OWN or (phone, known.name) in named:
                yield phone, known

    def find(self, wanted: Wanted) -> Known | int | Question | None:
        """The resident; the row (negative) of this file that brings them; a question; or nobody.

        Who had moved out or died by the day of the row is asked about.
        """
        found = self._find(wanted)
        return _gone(found, wanted.on) or found if isinstance(found, Known) else found

    def _find(self, wanted: Wanted) -> Known | int | Question | None:
        if wanted.phone and "*" in wanted.phone:
            return self._by_mask(wanted)
        if wanted.phone:
            return self._by_full_phone(wanted)
        return self._by_address(wanted) if wanted.placed.key is not None else None

    def bring(self, wanted: Wanted) -> int:
        """Takes note of a person whom this row brings; answers the reference to them."""
        if wanted.phone:
            # Namesakes share one string.
            self._new_by_phone[wanted.phone] = (intern(wanted.name), wanted.row)
        elif wanted.placed.key is not None:
            self._new_by_place[wanted.name, wanted.placed.key] = wanted.row
        return -wanted.row

    def _by_mask(self, wanted: Wanted) -> Known | Question:
        fitting = [
            known
            for known in self._by_name.get(wanted.name, ())
            if known.phone and mask_phone(known.phone) == wanted.phone
        ]
        if len(fitting) == 1:
            return fitting[0]
        return Question(
            "phone",
            "person_ambiguous" if fitting else "phone_masked",
            "电话带星号，花名册里对不上唯一的一个人，请填写完整的号码。",
        )

    def _by_full_phone(self, wanted: Wanted) -> Known | int | Question | None:
        holders = self._by_phone.get(wanted.phone, ())
        for known in holders:
            if known.name == wanted.name:
                return known
        if holders:
            return Question(
                "phone",
                "phone_other_name",
                "花名册里这个电话登记的是另一个名字（可能是家人共用）。"
                "请核对：是同一个人就改成一致的姓名，是家人就换成本人的电话或只填住址。",
            )
        new = self._new_by_phone.get(wanted.phone)
        if new is not None:
            if new[0] == wanted.name:
                return -new[1]
            return Question(
                "phone",
                "phone_other_name",
                f"第 {new[1]} 行已用这个电话登记了另一个名字（可能是家人共用）。"
                "请换成本人的电话，或只填住址。",
            )
        return self._same_door(wanted)

    def _same_door(self, wanted: Wanted) -> Known | Question | None:
        if wanted.placed is NOWHERE:
            return None
        key = wanted.placed.key
        here = [k for k in self._by_name.get(wanted.name, ()) if k.place == key]
        without = [k for k in here if not k.phone]
        if len(without) == 1 and len(here) == 1:
            return without[0]
        if here and wanted.placed.room:
            return Question(
                "phone",
                "person_new_phone",
                "花名册里同一住址有同名的人，但电话不同。请核对是换了号码还是另一个人，再修改花名册或本行。",
            )
        return None

    def _by_address(self, wanted: Wanted) -> Known | int | Question | None:
        key = wanted.placed.key
        assert key is not None
        namesakes = self._by_name.get(wanted.name, ())
        here = [known for known in namesakes if known.place == key]
        if len(here) == 1:
            return here[0]
        if here:
            return Question(
                "name",
                "person_ambiguous",
                "花名册里这个住址有几位同名的人，请补上电话以区分。",
            )
        row = self._new_by_place.get((wanted.name, key))
        if row is not None:
            return -row
        if any(_may_be_the_same_place(known, wanted.placed) for known in namesakes):
            return Question(
                "address",
                "person_maybe",
                "花名册里同一栋楼有同名的人，但住址详略不同。请把住址写到室，或补上电话。",
            )
        return None


def _gone(known: Known, on: date | None) -> Question | None:
    """The question about somebody who no longer lives here; None of one who did on that day."""
    if known.died_on is not None and (on is None or on > known.died_on):
        return Question(
            "name",
            "person_deceased",
            f"花名册里这位居民已登记去世（{known.died_on:%Y-%m-%d}）。"
            "请核对：是另一个人就补上他自己的电话或住址，登记有误就先到居民页面更正。",
        )
    if known.moved_out_on is not None and (on is None or on > known.moved_out_on):
        return Question(
            "name",
            "person_moved_out",
            f"花名册里这位居民已于 {known.moved_out_on:%Y-%m-%d} 迁出。"
            "请核对：搬回来了就先在居民页面点“迁回”再导入，是另一个人就补上他自己的电话或住址。",
        )
    return None


def _may_be_the_same_place(known: Known, placed: Placed) -> bool:
    """True if one address is the other, only less complete."""
    if known.building_id is None or known.building_id != placed.building_id:
        return False
    pairs: Sequence[tuple[str, str]] = ((known.unit, placed.unit), (known.room, placed.room))
    return all(a == b or not a or not b for a, b in pairs)
