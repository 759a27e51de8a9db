"""房屋登记表: what a row comes to. All rows of one room are one statement of who owns it."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from backend.core import gate
from backend.imports.asking import LEAVE_OUT, question
from backend.imports.cells import Address, clean_address
from backend.imports.cells.raw import half_width
from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.plan import REFERENCE, REPLAY, SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner
from backend.owner_votes.models import OwnedRoom
from backend.owner_votes.owner_matching import ANOTHER, THE_SAME, TWO, Doubt, Owner, Owners
from backend.people.matching import Addresses, Placed
from backend.places.models import Building

OWNER, ROOM, OWNERSHIP = 0, 1, 2
DIFFERENT = question("owners_differ", "房屋登记里是另外的业主")
REPLACE = Choice("replace", "换成表里的业主（过户）")
ADD = Choice("add", "表里的是共有人，加上去，原来的保留")
Key = tuple[int, str, str]


@dataclass
class _Told:
    """What the file says of one room."""

    rows: list[SheetRow] = field(default_factory=list)
    size: int = 0
    stored: Any = None
    # The room as it would be, where it is new or of another size.
    record: OwnedRoom | None = None
    owners: dict[Owner, SheetRow] = field(default_factory=dict)


class RoomPlanner(RowPlanner):
    """Plans rooms with their owners."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.addresses = Addresses(self.community.pk)
        self.owners = Owners(self.community.pk)
        buildings = Building.objects.filter(community=self.community)
        self.building_of: dict[int, Building] = {b.pk: b for b in buildings}
        rooms = OwnedRoom.objects.filter(community=self.community)
        self.rooms: dict[Key, OwnedRoom] = {
            (room.building_id, _plain(room.unit), _plain(room.room)): room for room in rooms
        }
        # Rooms of earlier chunks: key -> the row that told of them.
        self.met: dict[Key, int] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        told: dict[Key, _Told] = {}
        for row in rows:
            # A rejected row too: half of a room's owners would be another head.
            if row.outcome != Outcome.SKIP and (key := self._key(row)) is not None:
                told.setdefault(key, _Told(stored=self.rooms.get(key))).rows.append(row)
        for key, room in told.items():
            self._size(room)
            self._who(room)
            if key in self.met:
                for row in room.rows:
                    row.say(None, "room_split", Level.ERROR, _SPLIT.format(self.met[key]))
        self._ask_the_gate(told)
        for key, room in told.items():
            if any(row.rejected for row in room.rows):
                self._all_or_none(room)
                continue
            standing = [row for row in room.rows if not row.over]
            if standing:
                self.met[key] = standing[0].number
                self._write(key, room, standing)
        self._link([row for room in told.values() for row in room.rows])

    # --- where, how large ------------------------------------------------------------------------

    def _key(self, row: SheetRow) -> Key | None:
        building, unit, room, estate = parts_of(row.values)
        found = self.addresses.place(Address(building, estate, building))
        if not isinstance(found, Placed):
            wrong = ("building", "building_ambiguous", "几个小区都有这个楼号，请加一列“小区”。")
        elif found.building_id is None:
            wrong = (
                "building",
                "building_unknown",
                "本社区没有这栋楼，请先在“楼栋”里登记，或核对楼号。",
            )
        elif not room:
            wrong = ("room", "room_missing", "请填写室号。")
        else:
            return found.building_id, _plain(unit), _plain(room)
        if not row.over:
            attribute, code, message = wrong
            row.say(self.header.heading_of(attribute), code, Level.ERROR, message)
        return None

    def _size(self, told: _Told) -> None:
        rows = [row for row in told.rows if not row.over]
        if not rows:
            return
        first = rows[0]
        told.size = first.values["size"]
        for row in rows[1:]:
            if row.values["size"] != told.size:
                row.say(self.header.heading_of("size"), "room_sizes_differ", Level.ERROR,
                        f"与第 {first.number} 行是同一套房，面积却不同，请核对。")  # fmt: skip

    # --- whose -----------------------------------------------------------------------------------

    def _who(self, told: _Told) -> None:
        room = told.stored.pk if told.stored is not None else None
        for row in told.rows:
            if row.over:
                continue
            names = row.values["owners"]
            phones = row.values.get("phones") or ()
            if len(phones) > len(names) or (len(names) > len(phones) > 1):
                row.say(self.header.heading_of("phones"), "owner_phones_unclear", Level.ERROR,
                        "几位业主写几个电话，次序一致；分不清的请每位业主一行。")  # fmt: skip
                continue
            for name, phone in zip(names, (*phones, *[""] * len(names)), strict=False):
                owner = self._owner(row, name, phone, room)
                if owner is None:
                    break
                if phone and not owner.phone and owner.pk is not None:
                    # The blank is filled.
                    owner.phone = phone
                    row.writes.append(Write(OWNER, {"phone": phone}, owner.pk, owner.revision))
                if owner in told.owners:
                    row.say(
                        None, "owner_repeated", Level.NOTE, "这位业主已写在这套房上，不再重复。"
                    )
                told.owners.setdefault(owner, row)

    def _owner(self, row: SheetRow, name: str, phone: str, room: int | None) -> Owner | None:
        if "*" in name or "*" in phone:
            fitting = [o for o in self.owners.of_room(room) if o.is_masked_as(name, phone)]
            if len(fitting) == 1:
                return fitting[0]
            row.say(self.header.heading_of("owners"), "masked_owner_unknown", Level.ERROR,
                    "带星号的业主与这套房登记的对不上，请填写完整的姓名和电话。")  # fmt: skip
            return None
        found = self.owners.find(name, phone, room)
        if not isinstance(found, Doubt):
            return found or self.owners.bring(name, phone)
        column = "phones" if phone else "owners"
        answer = self.decide(
            row, self.header.heading_of(column), found.code, found.message, found.choices
        )
        if answer == THE_SAME.value:
            return found.candidate
        if answer in (ANOTHER.value, TWO.value):
            return self.owners.bring(name, phone)
        return None

    def _all_or_none(self, told: _Told) -> None:
        """A head is all owners of a room: half of them would be another one."""
        wrong = next(row.number for row in told.rows if row.rejected)
        for row in told.rows:
            if not row.over:
                row.say(None, "room_incomplete", Level.ERROR,
                        f"与第 {wrong} 行是同一套房，那一行有问题，请一起改好。")  # fmt: skip

    # --- what is written -------------------------------------------------------------------------

    def _write(self, key: Key, told: _Told, rows: list[SheetRow]) -> None:
        first = rows[0]
        standing = {owner: row for owner, row in told.owners.items() if row in rows}
        before = self.owners.owned.get(told.stored.pk, {}) if told.stored is not None else {}
        gone = [pk for owner, (pk, _) in before.items() if owner not in standing]
        if before and set(before) != set(standing):
            answer = self.decide(
                first,
                self.header.heading_of("owners"),
                DIFFERENT,
                "这套房登记的业主和表里的不同。请选择：过户换人，还是加共有人。",
                (REPLACE, ADD, LEAVE_OUT),
            )
            if answer is None or first.over:
                self._follow(rows)
                return
            if answer == ADD.value:
                gone = []
        self._write_room(key, told, first)
        room = told.stored.pk if told.stored is not None else -first.number
        for owner, row in standing.items():
            if row.writes:
                _changes(row)
            if owner in before:
                continue
            if owner.pk is None and not owner.rooms:
                # Made by the first row that names them.
                values = {"name": owner.name, "phone": owner.phone, REFERENCE: owner.reference}
                row.writes.append(Write(OWNER, values))
            owner.rooms.add(room)
            row.writes.append(Write(OWNERSHIP, {"room_id": room, "owner_id": owner.key}))
            _changes(row)
        if gone:
            first.writes.append(Write(REPLAY, {"ended": gone}))
            _changes(first)

    def _ask_the_gate(self, told: dict[Key, _Told]) -> None:
        """The gate's verdict on rooms, new or of another size, so that the preview can show it."""
        asked: list[_Told] = []
        for key, room in told.items():
            if any(row.rejected for row in room.rows) or not room.size:
                continue
            if room.stored is None or room.stored.size != room.size:
                room.record = self._record(key, room)
                asked.append(room)
        if not asked:
            return
        for at, violation in gate.check_many(
            [room.record for room in asked if room.record is not None]
        ).items():
            first = next(row for row in asked[at].rows if not row.over)
            first.say(None, violation.code, Level.ERROR, violation.message)

    def _record(self, key: Key, told: _Told) -> OwnedRoom:
        if told.stored is None:
            return OwnedRoom(
                community=self.community,
                building_id=key[0],
                unit=key[1],
                room=key[2],
                size=told.size,
            )
        record: OwnedRoom = copy(told.stored)
        record.size = told.size
        return record

    def _write_room(self, key: Key, told: _Told, first: SheetRow) -> None:
        if told.record is None:
            return
        if told.stored is not None:
            stored = told.stored
            first.writes.append(Write(ROOM, {"size": told.size}, stored.pk, stored.revision))
            first.outcome = Outcome.UPDATE
            return
        values = {"building_id": key[0], "unit": key[1], "room": key[2], "size": told.size}
        first.writes.append(Write(ROOM, values))
        first.outcome = Outcome.CREATE

    def _follow(self, rows: list[SheetRow]) -> None:
        first = rows[0]
        for row in rows[1:]:
            if first.rejected:
                row.say(None, "room_incomplete", Level.ERROR,
                        f"与第 {first.number} 行是同一套房，那一行有问题，请一起改好。")  # fmt: skip
            else:
                row.leave_out()

    def _link(self, rows: Sequence[SheetRow]) -> None:
        """New owners who are on the roster, or are bodies of the community, are those."""
        writes = {
            w.values[REFERENCE]: w
            for row in rows
            for w in row.writes
            if w.model == OWNER and REFERENCE in w.values
        }
        new = {n: Owner(w.values["name"], w.values["phone"]) for n, w in writes.items()}
        links = self.owners.links(new.values())
        for number, owner in new.items():
            writes[number].values |= links.get(owner, {})


