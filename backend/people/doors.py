"""One field for a door, as staff write it: 3-2-501, 3号楼2单元501."""

from typing import Any

from backend.core.errors import RuleViolation
from backend.imports.cells import clean_address
from backend.imports.problems import CellProblem
from backend.people.matching import Addresses, Question


def placed_at(community_id: int, written: str) -> dict[str, Any]:
    """The fields of a resident who lives at this door: building, unit, room, and no bare text.

    Raises: address_ambiguous, which says the estates that fit; address_unknown.
    """
    try:
        address = clean_address(written)
    except CellProblem as problem:
        raise RuleViolation(problem.code, problem.message, field="door") from None
    placed = Addresses(community_id).place(address)
    if isinstance(placed, Question):
        raise RuleViolation(placed.code, placed.message, field="door")
    if placed.building_id is None:
        raise RuleViolation(
            "address_unknown",
            "本社区没有这个楼号，或看不出是几号楼。请写成 3-2-501 或 3号楼2单元501；"
            "对不上楼栋的住址请填在“住址（原文）”。",
            field="door",
        )
    return placed.values() | {"address": ""}
