"""Counting votes: whole numbers alone, so that an edge is an edge.

The rule and the denominator are frozen on the vote when it is called; so is what is present.
"""

from dataclasses import dataclass

from backend.core.errors import RuleViolation
from backend.meetings.choices import Denominator, MajorityRule


@dataclass(frozen=True)
class Share:
    """A part of a whole: more than it (`strict`), or at least it."""

    numerator: int
    denominator: int
    strict: bool = False

    def is_reached(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is enough; of nothing nothing is."""
        if whole <= 0:
            return False
        left, right = part * self.denominator, whole * self.numerator
        return left > right if self.strict else left >= right

    def least(self, whole: int) -> int:
        """The least whole part that is enough; of nothing, one."""
        if whole <= 0:
            return 1
        exact, rest = divmod(whole * self.numerator, self.denominator)
        return exact + 1 if self.strict or rest else exact


SHARES = {
    MajorityRule.SIMPLE: Share(1, 2, strict=True),
    MajorityRule.ABSOLUTE: Share(2, 3),
    MajorityRule.THREE_QUARTERS: Share(3, 4),
    MajorityRule.UNANIMOUS: Share(1, 1),
}


@dataclass(frozen=True)
class Tally:
    """The votes of one motion, and what they are measured against. One vote a seat."""

    votes_for: int
    votes_against: int
    votes_abstain: int
    # Seats that were in the room and may vote, proxies among them, when the vote was called.
    seats_present: int
    seats_all: int

    @property
    def given(self) -> int:
        """How many have voted, abstentions among them."""
        return self.votes_for + self.votes_against + self.votes_abstain


def whole_of(tally: Tally, denominator: str) -> int:
    """What the votes in favour are measured against.

    Of those present an abstention counts as not in favour; of the votes cast it does not count.
    """
    if denominator == Denominator.ALL:
        return tally.seats_all
    if denominator == Denominator.PRESENT:
        return tally.seats_present
    return tally.votes_for + tally.votes_against


def is_carried(tally: Tally, rule: str, denominator: str) -> bool:
    """Whether the motion is carried; a tie is not, and neither is a motion nobody voted on."""
    share = SHARES[MajorityRule(rule)]
    return tally.votes_for > 0 and share.is_reached(tally.votes_for, whole_of(tally, denominator))


def tally_is_possible(tally: Tally) -> None:
    """Raises: tally_impossible for counts that nobody can have counted."""
    counts = (tally.votes_for, tally.votes_against, tally.votes_abstain)
    if min(counts) < 0:
        raise RuleViolation("tally_impossible", "票数不能是负数，请核对。", field="votes_for")
    if not 0 <= tally.seats_present <= tally.seats_all:
        raise RuleViolation(
            "tally_impossible",
            f"到会 {tally.seats_present} 席，全体 {tally.seats_all} 席：到会的不能比全体多，请核对。",
        )
    if tally.given > tally.seats_present:
        raise RuleViolation(
            "tally_impossible",
            f"赞成、反对、弃权共 {tally.given} 票，到会只有 {tally.seats_present} 席，请核对票数。",
            field="votes_for",
        )


def somebody_voted(given: int) -> None:
    """Raises: nobody_voted: a count without one vote is a slip of the finger."""
    if not given:
        raise RuleViolation(
            "nobody_voted",
            "还没有登记一票，不能计票。请登记赞成、反对或弃权，或把这项表决作废。",
            field="votes_for",
        )


def in_words(tally: Tally, rule: str, denominator: str) -> str:
    """The result as the minutes say it."""
    whole = whole_of(tally, denominator)
    least = SHARES[MajorityRule(rule)].least(whole)
    outcome = "通过" if is_carried(tally, rule, denominator) else "未通过"
    return (
        f"赞成 {tally.votes_for} 票、反对 {tally.votes_against} 票、弃权 {tally.votes_abstain} 票；"
        f"按{Denominator(denominator).label}（{whole}）{MajorityRule(rule).label}计，"
        f"需 {least} 票，{outcome}"
    )
