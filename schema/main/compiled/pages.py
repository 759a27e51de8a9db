"""A connection as it was chosen: edges, cursors, page information, count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from strawberry.relay.types import PREFIX
from strawberry.relay.utils import to_base64

from schema.main.compiled.rows import Place
from schema.main.compiled.selections import Selection

# What one may choose, by its name in the schema.
EDGES, PAGE_INFO, TOTAL, TYPE = "edges", "pageInfo", "totalCount", "__typename"
NODE, CURSOR = "node", "cursor"


@dataclass
class Outline:
    """Response keys and the names of what stands there, in order; and the type's own name."""

    typename: str
    keys: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def names(self) -> set[str]:
        return {name for _, name in self.keys}

    def filled(self, values: dict[str, Any]) -> dict[str, Any]:
        """The object, of values by name."""
        return {key: self.typename if name == TYPE else values[name] for key, name in self.keys}


@dataclass
class Page:
    """What of a connection is asked for."""

    selection: Selection
    # The longest page that the field allows; None for the schema's own limit.
    most: int | None
    whole: Outline
    edge: Outline
    info: Outline

    @cached_property
    def reads_rows(self) -> bool:
        return bool({EDGES, PAGE_INFO} & self.whole.names)

    @cached_property
    def counts(self) -> bool:
        return TOTAL in self.whole.names

    @cached_property
    def looks_ahead(self) -> bool:
        """Whether it must be known if there is a row behind the page."""
        return "hasNextPage" in self.info.names

    def bounds(self, place: Place) -> tuple[int, int]:
        """The rows to read; at least one, for no query is cut to none."""
        return place.start, max(place.end + self.looks_ahead, place.start + 1)

    def answer(
        self, items: Sequence[Any], place: Place, total: int | None, shape: Callable[[Any], Any]
    ) -> dict[str, Any]:
        """The connection's object, of the rows that were read."""
        has_next = len(items) > place.whole
        if has_next:
            items = items[: place.whole]
        found: dict[str, Any] = {TOTAL: total}
        if EDGES in self.whole.names:
            found[EDGES] = self._edges(items, place.start, shape)
        if PAGE_INFO in self.whole.names:
            last = place.start + len(items) - 1
            found[PAGE_INFO] = self.info.filled(
                {
                    "startCursor": _cursor(place.start) if items else None,
                    "endCursor": _cursor(last) if items else None,
                    "hasPreviousPage": place.start > 0,
                    "hasNextPage": has_next,
                }
            )
        return self.whole.filled(found)

    def _edges(self, items: Sequence[Any], start: int, shape: Callable[[Any], Any]) -> list[Any]:
        if [name for _, name in self.edge.keys] == [NODE]:
            key = self.edge.keys[0][0]
            return [{key: shape(item)} for item in items]
        names = self.edge.names
        return [
            self.edge.filled(
                {
                    NODE: shape(item) if NODE in names else None,
                    CURSOR: _cursor(place) if CURSOR in names else None,
                }
            )
            for place, item in enumerate(items, start)
        ]


def _cursor(place: int) -> str:
    return to_base64(PREFIX, place)
