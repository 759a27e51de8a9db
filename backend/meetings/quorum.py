"""Who is in the room, and whether those who are can decide: pure functions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.core.errors import RuleViolation
from backend.meetings.choices import IN_PERSON, PresenceKind, SeatTier
from backend.meetings.tallies import Share
from backend.people.choices import OrganizationKind

TRIPARTITE = (
    OrganizationKind.RESIDENTS_COMMITTEE,
    OrganizationKind.PROPERTY_COMPANY,
    OrganizationKind.OWNERS_COMMITTEE,
)

# --- who is in the room --------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of the roll: from this moment on, this is so of the seat."""

    seat: int
    kind: str
    at: datetime
    # In which order lines were written: of two of one moment the later one holds.
    order: int
    # Which seat casts this one's vote.
    proxy: int | None = None
    votes: bool = True


def states_at(entries: Iterable[Entry], moment: datetime) -> dict[int, Entry]:
    """What the roll says of each seat at a moment; a seat of which it says nothing is not there."""
    found: dict[int, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.at, one.order)):
        if entry.at <= moment:
            found[entry.seat] = entry
    return found


def seats_here(states: Mapping[int, Entry]) -> frozenset[int]:
    """The seats that can vote now: there in person, or by a proxy who is there in person.

    A proxy who has left takes the vote along.
    """
    here = {seat for seat, entry in states.items() if entry.kind in IN_PERSON and entry.votes}
    by_proxy = {
        seat
        for seat, entry in states.items()
        if entry.kind == PresenceKind.PROXY and entry.votes and entry.proxy in here
    }
    return frozenset(here | by_proxy)


def proxy_is_sound(seat: int, proxy: int | None, states: Mapping[int, Entry], most: int) -> None:
    """Raises: proxy_missing; proxy_to_itself; proxy_not_here; proxy_too_many.

    Whoever casts another seat's vote is in the room and votes; nobody holds more than `most`.
    """
    if proxy is None:
        raise RuleViolation("proxy_missing", "请选择受托的席位。", field="proxy")
    if proxy == seat:
        raise RuleViolation("proxy_to_itself", "不能委托给自己，请另选受托的席位。", field="proxy")
    holder = states.get(proxy)
    if holder is None or holder.kind not in IN_PERSON or not holder.votes:
        raise RuleViolation(
            "proxy_not_here",
            "受托的席位不在场或只是列席；请先给它点名，再登记委托。",
            field="proxy",
        )
    held = [
        other
        for other, entry in states.items()
        if other != seat and entry.kind == PresenceKind.PROXY and entry.proxy == proxy
    ]
    if len(held) >= most:
        raise RuleViolation(
            "proxy_too_many",
            f"一个席位最多受托 {most} 席，请另选受托的席位。",
            field="proxy",
        )


# --- quorum --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuorumRule:
    """Who must be there. Copied onto the meeting when it is convened."""

    core_required: bool = True
    tripartite_least: int = 2
    # More than this part of all seats.
    over_numerator: int = 1
    over_denominator: int = 2


@dataclass(frozen=True)
class RolledSeat:
    """A seat of the meeting's roll."""

    key: int
    tier: str
    # What kind of body holds it; "" for a person.
    body: str
    name: str


@dataclass(frozen=True)
class Quorum:
    """Whether a meeting can decide, and what it lacks."""

    here: int
    seats: int
    # The least number of seats that is enough.
    least: int
    # What is missing, in words, one thing each.
    missing: tuple[str, ...]

    @property
    def reached(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """For the page, the minutes and whoever asks why not."""
        count = f"到会 {self.here} 席，全体 {self.seats} 席，至少 {self.least} 席"
        if self.reached:
            return f"已达法定人数（{count}）"
        return f"还差：{'；'.join(self.missing)}（{count}）"


def quorum_of(rule: QuorumRule, roll: Sequence[RolledSeat], here: Collection[int]) -> Quorum:
    """Whether the seats that are here can decide."""
    missing: list[str] = []
    there = [seat for seat in roll if seat.key in here]
    if rule.core_required and not any(seat.tier == SeatTier.CORE for seat in there):
        missing.append(_label(OrganizationKind.PARTY_COMMITTEE))
    missing += _missing_of_three(rule, roll, there)
    over = Share(rule.over_numerator, rule.over_denominator, strict=True)
    least = over.least(len(roll))
    if not over.is_reached(len(there), len(roll)):
        missing.append(f"{least - len(there)} 席")
    return Quorum(here=len(there), seats=len(roll), least=least, missing=tuple(missing))


def _missing_of_three(
    rule: QuorumRule, roll: Sequence[RolledSeat], there: Sequence[RolledSeat]
) -> list[str]:
    """Of the three bodies: several seats of one kind (two estates, two companies) are one body."""
    bodies = {seat.body for seat in roll if seat.tier == SeatTier.TRIPARTITE}
    came = {seat.body for seat in there if seat.tier == SeatTier.TRIPARTITE}
    lacking = rule.tripartite_least - len(came)
    if lacking <= 0:
        return []
    absent = [_label(kind) for kind in TRIPARTITE if kind in bodies - came]
    if lacking > len(absent):
        vacant = [_label(kind) for kind in TRIPARTITE if kind not in bodies]
        said = [*absent, f"{'、'.join(vacant)}（还没有席位，请先设立）"]
        return ["、".join(said)]
    if lacking == len(absent):
        return ["、".join(absent)]
    return [f"{'、'.join(absent)}中的{lacking}方"]


def _label(kind: str) -> str:
    return str(OrganizationKind(kind).label)


def require_quorum(quorum: Quorum) -> None:
    """Raises: inquorate, with what is missing."""
    if not quorum.reached:
        raise RuleViolation(
            "inquorate", f"没有达到法定人数。{quorum.words}。等人到齐点名后再试，或宣布人数不足。"
        )


def require_inquorate(quorum: Quorum) -> None:
    """Raises: still_quorate: a meeting that can decide is closed, not called inquorate."""
    if quorum.reached:
        raise RuleViolation("still_quorate", f"{quorum.words}，会议可以继续；会开完了请点“散会”。")


def quorum_rule_is_sound(rule: QuorumRule) -> None:
    """Raises: quorum_invalid."""
    if not 0 <= rule.tripartite_least <= len(TRIPARTITE):
        raise RuleViolation(
            "quorum_invalid", "三方至少到会的数目应在 0 到 3 之间。", field="tripartite_least"
        )
    if not 0 <= rule.over_numerator < rule.over_denominator:
        raise RuleViolation(
            "quorum_invalid",
            "到会席位的比例应小于 1，例如 1/2 表示过半数。",
            field="over_numerator",
        )
