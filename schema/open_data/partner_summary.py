"""What was found at the posts of red partners in a year: counts by kind, and no small cell."""

from collections import Counter
from typing import Any

import graphene
from graphql import GraphQLError

from backend.core.small_cells import SMALLEST_CELL, no_small_cells, shown_total
from backend.partners.queries import issues_of_year


class IncipientCell(graphene.ObjectType):
    """One kind of issue."""

    kind = graphene.String(required=True, description="neighbours, parking, noise …")
    found = graphene.Int(description=f"Issues found; null where fewer than {SMALLEST_CELL}.")


class IncipientSummary(graphene.ObjectType):
    """苗头性问题 of one community and year, by the day on which they were found."""

    year = graphene.Int(required=True)
    found = graphene.Int(description="Issues found; null if too few.")
    defused = graphene.Int(
        description="Of those, settled on the spot; null where it, or the rest, would be small."
    )
    by_kind = graphene.List(graphene.NonNull(IncipientCell), required=True)


def incipient_summary(root: Any, info: Any, community: str, year: int) -> IncipientSummary:
    """The summary; empty for a community or a year without any.

    Raises a GraphQLError with the code bad_year.
    """
    if not 1990 <= year <= 2100:
        raise GraphQLError("年份应在 1990 到 2100 之间。", extensions={"code": "bad_year"})
    kinds: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for kind, settled, count in issues_of_year(community, year):
        kinds[kind] += count
        ends["defused" if settled else "else"] += count
    by_kind = dict(sorted(kinds.items()))
    shown = no_small_cells(by_kind)
    total = shown_total(by_kind)
    # The total less the defused ones is a cell as well.
    halves = no_small_cells({"defused": ends["defused"], "else": ends["else"]})
    return IncipientSummary(
        year=year,
        found=total,
        defused=halves["defused"],
        by_kind=[IncipientCell(kind=kind, found=shown[kind]) for kind in by_kind],
    )
