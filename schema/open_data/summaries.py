"""Public breakdowns: sums of figures that are public themselves, and no small cell."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLError

from backend.core.small_cells import SMALLEST_CELL, no_small_cells, shown_cell, shown_total
from backend.education.queries import HeldEvent, held_in_year


class EducationCell(graphene.ObjectType):
    """One line of a breakdown."""

    topic = graphene.String(
        description="普法主题; null in a breakdown by format, or if none is told."
    )
    format = graphene.String(description="onsite, online, hybrid; null in a breakdown by topic.")
    events = graphene.Int(required=True, description="Events held (场).")
    heads = graphene.Int(
        description=f"人次 (heads); null where it would show fewer than {SMALLEST_CELL}."
    )


class EducationSummary(graphene.ObjectType):
    """普法活动 of one community and year.

    Heads are those of events whose own `headsTotal` is public: else a sum less its known parts would
    tell the ones that are hidden.
    """

    year = graphene.Int(required=True)
    events = graphene.Int(required=True, description="Events held (场).")
    heads = graphene.Int(description="人次 (heads), never distinct people; null if too few.")
    by_topic = graphene.List(graphene.NonNull(EducationCell), required=True)
    by_format = graphene.List(graphene.NonNull(EducationCell), required=True)


def education_summary(root: Any, info: Any, community: str, year: int) -> EducationSummary:
    """The summary; empty for a community or a year of which nothing is public.

    Raises a GraphQLError with the code bad_year.
    """
    if not 1990 <= year <= 2100:
        raise GraphQLError("年份应在 1990 到 2100 之间。", extensions={"code": "bad_year"})
    events = held_in_year(community, year)
    by_topic, heads_by_topic = _cells(events, lambda event: event.topic.strip())
    by_format, heads_by_format = _cells(events, lambda event: event.format)
    topics, kinds = no_small_cells(heads_by_topic), no_small_cells(heads_by_format)
    return EducationSummary(
        year=year,
        events=len(events),
        heads=shown_total(heads_by_format),
        by_topic=[
            EducationCell(topic=topic or None, events=n, heads=topics[topic])
            for topic, n in sorted(by_topic.items(), key=lambda cell: (-cell[1], cell[0]))
        ],
        by_format=[
            EducationCell(format=value, events=n, heads=kinds[value])
            for value, n in sorted(by_format.items())
        ],
    )


def _cells(
    events: list[HeldEvent], key: Callable[[HeldEvent], str]
) -> tuple[Counter[str], dict[str, int]]:
    counted: Counter[str] = Counter()
    heads: dict[str, int] = {}
    for event in sorted(events, key=key):
        counted[key(event)] += 1
        heads[key(event)] = heads.get(key(event), 0) + (shown_cell(event.heads) or 0)
    return counted, heads
