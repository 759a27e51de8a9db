"""红色邻里节 and 清凉驿站 in the open data: stalls, heads where many came, hours, and what there is."""

from typing import Any

import graphene
from django.db.models import Prefetch, QuerySet

from backend.core.facets import Facets, facets_of
from backend.core.small_cells import SMALLEST_CELL, shown_cell
from backend.festivals.models import NeighborFestival, Stall
from backend.services.models import ServiceCategory, ServiceItem
from backend.stations.models import CoolStation, OpeningHours, StationException, StationStock


class OpenHours(graphene.ObjectType):
    """Open on one day of the week from a time until, but not including, another."""

    weekday = graphene.Int(required=True, description="0 is Monday.")
    opens = graphene.Time(required=True)
    closes = graphene.Time(required=True)


class OpenException(graphene.ObjectType):
    """A day to come that is unlike the others."""

    day = graphene.Date(required=True)
    opens = graphene.Time(description="Null with closes: shut on that day.")
    closes = graphene.Time()


class OpenSupply(graphene.ObjectType):
    """Something that a station gives out."""

    name = graphene.String(required=True)
    available = graphene.Boolean(required=True, description="Whether there is any now.")


def beside(facets: Facets, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the further fields need, in a fixed number of statements."""
    if facets.model is NeighborFestival:
        # Not joins: what a stall points at is shown only if it is public itself.
        stalls = (
            facets_of(Stall)
            .rows_for_everybody()
            .prefetch_related(
                Prefetch("item", facets_of(ServiceItem).rows_for_everybody()),
                Prefetch("category", facets_of(ServiceCategory).rows_for_everybody()),
            )
        )
        public = Prefetch("stalls", stalls.order_by("number", "pk"), to_attr="public_stalls")
        return rows.with_counts().prefetch_related(public)  # type: ignore[attr-defined,no-any-return]
    if facets.model is CoolStation:
        stocks = StationStock.objects.select_related("supply").order_by("supply__position", "pk")
        return rows.with_open().prefetch_related(  # type: ignore[attr-defined,no-any-return]
            Prefetch("hours", OpeningHours.objects.all(), to_attr="public_hours"),
            Prefetch("exceptions", StationException.objects.to_come(), to_attr="public_days"),
            Prefetch("stocks", stocks, to_attr="public_stocks"),
        )
    return rows


def add_fields(model: type[Any], type_: Any, registry: Any) -> None:
    """The further fields of a type: only of rows that are public themselves."""
    fields = type_._meta.fields
    if model is NeighborFestival:
        fields["stalls"] = graphene.Field(
            graphene.List(graphene.NonNull(lambda: registry.get_type_for_model(Stall))),
            resolver=lambda root, info: getattr(root, "public_stalls", None),
            description="Its stalls, by number; without those that stayed away.",
        )
        fields["kind_count"] = graphene.Field(
            graphene.Int,
            resolver=lambda root, info: getattr(root, "kind_count", None),
            description="Distinct kinds of service.",
        )
        fields["heads_total"] = graphene.Field(
            graphene.Int,
            resolver=_heads,
            description=f"人次 (heads), never distinct people; null below {SMALLEST_CELL}.",
        )
    if model is CoolStation:
        for name in ("open_now", "open_today"):
            fields[name] = graphene.Field(
                graphene.Boolean, resolver=_told(name), description="By season, hours and holidays."
            )
        fields["hours"] = _list(OpenHours, "public_hours", "By weekday.")
        fields["exceptions"] = _list(OpenException, "public_days", "Single days to come.")
        fields["supplies"] = graphene.Field(
            graphene.List(graphene.NonNull(OpenSupply)),
            resolver=_supplies,
            description="What it gives out.",
        )


def _list(of: Any, attribute: str, description: str) -> Any:
    return graphene.Field(
        graphene.List(graphene.NonNull(of)), resolver=_told(attribute), description=description
    )


def _told(attribute: str) -> Any:
    return lambda root, info: getattr(root, attribute, None)


def _heads(root: Any, info: Any) -> int | None:
    heads = getattr(root, "heads_total", None)
    return None if heads is None else shown_cell(heads)


def _supplies(root: Any, info: Any) -> list[OpenSupply] | None:
    stocks = getattr(root, "public_stocks", None)
    if stocks is None:
        return None
    return [OpenSupply(name=stock.supply.name, available=stock.balance > 0) for stock in stocks]
