"""Pages of a list, as Relay has them, and the few filters that the stand-in knows."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graphql import GraphQLError

# As in the real APIs: more is an error, never a shorter page.
MOST = 100
_ENDINGS = (("From", True), ("Since", True), ("Before", False))


@dataclass(frozen=True)
class Page:
    """A connection's answer; what else a connection may have is a small number."""

    edges: list[dict[str, Any]]
    info: dict[str, Any]
    total: int


def page_of(things: Sequence[Any], arguments: dict[str, Any]) -> Page:
    """The page that first/after/last/before ask for. Raises GraphQLError: bad_page, bad_cursor."""
    for name in ("first", "last"):
        size = arguments.get(name)
        if size is not None and not 0 <= size <= MOST:
            raise _refused("bad_page", f"{name} 应在 0 到 {MOST} 之间。")
    begin = 0 if arguments.get("after") is None else _place(arguments["after"]) + 1
    end = len(things) if arguments.get("before") is None else _place(arguments["before"])
    end = min(end, len(things))
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        first = MOST
    if first is not None:
        end = min(end, begin + first)
    if last is not None:
        begin = max(begin, end - last)
    edges = [{"cursor": _cursor(i), "node": things[i]} for i in range(begin, max(begin, end))]
    info = {
        "hasNextPage": end < len(things),
        "hasPreviousPage": begin > 0,
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
    }
    return Page(edges, info, len(things))


def chosen(
    things: list[Any],
    filters: dict[str, Any],
    fields: set[str],
    value: Callable[[Any, str], Any],
) -> list[Any]:
    """The things that fit filters by state and by time; every other filter leaves all of them."""
    for name, wanted in filters.items():
        if wanted is None:
            continue
        if name == "status" and "status" in fields:
            states = wanted if isinstance(wanted, list) else [wanted]
            things = [one for one in things if value(one, "status") in states]
        for ending, at_least in _ENDINGS:
            stem = name.removesuffix(ending)
            field = next((f for f in (f"{stem}At", f"{stem}On") if f in fields), None)
            if stem != name and field is not None:
                bound = _moment(wanted)
                things = [
                    one for one in things if (_moment(value(one, field)) >= bound) is at_least
                ]
    return things


def in_order(
    things: list[Any],
    order: list[dict[str, Any]],
    fields: set[str],
    value: Callable[[Any, str], Any],
) -> list[Any]:
    """The things sorted as `order` says, by fields that stand in the answer."""
    for entry in reversed(order):
        for name, direction in entry.items():
            if name in fields and name != "id" and direction:
                things = sorted(
                    things,
                    key=lambda one, name=name: value(one, name),  # type: ignore[misc]
                    reverse=str(direction).startswith("DESC"),
                )
    return things


def _moment(value: Any) -> float:
    text = value.isoformat() if isinstance(value, date) else str(value)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.timestamp()


def _cursor(place: int) -> str:
    return base64.b64encode(f"arrayconnection:{place}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        return int(
            base64.b64decode(cursor, validate=True).decode().removeprefix("arrayconnection:")
        )
    except ValueError:
        raise _refused("bad_cursor", "游标不对：请用上一页给的 endCursor。") from None


def _refused(code: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
