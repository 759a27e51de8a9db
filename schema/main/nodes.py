"""Any objects by their ids."""

from collections import defaultdict
from typing import Annotated, Any

import strawberry
from strawberry import relay
from strawberry.types import Info
from strawberry.types.cast import cast as strawberry_cast

from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from schema.main.costs import MAX_PAGE

_IDS = strawberry.argument(description="At most 100.")


@strawberry.type
class NodeQuery:
    node: relay.Node | None = relay.node(
        description="Any object by its id; null if it is not the caller's."
    )

    @strawberry.field(
        description="Objects by their ids, in that order; null where one is not the caller's. "
        "Those of one type are read together."
    )
    def nodes(
        self, info: Info, ids: Annotated[list[relay.GlobalID], _IDS]
    ) -> list[relay.Node | None]:
        if len(ids) > MAX_PAGE:
            raise RuleViolation("bad_page", f"一次最多查询 {MAX_PAGE} 个 id，请分几次查询。")
        wanted: dict[Any, list[str]] = defaultdict(list)
        for one in ids:
            kind = one.resolve_type(info)
            if whole_number(one.node_id) is not None and one.node_id not in wanted[kind]:
                wanted[kind].append(one.node_id)
        found: dict[tuple[Any, str], Any] = {}
        for kind, keys in wanted.items():
            rows = kind.resolve_nodes(info=info, node_ids=keys, required=False)
            for row in rows:
                if row is not None:
                    found[kind, str(row.pk)] = strawberry_cast(kind, row)
        return [found.get((one.resolve_type(info), one.node_id)) for one in ids]
