"""Finding the person whom a row of a sheet names, as the roster knows them.

The rule (domain part 4): the same when phone and name agree; the same phone with another name is a
question; with no phone, name and address; never the name alone. Nothing here guesses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from sys import intern
from typing import Any

from django.db.models import Q

from backend.core.masking import mask_name, mask_phone
from backend.imports.asking import LEAVE_OUT, question
from backend.imports.cells import Address, address_key, clean_address
from backend.imports.directions import Choice
from backend.people.choices import Gender, PhoneKind
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
    # Under which of their further phones a row has found them, and whether it is their own.
    further: str = ""
    owns: bool = True

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
    choices: tuple[Choice, ...] = (LEAVE_OUT,)
    # Whom the choices name, by what stands behind their colon; "" where there is but one.
    candidates: dict[str, "Known | int"] = field(default_factory=dict)
    # The places that the choices name, likewise.
    places: dict[str, Placed] = field(default_factory=dict)


NOWHERE = Placed()
NO_LABELS: Mapping[int, str] = {}

WHICH_ESTATE = question("address_ambiguous", "几个小区都有这个楼号")
WHICH_ONE = question("person_ambiguous", "花名册里有几位都对得上")
MASKED = question("phone_masked", "电话带星号，花名册里对不上人")
OTHER_NAME = question("phone_other_name", "同一个电话，另一个名字")
NEW_PHONE = question("person_new_phone", "同名同住址，电话不同")
MAYBE = question("person_maybe", "同一栋楼有同名的人，住址详略不同")
MOVED_OUT = question("person_moved_out", "花名册里这位居民已迁出")
DECEASED = question("person_deceased", "花名册里这位居民已去世")

SHARES = Choice("shares", "另一个人，和家人共用这个电话")
ANOTHER = Choice("other", "另一个人，新登记")


class Addresses:
    """The community's buildings, by the number that staff write."""

    def __init__(self, community_id: int) -> None:
        self._buildings: dict[str, list[tuple[int, str, int]]] = {}
        # What a building is called where people are to be told apart.
        self.labels: dict[int, str] = {}
        rows = Building.objects.filter(community=community_id).values_list(
            "name", "pk", "estate__name", "estate_id"
        )
        for name, pk, estate, estate_id in rows:
            self._buildings.setdefault(name, []).append((pk, estate, estate_id))
            self.labels[pk] = f"{estate}{name}号楼"
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
            return _which_estate(address, text, sorted(fitting, key=lambda one: one[1]))
        if not fitting:
            return Placed(text=text)
        return Placed(fitting[0][0], address.unit, address.room)


def _which_estate(address: Address, text: str, fitting: list[tuple[int, str, int]]) -> Question:
    estates = "、".join(estate for _, estate, _ in fitting)
    places = {str(of): Placed(pk, address.unit, address.room) for pk, _, of in fitting}
    return Question(
        "address",
        WHICH_ESTATE,
        f"有几个小区都有这个楼号（{estates}），请在住址前写上小区名。",
        (
            *(Choice(f"in:{of}", f"在{estate}") for _, estate, of in fitting),
            Choice("text", "按原文保存，不对应楼栋"),
            LEAVE_OUT,
        ),
        places=places | {"": Placed(text=text)},
    )


@dataclass(slots=True)
class Wanted:
    """Whom a row names."""

    row: int
    name: str
    phone: str
    placed: Placed
    # The day that the row tells of; None for today.
    on: date | None = None
    # A second phone of theirs.
    further: str = ""
    # As staff have said: the phone is somebody else's whose it also is; or a new one of somebody
    # known, to be kept beside the old one ("further") or in its place ("replace").
    shares: bool = False
    new_phone: str = ""


