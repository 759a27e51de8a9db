"""Which bodies the short words of a ledger mean: 社区党委, 居委会, 物业, 业委会. Pure functions.

Only where one body alone can be meant: which of several is no guess.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from backend.people.choices import OrganizationKind as K

_CALLED: Mapping[str, K] = {
    **dict.fromkeys(("党委", "社区党委", "党总支", "社区党总支"), K.PARTY_COMMITTEE),
    **dict.fromkeys(
        ("居委会", "社区居委会", "居民委员会", "社区居民委员会"), K.RESIDENTS_COMMITTEE
    ),
    **dict.fromkeys(
        ("物业", "物业公司", "物业企业", "物业服务公司", "物业服务企业", "小区物业"),
        K.PROPERTY_COMPANY,
    ),
    **dict.fromkeys(("业委会", "业主委员会", "小区业委会"), K.OWNERS_COMMITTEE),
}
# Shorter than this the end of a name is no name.
_SHORTEST = 3
_WITH_SPEAKER = re.compile(r"(?P<body>[^（(]+)[（(](?P<who>[^（）()]+)[）)]")


class Body(NamedTuple):
    """An organization as a ledger may name it."""

    pk: int
    kind: str
    names: tuple[str, ...]


def body_meant(said: str, seated: Collection[Body], others: Collection[Body]) -> Body | None:
    """The one body that a short word means: among those with a seat that day, else among all."""
    return _one(said, seated) or _one(said, others)


def _one(said: str, bodies: Collection[Body]) -> Body | None:
    kind = _CALLED.get(said)
    if kind is not None:
        found = [body for body in bodies if body.kind == kind]
    elif len(said) >= _SHORTEST:
        found = [body for body in bodies if any(name.endswith(said) for name in body.names)]
    else:
        found = []
    return found[0] if len(found) == 1 else None


def with_speaker(said: str) -> tuple[str, str]:
    """诚信行物业（李经理): the body, and who spoke for it; "" if nobody is named."""
    found = _WITH_SPEAKER.fullmatch(said)
    return (found["body"].strip(), found["who"].strip()) if found else (said, "")


def without_capacity(said: str, capacities: Collection[str]) -> str:
    """党员代表张三: the name, without what the person sits there as."""
    for capacity in capacities:
        if said.startswith(capacity) and said != capacity:
            return said.removeprefix(capacity).strip(" ：:")
    body, who = with_speaker(said)
    return body if who in capacities else said
