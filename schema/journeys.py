"""The journeys of the docs, as examples in the explorers of both APIs."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "api" / "journeys"
OPEN_DATA = "open-data"
_HEAD = re.compile(r"# (?P<title>.+)\n# as: (?P<account>\S+)\n")


@dataclass(frozen=True)
class Example:
    """A journey: its title, whose it is, and its operations as one document."""

    title: str
    account: str
    document: str


@cache
def examples(*, open_data: bool) -> tuple[Example, ...]:
    """Those of one API, in order; none where the docs are not beside the code."""
    found = []
    for path in sorted(FOLDER.glob("*.graphql")):
        text = path.read_text(encoding="utf-8")
        head = _HEAD.match(text)
        if head is not None and (head["account"] == OPEN_DATA) is open_data:
            found.append(Example(head["title"], head["account"], text))
    return tuple(found)
