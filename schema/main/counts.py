"""Counts by kind and month for charts: beside each list, one root that counts its rows."""

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case
from strawberry_django.filters import apply as filtered

from backend.core import counting
from schema.main.base import Language, label_of, visible
from schema.main.costs import FIXED_PRICES, MAX_PAGE
from schema.main.counted import COUNTED, Root

# Types that are only known when the schema is made.
_list: Any = list
_enum: Any = Enum


@strawberry.type(name="CountedGroup", description="One group of a count.")
class Group:
    count: int = strawberry.field(description="Rows in the group.")
    keys: list[str] = strawberry.field(
        description='One for each of `by`, in its order: a value, a code, "2025-08"; empty: none.'
    )
    words: strawberry.Private[tuple[Any, ...]]

    @strawberry.field(description="The keys in words, in the order of `by`.")
    def labels(self, lang: Language = Language.ZH) -> list[str]:
        return [
            word if isinstance(word, str) else label_of(word, key, lang) if key else ""
            for key, word in zip(self.keys, self.words, strict=True)
        ]


def _enum_of(root: Root) -> Any:
    """By what a register can be counted, as an enum of the API."""
    names = {one.name.upper(): one.name for one in root.counted.dimensions}
    names[counting.MONTH.upper()] = counting.MONTH
    made = _enum(f"{root.type_name}Dimension", names)
    return strawberry.enum(
        made,
        description="By what can be counted. "
        + " ".join(
            f"{one.name.upper()}: {one.description}"
            for one in root.counted.dimensions
            if one.description
        ),
    )


def _group_of(root: Root) -> Any:
    """A group of a register: rows, and what is summed."""
    fields: dict[str, Any] = {
        one.name: strawberry.field(description=one.description) for one in root.counted.measures
    }
    kinds: dict[str, Any] = {one.name: int for one in root.counted.measures}
    made = type(f"{root.type_name}Count", (Group,), {"__annotations__": kinds, **fields})
    return strawberry.type(made, description=f"One group of `{to_camel_case(root.field)}`.")


def _resolver(root: Root) -> Callable[..., Any]:
    enum, group = _enum_of(root), _group_of(root)

    def resolve(
        info: Info,
        by: list[Any],
        filters: Any = None,
        from_: Any = None,
        to: Any = None,
    ) -> list[Any]:
        model: Any = root.counted.model
        rows: Any = visible(model, info)
        if filters is not None:
            rows = filtered(filters, rows, info)
        names = [one.value for one in by]
        return [
            group(count=cell.count, keys=list(cell.keys), words=cell.words, **cell.figures)
            for cell in counting.counts(root.counted, rows, names, from_, to)
        ]

    named = strawberry.argument(
        name="from", description="First day, on the community's clock; none: from the beginning."
    )
    resolve.__annotations__ |= {
        "by": Annotated[
            _list[enum],
            strawberry.argument(description="At most three; none: one figure for all."),
        ],
        "filters": Annotated[
            root.filters | None, strawberry.argument(description="As those of the list.")
        ],
        "from_": Annotated[date | None, named],
        "to": Annotated[date | None, strawberry.argument(description="Last day.")],
        "return": _list[group],
    }
    return resolve


def _query() -> Any:
    fields = {}
    for root in COUNTED:
        fields[root.field] = strawberry.field(
            _resolver(root),
            description=f"{root.description} With `from`, `to` and MONTH, empty months are there too.",
        )
        FIXED_PRICES[to_camel_case(root.field)] = MAX_PAGE
    return strawberry.type(type("CountsQuery", (), fields))


CountsQuery: Any = _query()
