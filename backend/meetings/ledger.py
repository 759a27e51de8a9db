"""联席会议台账: what a row tells, as a history of steps. Pure functions; the verbs carry it out.

What nobody wrote down is inferred and said; what contradicts itself is an error.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

INFERRED = "补录：台账没有写，按常规推定"
ENTERED = "补录"
# Where a ledger gives only the day.
USUAL_TIME = time(9, 0)
USUAL_LENGTH = timedelta(hours=1)

_DONE = re.compile(r"已?(?:全部)?(?:完成|落实|办结|整改|解决|到位)|完毕|已办")
_NOT = re.compile(r"未|没有|尚|待|暂缓|推进中|进行中|落实中|办理中|整改中|正在|部分|持续|逐步")
_BEGUN = re.compile(r"推进中|进行中|落实中|办理中|整改中|正在|部分|持续|逐步")
_DAY = re.compile(
    r"(?:(?P<year>2\d{3})[年./\-])?(?P<month>1[0-2]|0?[1-9])[月./\-](?P<day>3[01]|[12]\d|0?[1-9])日?"
)
_SEVERAL = re.compile(r"[、，,；;/\n]+|\s{2,}")
_ENDS = re.compile(r"^[\s。.等]+|[\s。.等]+$")
_MARKS = re.compile(r"^[\s（(]*\d{1,2}[.、）)]\s*")


@dataclass(frozen=True)
class Told:
    """What a row says of how far a task is."""

    status: str  # "open", "begun", "done"
    text: str = ""
    day: date | None = None
    # Whether the year of the day was the meeting's.
    year_inferred: bool = False


def told_of(text: str, met_on: date) -> Told:
    """落实情况 in words: done, begun, or still open; and the day, where one is named."""
    said = text.strip()
    if not said:
        return Told("open")
    day, inferred = _day_in(said, met_on)
    if _NOT.search(said):
        return Told("begun" if _BEGUN.search(said) else "open", said, day, inferred)
    return Told("done" if _DONE.search(said) else "begun", said, day, inferred)


def _day_in(text: str, met_on: date) -> tuple[date | None, bool]:
    """The last day that a text names; without a year it is the first one from the meeting on."""
    found: tuple[date | None, bool] = (None, False)
    for match in _DAY.finditer(text):
        month, day = int(match["month"]), int(match["day"])
        try:
            if match["year"]:
                found = date(int(match["year"]), month, day), False
                continue
            named = date(met_on.year, month, day)
            found = (named if named >= met_on else date(met_on.year + 1, month, day)), True
        except ValueError:
            continue
    return found


def names_in_list(text: str) -> list[str]:
    """The bodies that a cell lists, as written, numbers and white space taken off."""
    parts = (_ENDS.sub("", _MARKS.sub("", part)) for part in _SEVERAL.split(text))
    return [part for part in parts if part]


@dataclass
class LedgerItem:
    """One row: an item, what was agreed, who does it."""

    number: int
    title: str
    resolution: str = ""
    organization: int | None = None
    # Bodies that answer for the same, each for an item of its own.
    others: list[int] = field(default_factory=list)
    details: str = ""
    due_on: date | None = None
    told: Told = field(default_factory=lambda: Told("open"))

    def as_values(self) -> dict[str, Any]:
        """For the plan: plain values."""
        return {
            "number": self.number,
            "title": self.title,
            "resolution": self.resolution,
            "organization": self.organization,
            "others": self.others,
            "details": self.details,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "told": [
                self.told.status,
                self.told.text,
                self.told.day.isoformat() if self.told.day else None,
            ],
        }

    @classmethod
    def of_values(cls, values: dict[str, Any]) -> "LedgerItem":
        """Back from the plan."""
        status, text, day = values["told"]
        return cls(
            values["number"],
            values["title"],
            values["resolution"],
            values["organization"],
            values.get("others", []),
            values.get("details", ""),
            date.fromisoformat(values["due_on"]) if values["due_on"] else None,
            Told(status, text, date.fromisoformat(day) if day else None),
        )


@dataclass
class LedgerMeeting:
    """The rows of one meeting."""

    starts_at: datetime
    place: str = ""
    chair: str = ""
    remark: str = ""
    # The seats that were there; None where the ledger does not say.
    seats: list[int] | None = None
    # Who sat in besides: bodies without a seat, and names that match nothing, as written.
    bodies: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    # By seat: who spoke for the body, where the ledger says so.
    speakers: dict[int, str] = field(default_factory=dict)
    items: list[LedgerItem] = field(default_factory=list)

    def as_values(self) -> dict[str, Any]:
        """For the plan: plain values."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "place": self.place,
            "chair": self.chair,
            "remark": self.remark,
            "seats": self.seats,
            "bodies": self.bodies,
            "names": self.names,
            "speakers": list(self.speakers.items()),
            "items": [item.as_values() for item in self.items],
        }

    @classmethod
    def of_values(cls, values: dict[str, Any]) -> "LedgerMeeting":
        """Back from the plan."""
        return cls(
            datetime.fromisoformat(values["starts_at"]),
            values["place"],
            values["chair"],
            values["remark"],
            values["seats"],
            values.get("bodies", []),
            values.get("names", []),
            {seat: who for seat, who in values.get("speakers", [])},
            [LedgerItem.of_values(item) for item in values["items"]],
        )


def title_of(items: Sequence[LedgerItem]) -> str:
    """What a meeting of a ledger is called: by its first item."""
    more = f"等 {len(items)} 项" if len(items) > 1 else ""
    return f"联席会议：{items[0].title}"[: 100 - len(more)] + more