class Roster:
    """The residents that a file's rows may mean, and the new people that its rows have brought."""

    def __init__(
        self, community_id: int, *, labels: Mapping[int, str] = NO_LABELS, overwrites: bool = False
    ) -> None:
        self._community_id = community_id
        self._labels = labels
        # Whether what a sheet says of a phone may take the place of what the roster says.
        self._overwrites = overwrites
        self._by_phone: dict[str, list[Known]] = {}
        self._by_name: dict[str, list[Known]] = {}
        # People whom earlier rows of this file bring: phone -> (name, row); (name, place) -> row.
        self._new_by_phone: dict[str, tuple[str, int]] = {}
        self._new_by_place: dict[tuple[str, Key], int] = {}
        # Those of them who share somebody's phone: (phone, name) -> row.
        self._new_sharing: dict[tuple[str, str], int] = {}

    def load(self, wanted: Iterable[Wanted]) -> None:
        """Looks up, in three queries, everybody whom these rows may mean."""
        rows = [w for w in wanted if w.name]
        # A row that was merged into another means nobody any more.
        mine = Resident.objects.filter(
            community=self._community_id, merged_into__isnull=True
        ).order_by()
        phones = {w.phone for w in rows if w.phone and "*" not in w.phone}
        phones |= {w.further for w in rows if w.further}
        self._by_phone = {}
        for values in mine.filter(phone__among=phones).values_list(*_COLUMNS) if phones else ():
            self._by_phone.setdefault(values[3], []).append(Known(*values))
        named = {(w.phone, w.name) for w in rows}
        named |= {(w.further, w.name) for w in rows if w.further}
        for phone, known in self._under_further_phones(phones, named) if phones else ():
            self._by_phone.setdefault(phone, []).append(known)
        # Rows that name somebody without a phone that the roster knows.
        open_rows = [w for w in rows if w.phone not in self._by_phone]
        bare = {w.name for w in open_rows if not w.phone or "*" in w.phone}
        # Who shares a phone that is known is looked for at their door.
        bare |= {
            w.name
            for w in rows
            if w.placed is not NOWHERE
            and (holders := self._by_phone.get(w.phone))
            and all(known.name != w.name for known in holders)
        }
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
            known.further, known.owns = phone, kind == PhoneKind.OWN
            if known.owns or (phone, known.name) in named:
                yield phone, known

    def find(self, wanted: Wanted) -> Known | int | Question | None:
        """The resident; the row (negative) of this file that brings them; a question; or nobody.

        Who had moved out or died by the day of the row is asked about.
        """
        return self._unless_gone(self._find(wanted), wanted)

    def _find(self, wanted: Wanted) -> Known | int | Question | None:
        if wanted.phone and "*" in wanted.phone:
            return self._by_mask(wanted)
        if wanted.phone:
            return self._by_full_phone(wanted) or self._by_further_phone(wanted)
        return self._by_address(wanted) if wanted.placed.key is not None else None

    def _unless_gone(
        self, found: Known | int | Question | None, wanted: Wanted
    ) -> Known | int | Question | None:
        return _gone(found, wanted) or found if isinstance(found, Known) else found

    def settled(
        self, question: Question, answer: str, wanted: Wanted
    ) -> Known | int | Question | None:
        """As `find`, once staff have chosen; what was chosen is noted in `wanted`.

        May lead to another question, about the one who was chosen.
        """
        verb, _, whom = answer.partition(":")
        match verb:
            case "same" | "is":
                return self._unless_gone(question.candidates[whom], wanted)
            case "further" | "replace":
                wanted.new_phone = verb
                return self._unless_gone(question.candidates[whom], wanted)
            case "shares":
                wanted.shares = True
                here = self._by_address(wanted) if wanted.placed.key is not None else None
                return self._unless_gone(here, wanted)
            case "no_phone":
                wanted.phone = ""
                return self.find(wanted)
            case _:
                return self._brought(wanted)

    def _brought(self, wanted: Wanted) -> int | None:
        """The row of this file that has brought the one who is nobody the roster knows."""
        if wanted.phone and not wanted.shares:
            name, row = self._new_by_phone.get(wanted.phone, ("", 0))
            return -row if row and name == wanted.name else None
        key = wanted.placed.key
        row = self._new_by_place.get((wanted.name, key), 0) if key is not None else 0
        return -row or None

    def bring(self, wanted: Wanted) -> int:
        """Takes note of a person whom this row brings; answers the reference to them."""
        if wanted.shares:
            self._new_sharing[wanted.phone, wanted.name] = wanted.row
            if wanted.placed.key is not None:
                self._new_by_place[wanted.name, wanted.placed.key] = wanted.row
        elif wanted.phone:
            self._new_by_phone[wanted.phone] = (intern(wanted.name), wanted.row)
            if wanted.further:
                self._new_by_phone.setdefault(wanted.further, (wanted.name, wanted.row))
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
        choices, candidates = self._each("is", "是", fitting)
        without = Choice("no_phone", "不看电话，按姓名和住址找")
        return Question(
            "phone",
            WHICH_ONE if fitting else MASKED,
            "电话带星号，花名册里对不上唯一的一个人，请填写完整的号码。",
            (*choices, without, LEAVE_OUT),
            candidates,
        )

    def _by_full_phone(self, wanted: Wanted) -> Known | int | Question | None:
        holders = self._by_phone.get(wanted.phone, ())
        for known in holders:
            if known.name == wanted.name:
                return known
        sharing = self._new_sharing.get((wanted.phone, wanted.name))
        if sharing is not None:
            return -sharing
        owners = [known for known in holders if known.owns]
        if owners:
            same, candidates = self._each("same", "就是花名册里的", owners)
            return Question(
                "phone",
                OTHER_NAME,
                "花名册里这个电话登记的是另一个名字（可能是家人共用）。"
                "请核对：是同一个人就改成一致的姓名，是家人就换成本人的电话或只填住址。",
                (SHARES, *same, LEAVE_OUT),
                candidates,
            )
        new = self._new_by_phone.get(wanted.phone)
        if new is not None:
            if new[0] == wanted.name:
                return -new[1]
            return Question(
                "phone",
                OTHER_NAME,
                f"第 {new[1]} 行已用这个电话登记了另一个名字（可能是家人共用）。"
                "请换成本人的电话，或只填住址。",
                (SHARES, Choice("same", "和前面那一行是同一个人，姓名以前面的为准"), LEAVE_OUT),
                {"": -new[1]},
            )
        return self._same_door(wanted)

    def _by_further_phone(self, wanted: Wanted) -> Known | int | None:
        """Two phones of one person, of which the roster may know the second alone."""
        for known in self._by_phone.get(wanted.further, ()):
            if known.name == wanted.name:
                return known
        name, row = self._new_by_phone.get(wanted.further, ("", 0))
        return -row if row and name == wanted.name else None

    def phone_of_another(self, phone: str, name: str) -> bool:
        """Whether somebody with another name has this phone for their own."""
        return any(k.owns and k.name != name for k in self._by_phone.get(phone, ()))

    def _same_door(self, wanted: Wanted) -> Known | Question | None:
        if wanted.placed is NOWHERE:
            return None
        key = wanted.placed.key
        here = [k for k in self._by_name.get(wanted.name, ()) if k.place == key]
        without = [k for k in here if not k.phone]
        if len(without) == 1 and len(here) == 1:
            return without[0]
        if here and wanted.placed.room:
            beside, candidates = self._each("further", "同一个人，新号码记为其他电话：", here)
            instead: tuple[Choice, ...] = ()
            if self._overwrites:
                instead, _ = self._each(
                    "replace", "同一个人，改用新号码，旧号码记为其他电话：", here
                )
            return Question(
                "phone",
                NEW_PHONE,
                "花名册里同一住址有同名的人，但电话不同。请核对是换了号码还是另一个人，再修改花名册或本行。",
                (*instead, *beside, ANOTHER, LEAVE_OUT),
                candidates,
            )
        return None

    def _by_address(self, wanted: Wanted) -> Known | int | Question | None:
        key = wanted.placed.key
        assert key is not None
        namesakes = self._by_name.get(wanted.name, ())
        here = [known for known in namesakes if known.place == key]
        if len(here) > 1:
            # Who has left does not stand in the way of the one who lives there.
            here = [k for k in here if _gone(k, wanted) is None] or here
        if len(here) == 1:
            return here[0]
        if here:
            choices, candidates = self._each("is", "是", here)
            # At one door two people without a phone would be the same.
            new = (ANOTHER,) if all(k.phone for k in here) else ()
            return Question(
                "name",
                WHICH_ONE,
                "花名册里这个住址有几位同名的人，请补上电话以区分。",
                (*choices, *new, LEAVE_OUT),
                candidates,
            )
        row = self._new_by_place.get((wanted.name, key))
        if row is not None:
            return -row
        maybe = [k for k in namesakes if _may_be_the_same_place(k, wanted.placed)]
        if maybe:
            same, candidates = self._each("same", "就是花名册里的", maybe)
            return Question(
                "address",
                MAYBE,
                "花名册里同一栋楼有同名的人，但住址详略不同。请把住址写到室，或补上电话。",
                (*same, ANOTHER, LEAVE_OUT),
                candidates,
            )
        return None

    def _each(
        self, verb: str, words: str, people: Sequence[Known]
    ) -> tuple[tuple[Choice, ...], dict[str, Known | int]]:
        """A choice for each of some people, told apart by what anybody may see of them.

        For one person alone it may be given for all rows alike.
        """
        alone = len(people) == 1 and verb != "is"
        people = sorted(people, key=lambda known: known.pk)
        choices = tuple(
            Choice(
                verb if alone else f"{verb}:{known.pk}",
                f"{words}那一位" if alone else f"{words}{self._told(known)}",
                alike=alone,
            )
            for known in people
        )
        return choices, {"" if alone else str(known.pk): known for known in people}

    def _told(self, known: Known) -> str:
        """Somebody of the roster in a few words, masked."""
        gone = "已故" if known.died_on else "已迁出" if known.moved_out_on else ""
        said = (
            f"{mask_name(known.name)} {mask_phone(known.phone)}".strip(),
            self._labels.get(known.building_id or 0, ""),
            str(dict(Gender.choices).get(known.gender, "")),
            gone,
            f"编号 {known.pk}",
        )
        return "，".join(word for word in said if word)


