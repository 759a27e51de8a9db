"""Cells of an export that come back: masks, and the number by which a row says whose it is.

A masked name or phone names nobody by itself; with the row's 系统编号 it need only agree with what is
stored. A mask that agrees is no change; one that does not is an error of its row, never a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.core.exporting.identity import HEADING, key_of
from backend.core.masking import ANONYMOUS, mask_name, mask_phone
from backend.core.personal import HIDDEN
from backend.imports.plan import SheetRow
from backend.imports.problems import CellProblem, Level
from backend.people.door_text import door_text
from backend.people.matching import Known
from backend.people.models import ResidentPhone
from backend.places.models import Building


def is_masked_name(name: str) -> bool:
    """Whether a name is only the mask of one: 张*, or 已匿名."""
    return (len(name) == 2 and name[1] == "*") or name == ANONYMOUS


def is_masked_phone(phone: str) -> bool:
    """Whether a phone is only the mask of one: 138****5678."""
    return "*" in phone


def name_agrees(given: str, stored: str) -> bool:
    """Whether a name, whole or masked, is the stored one."""
    return given == stored or given == mask_name(stored)


def phone_agrees(given: str, stored: str) -> bool:
    """Whether a phone, whole or masked, is the stored one."""
    return given == stored or (bool(stored) and given == mask_phone(stored))


def take_hidden(row: SheetRow) -> frozenset[str]:
    """Takes the cells out of a row that show nothing but ＊＊＊; answers whose they were."""
    if HIDDEN not in row.values.values():
        return frozenset()
    hidden = frozenset(name for name, value in row.values.items() if value == HIDDEN)
    for name in hidden:
        row.values[name] = None
    return hidden


def mask_mismatch(shown: str) -> CellProblem:
    """What is said of a mask that is not that of the stored value."""
    return CellProblem(
        "mask_mismatch",
        f"“{shown}”带星号，和系统里的内容对不上。没有改动就保留导出时的原样；要改请填写完整内容。",
    )


def check_hidden(
    row: SheetRow, hidden: Iterable[str], stored: Mapping[str, Any], headings: Any
) -> None:
    """Says of each hidden cell that hides nothing that it cannot be taken."""
    for name in sorted(hidden):
        if not stored.get(name):
            shown = headings(name)
            problem = mask_mismatch(shown)
            row.say(shown, problem.code, problem.level, problem.message)


def hidden_of(known: Known) -> dict[str, Any]:
    """What of a resident leaves hidden, by column: there, or not."""
    return {
        "birth_month": known.birth_month,
        "address": known.building_id or known.address,
        "remark": known.remark,
    }


def key_in(row: SheetRow, *labels: str) -> tuple[str, int] | None:
    """The model and key that a row's number names; None, with the problem said, if it names none.

    Ask only rows that have a number.
    """
    number = row.values.get("record_number") or ""
    for label in labels:
        pk = key_of(label, number)
        if pk is not None:
            return label, pk
    say_unknown(row)
    return None


def say_unknown(row: SheetRow) -> None:
    """The number is nobody's in this community."""
    row.say(
        HEADING,
        "record_number_unknown",
        Level.ERROR,
        "系统编号在本社区查不到。请保留导出时的编号；新增的人请把这一格留空。",
    )


def say_other_name(row: SheetRow, shown: str) -> None:
    """The number is somebody else's."""
    row.say(
        shown,
        "record_number_other_name",
        Level.ERROR,
        "姓名和系统编号对不上：可能串了行。请恢复原来的编号或姓名；要改姓名请到系统里改。",
    )


def refuse_masked_name(row: SheetRow, shown: str) -> bool:
    """Whether a row without a number names somebody only by a mask; then the problem is said."""
    if not is_masked_name(row.values["name"]):
        return False
    row.say(
        shown,
        "name_masked",
        Level.ERROR,
        "姓名带星号，不能确认是谁。请保留“系统编号”这一列，或填写完整姓名。",
    )
    return True


@dataclass
class Doors:
    """The community's buildings in words, for telling whether an address is the stored one."""

    community_id: int
    _names: dict[int, tuple[str, str]] | None = None

    def is_home_of(self, known: Known, text: str) -> bool:
        """Whether an address, as written, is what an export writes of where they live."""
        if known.building_id is None:
            return bool(known.address) and text == " ".join(known.address.split())
        if self._names is None:
            rows = Building.objects.filter(community=self.community_id)
            self._names = {
                pk: (estate, name)
                for pk, estate, name in rows.values_list("pk", "estate__name", "name")
            }
        estate, building = self._names.get(known.building_id, ("", ""))
        return text == " ".join(door_text(estate, building, known.unit, known.room).split())


def further_phones(keys: Iterable[int]) -> set[tuple[int, str]]:
    """The further phones of these residents, each with whose it is."""
    rows = ResidentPhone.objects.filter(resident__among=frozenset(keys)).order_by()
    return set(rows.values_list("resident_id", "phone"))
