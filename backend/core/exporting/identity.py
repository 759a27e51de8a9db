"""系统编号: the number by which a row of an export is known again when it comes back.

It says nothing of anybody, and its last three characters must fit the rest: a spreadsheet that
"continues the series" down a column makes numbers that are nobody's, and not the neighbour's.
"""

import re
from hashlib import blake2b

HEADING = "系统编号"
# No 0 and O, 1 and I, which people mistake for one another.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# A letter before it: without one, 3-MAY would be a day in May to a spreadsheet program.
_NUMBER = re.compile(r"N([0-9]{1,18})-([2-9A-HJ-NP-Z]{3})")


def record_number(label: str, pk: int) -> str:
    """The number of a record of a model: N1024-K7Q."""
    return f"N{pk}-{_check(label, pk)}"


def key_of(label: str, number: str) -> int | None:
    """The key of the record that a number names; None if it names none of this model."""
    match = _NUMBER.fullmatch(number.strip().upper())
    if match is None:
        return None
    pk = int(match[1])
    return pk if match[2] == _check(label, pk) else None


def _check(label: str, pk: int) -> str:
    word = blake2b(f"{label} {pk}".encode(), digest_size=2).digest()
    number = int.from_bytes(word, "big")
    return "".join(_SIGNS[number >> shift & 31] for shift in (0, 5, 10))