def _gone(known: Known, wanted: Wanted) -> Question | None:
    """The question about somebody who no longer lives here; None of one who did on that day."""
    on = wanted.on
    choices = (ANOTHER, LEAVE_OUT) if _may_be_another(known, wanted) else (LEAVE_OUT,)
    if known.died_on is not None and (on is None or on > known.died_on):
        return Question(
            "name",
            DECEASED,
            f"花名册里这位居民已登记去世（{known.died_on:%Y-%m-%d}）。"
            "请核对：是另一个人就补上他自己的电话或住址，登记有误就先到居民页面更正。",
            choices,
        )
    if known.moved_out_on is not None and (on is None or on > known.moved_out_on):
        return Question(
            "name",
            MOVED_OUT,
            f"花名册里这位居民已于 {known.moved_out_on:%Y-%m-%d} 迁出。"
            "请核对：搬回来了就先在居民页面点“迁回”再导入，是另一个人就补上他自己的电话或住址。",
            choices,
        )
    return None


def _may_be_another(known: Known, wanted: Wanted) -> bool:
    """Whether the roster could hold both: two people with one name differ in phone or in door."""
    if wanted.phone and not wanted.shares:
        return known.phone != wanted.phone
    return bool(known.phone) or known.place != wanted.placed.key


def _may_be_the_same_place(known: Known, placed: Placed) -> bool:
    """True if one address is the other, only less complete."""
    if known.building_id is None or known.building_id != placed.building_id:
        return False
    pairs: Sequence[tuple[str, str]] = ((known.unit, placed.unit), (known.room, placed.room))
    return all(a == b or not a or not b for a, b in pairs)
