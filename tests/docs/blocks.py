"""The examples of a page: its ```graphql blocks, each with the variables that follow it."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(
    r"^```graphql *(?P<door>[a-z-]*)\n(?P<query>.*?)^```$"
    r"(?:\n+```json\n(?P<variables>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)
_NAME = re.compile(r"(?:query|mutation) (\w+)")


@dataclass(frozen=True)
class Example:
    """One query or mutation as the page shows it."""

    name: str
    door: str
    query: str
    variables: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def asks_for(self) -> set[str]:
        """The variables that the query declares."""
        return set(re.findall(r"\$(\w+):", self.query))


def examples_of(text: str) -> list[Example]:
    """The examples of a Markdown text, in its order. Raises ValueError for one without a name."""
    found = []
    for block in _BLOCK.finditer(text):
        named = _NAME.search(block["query"])
        if named is None:
            raise ValueError(f"an example without a name: {block['query'][:60]!r}")
        found.append(
            Example(
                named[1],
                block["door"] or "main",
                block["query"],
                json.loads(block["variables"] or "{}") if "$" in block["query"] else {},
            )
        )
    return found