_SPLIT = "这套房在第 {0} 行已经写过，隔得太远；请把同一套房的几行放在一起。"


def _changes(row: SheetRow) -> None:
    if row.outcome == Outcome.UNCHANGED:
        row.outcome = Outcome.UPDATE


def parts_of(values: dict[str, Any]) -> tuple[str, str, str, str]:
    """Building, unit, room, estate: from columns of their own, or all from the room's: 3-2-501."""
    place, text = values.get("building"), str(values.get("room") or "")
    estate = str(values.get("estate") or "")
    if place is None:
        whole = clean_address(text) or Address(text)
        return whole.building, whole.unit, whole.room, estate or whole.estate
    # 3号楼2单元 may stand in one cell.
    unit = place.unit or _unit(str(values.get("unit") or ""))
    pieces = half_width(text).strip().upper().split("-")
    room = pieces[-1]
    for suffix in ("室", "号房", "号", "房"):
        room = room.removesuffix(suffix)
    if not unit and len(pieces) > 1:
        unit = pieces[-2]
    return place.building or place.text, unit, room, estate or place.estate


def _unit(written: str) -> str:
    """2, 2单元 and 二单元 are the same."""
    text = half_width(written).strip().removesuffix("单元").upper()
    address = clean_address(f"1号楼{text}单元") if text else None
    return (address.unit if address is not None else "") or text


def _plain(part: str) -> str:
    """01 is 1: as buildings and rooms are called in addresses."""
    return part.lstrip("0") or part
