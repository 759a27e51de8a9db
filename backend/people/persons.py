"""Whom a row of a sheet names, and whom the roster has: what is compared when they are matched."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from backend.imports.asking import LEAVE_OUT
from backend.imports.cells import address_key, clean_address
from backend.imports.directions import Choice
from backend.imports.switched import Sealed

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
    # Their identity number, sealed: what nobody else has.
    number: Sealed | None = None
    # Whether the sheet's number takes the place of the roster's.
    new_number: bool = False

    @property
    def identified(self) -> bool:
        """Whether more than the name tells who it is."""
        return bool(self.phone or self.number is not None or self.placed.key is not None)
