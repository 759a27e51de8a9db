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
from backend.meetings.choices import THREE_QUARTER_MATTERS
from backend.meetings.tallies import Share
from backend.owner_votes.choices import Opinion

TAKE_PART = Share(2, 3)
AGREE = Share(1, 2, strict=True)
AGREE_THREE_QUARTERS = Share(3, 4)

# The owners of a room, together: who casts its vote.
Buyer = frozenset[int]


@dataclass(frozen=True)
class CountedRoom:
    """A room of the register. `area` is in hundredths of a square metre."""

    key: int
    area: int
    buyer: Buyer


@dataclass(frozen=True)
class Thresholds:
    """What is needed. A vote keeps its own from the day on which it opens."""

    take_part: Share
    agree: Share


def thresholds_of(matter: str) -> Thresholds:
    """What the Civil Code asks for a matter."""
    special = matter in THREE_QUARTER_MATTERS
    return Thresholds(TAKE_PART, AGREE_THREE_QUARTERS if special else AGREE)


@dataclass(frozen=True)
class Measured:
    """One threshold in one measure: hundredths of a square metre, or heads."""

    part: int
    whole: int
    share: Share

    @property
    def reached(self) -> bool:
        return self.share.is_reached(self.part, self.whole)

    @property
    def least(self) -> int:
        """The least that is enough."""
        return self.share.least(self.whole)

    @property
    def short_of(self) -> int:
        """How much is missing; 0 if it is enough."""
        return 0 if self.reached else self.least - self.part


@dataclass(frozen=True)
class OwnerCount:
    """What was counted: areas in hundredths of a square metre, heads, and by opinion."""

    needed: Thresholds
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
    def area_taking_part(self) -> Measured:
        return Measured(self.area_taking, self.area_all, self.needed.take_part)

    @property
    def heads_taking_part(self) -> Measured:
        return Measured(self.heads_taking, self.heads_all, self.needed.take_part)

    @property
    def area_agreeing(self) -> Measured:
        return Measured(self.areas.get(Opinion.FOR, 0), self.area_taking, self.needed.agree)

    @property
    def heads_agreeing(self) -> Measured:
        return Measured(self.heads.get(Opinion.FOR, 0), self.heads_taking, self.needed.agree)

    @property
    def enough_take_part(self) -> bool:
        """At least two thirds of the area and of the heads."""
        return self.area_taking_part.reached and self.heads_taking_part.reached

    @property
    def enough_agree(self) -> bool:
        """Of the area and of the heads that take part."""
        return self.area_agreeing.reached and self.heads_agreeing.reached

    @property
    def carried(self) -> bool:
        """Enough take part, and enough of them agree: by area and by heads."""
        return self.enough_take_part and self.enough_agree


def count_owners(
    needed: Thresholds, register: Iterable[CountedRoom], ballots: Mapping[Buyer, str]
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
        needed=needed,
        area_all=sum(areas.values()),
        heads_all=len(areas),
        areas={opinion: area_by[opinion] for opinion in Opinion.values},
        heads={opinion: heads_by[opinion] for opinion in Opinion.values},
    )
