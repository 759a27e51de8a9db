"""Owners decide together: Civil Code art. 278, counted in whole hundredths of a square metre.

Heads: the Supreme People's Court's interpretation on divided ownership (法释〔2009〕7号, as amended
2020, art. 9) counts one head for each exclusive part, and one for several parts of one and the same
buyer. Co-owners of one room are one buyer together (指导规则 建房〔2009〕274号 art. 25: they choose one
of them to vote). So a head is a distinct set of owners; docs/decisions/0025-heads-of-owners.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backend.core.errors import RuleViolation
from backend.meetings.choices import THREE_QUARTER_MATTERS, Choice
from backend.meetings.tallies import Share

TAKE_PART = Share(2, 3)
AGREE = Share(1, 2, strict=True)
AGREE_THREE_QUARTERS = Share(3, 4)

# The owners of a room, together: who casts its vote.
Buyer = frozenset[int]


@dataclass(frozen=True)
class OwnedRoom:
    """A room of the register. `area` is in hundredths of a square metre."""

    key: int
    area: int
    buyer: Buyer


@dataclass(frozen=True)
class OwnerCount:
    """What was counted: areas in hundredths of a square metre, heads, and by choice."""

    matter: str
    area_all: int
    heads_all: int
    areas: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, int] = field(default_factory=dict)

    @property
    def area_taking(self) -> int:
        return sum(self.areas.values())

    @property
    def heads_taking(self) -> int:
        return sum(self.heads.values())

    @property
    def enough_take_part(self) -> bool:
        """At least two thirds of the area and of the heads."""
        return TAKE_PART.is_reached(self.area_taking, self.area_all) and TAKE_PART.is_reached(
            self.heads_taking, self.heads_all
        )

    @property
    def share(self) -> Share:
        """What must agree, of the area and of the heads that take part."""
        return AGREE_THREE_QUARTERS if self.matter in THREE_QUARTER_MATTERS else AGREE

    @property
    def carried(self) -> bool:
        """Enough take part, and enough of them agree: by area and by heads."""
        return (
            self.enough_take_part
            and self.share.is_reached(self.areas.get(Choice.FOR, 0), self.area_taking)
            and self.share.is_reached(self.heads.get(Choice.FOR, 0), self.heads_taking)
        )


def count_owners(
    matter: str, register: Iterable[OwnedRoom], ballots: Mapping[Buyer, str]
) -> OwnerCount:
    """The count of an owners' vote. A buyer's vote carries all the rooms they have.

    Raises: ballot_unknown for a vote of somebody who owns nothing here.
    """
    areas: Counter[Buyer] = Counter()
    for room in register:
        areas[room.buyer] += room.area
    if any(buyer not in areas for buyer in ballots):
        raise RuleViolation("ballot_unknown", "有选票不属于登记的业主，请核对房屋登记。")
    area_by: Counter[str] = Counter()
    heads_by: Counter[str] = Counter()
    for buyer, choice in ballots.items():
        area_by[choice] += areas[buyer]
        heads_by[choice] += 1
    return OwnerCount(
        matter=matter,
        area_all=sum(areas.values()),
        heads_all=len(areas),
        areas=dict(area_by),
        heads=dict(heads_by),
    )


def area_is_credible(area: int | None) -> None:
    """Raises: area_invalid. Hundredths of a square metre."""
    if area is not None and area < 1:
        raise RuleViolation(
            "area_invalid", "面积应大于 0，单位是平方米，最多两位小数。", field="area"
        )
