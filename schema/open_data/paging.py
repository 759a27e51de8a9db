"""A page of a list whose rows nobody asked to be counted."""

from functools import partial
from typing import Any

from graphene.relay.connection import connection_adapter, page_info_adapter
from graphql_relay import connection_from_array_slice, get_offset_with_default

from schema.open_data.types import MAX_PAGE


def uncounted(connection_type: Any, args: dict[str, Any], rows: Any) -> Any:
    """The page that `first`, `after` and `before` ask for, in one statement.

    One row more than the page holds tells whether another page follows.
    """
    size = args.get("first") or MAX_PAGE
    start = get_offset_with_default(args.get("after"), -1) + 1
    found = list(rows[start : start + size + 1])
    return connection_from_array_slice(
        found,
        {**args, "first": size},
        slice_start=start,
        array_length=start + len(found),
        array_slice_length=len(found),
        connection_type=partial(connection_adapter, connection_type),
        edge_type=connection_type.Edge,
        page_info_type=page_info_adapter,
    )
