"""The value of a scalar or enum field: invented, and the same again for the same thing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from graphql import GraphQLEnumType, GraphQLField

from schema.mock import words
from schema.mock.dice import number

# "While OFFERED: until when …", "The place in line; null unless WAITLISTED."
_ONLY_IN = re.compile(r"(?:^While|null unless) ([A-Z][A-Z_]+)\b")
_SMALL = {
    "totalCount": 40,
    "placesLeft": 9,
    "waitlistCount": 4,
    "position": 5,
    "rating": 5,
    "age": 60,
    "number": 20,
    "unreadCount": 7,
}
_CHINA = timezone(timedelta(hours=8))
# Days from today of what begins, ends, or has happened.
_AHEAD, _PAST, _LAST = 20, 60, 12
_ENDS = re.compile(r"^(ends|expires|held|withdraw|registrationCloses|closes|due|until|validTo)")
_BEGINS = re.compile(r"(^starts|StartsAt$|^day$)")


@dataclass(frozen=True)
class Clock:
    """The day that everything is dated from."""

    today: date

    def day(self, name: str, key: str, seed: int) -> date:
        """The day of the field `name`: an end lies after its beginning, what was done in the past."""
        begins = number(seed, key, "begins") % _AHEAD - 3
        if _BEGINS.search(name):
            offset = begins
        elif _ENDS.match(name):
            offset = begins + (30 if name.endswith("On") else 0)
        else:
            offset = -1 - number(seed, key, name) % _PAST
        return self.today + timedelta(days=offset)

    def moment(self, name: str, key: str, seed: int) -> str:
        """ISO-8601 with the offset of China, as the real server has it, within the hours of the day."""
        hour = 9 + number(seed, key, "hour") % 7
        later = 2 if _ENDS.match(name) else 0
        at = datetime.combine(self.day(name, key, seed), time(hour + later, 0), _CHINA)
        return at.isoformat()


def only_in(field: GraphQLField) -> str | None:
    """The one state in which the field has a value, as its description says, or None."""
    found = _ONLY_IN.search(field.description or "")
    return found[1] if found else None


def enum_value(kind: GraphQLEnumType, turn: int) -> Any:
    """The values in turn: neighbours in a list differ."""
    values = list(kind.values)
    return values[turn % len(values)]


def text(owner: str, name: str, field: GraphQLField, turn: int) -> str:
    """A string for a field of the type `owner`; personal ones masked."""
    if (field.description or "").startswith("Masked") or name.lower().endswith("phone"):
        if "phone" in name.lower():
            return f"139****{turn % 10000:04d}"
        return words.NAMES[turn % len(words.NAMES)]
    known = words.TEXTS.get(f"{owner}.{name}") or words.TEXTS.get(name)
    if known is None and name.lower().endswith("code"):
        return f"{owner.lower()}-{turn}"
    if known is None and re.search(r"(Url|^url)$", name):
        return f"/files/mock/{turn}"
    if known is None and re.search(r"(^ticket|^token)$", name):
        return f"mock-{name}-{turn}"
    known = known or words.OTHERWISE
    return known[turn % len(known)]


def scalar(
    kind: str,
    owner: str,
    name: str,
    field: GraphQLField,
    key: str,
    turn: int,
    seed: int,
    now: Clock,
) -> Any:
    """The value of a scalar of the kind `kind`. `turn` is the thing's place among its like."""
    rolled = number(seed, key, name)
    match kind:
        case "Int":
            return rolled % (_SMALL.get(name, 30) + 1) if name != "position" else 1 + rolled % 5
        case "Float":
            return round(rolled % 100 / 100, 2)
        case "Boolean":
            return rolled % 3 > 0
        case "Date":
            return now.day(name, key, seed).isoformat()
        case "DateTime" | "LocalDateTime":
            return now.moment(name, key, seed)
        case "Time":
            return f"{9 + (2 if name.startswith('ends') else 0):02d}:00:00"
        case "ID":
            return key
        case _:
            return text(owner, name, field, turn)
