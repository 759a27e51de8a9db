"""Repeating slots and closures as the main API shows them."""

from datetime import date, datetime, time

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay

from backend.core.personal import masked
from backend.services import models
from schema.main.base import Seen
from schema.main.filters import code_of, of_community, updated_since
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.service_enums import ExceptionKind, Frequency, OnHoliday
from schema.main.service_types import ServiceItem


@strawberry_django.type(
    models.SlotException,
    description="排班例外: one occurrence of a rule that does not take place, or one day more.",
)
class SlotException(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    day: date
    kind: ExceptionKind
    reason: str = strawberry_django.field(description="Told to those who had booked.")
    updated_at: datetime


@strawberry_django.filter_type(models.SlotRule)
class SlotRuleFilter:
    """Filters of rules."""

    community = of_community()
    item = code_of("item", "Of the item with this code.")

    @strawberry_django.filter_field(description="In force on this day.")
    def on(self, value: date, prefix: str) -> Q:
        begun = Q(**{f"{prefix}valid_from__lte": value})
        open_ended = Q(**{f"{prefix}valid_until__isnull": True})
        return begun & (open_ended | Q(**{f"{prefix}valid_until__gte": value}))

    updated_since = updated_since()


@strawberry_django.order_type(models.SlotRule)
class SlotRuleOrder:
    """Orders of rules."""

    weekday: strawberry.auto
    valid_from: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.SlotRule,
    filters=SlotRuleFilter,
    ordering=SlotRuleOrder,
    description="排班规则: an item is offered every week, every other one, or once a month.",
)
class SlotRule(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    frequency: Frequency
    weekday: int = strawberry_django.field(description="0 is Monday.")
    nth: int | None = strawberry_django.field(
        description="Which of the month, for MONTHLY alone: 1 to 4, or -1 for the last."
    )
    starts: time
    ends: time
    capacity: int = strawberry_django.field(description="People a slot.")
    place: str = strawberry_django.field(description="Empty: the item's own.")
    valid_from: date
    valid_until: date | None = strawberry_django.field(description="Null: for good.")
    on_holiday: OnHoliday
    created_at: datetime
    updated_at: datetime
    community: Community
    item: ServiceItem
    exceptions: list[SlotException] = strawberry_django.field(description="The earliest day first.")

    @strawberry_django.field(
        annotate={"masked_helper": masked("name", "helper")},
        description="Who serves, masked: 张*; empty if nobody is named.",
    )
    def helper(self) -> str:
        return self.masked_helper  # type: ignore[attr-defined,no-any-return]

    helper_in_full = in_full(models.SlotRule, "helper")


@strawberry_django.filter_type(models.Closure)
class ClosureFilter:
    """Filters of closures."""

    community = of_community()

    @strawberry_django.filter_field(description="Of the item with this code, or of all services.")
    def item(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}item__code": value}) | Q(**{f"{prefix}item__isnull": True})

    @strawberry_django.filter_field(description="Not over on this day.")
    def ends_from(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}last_day__gte": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.Closure)
class ClosureOrder:
    """Orders of closures."""

    first_day: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Closure,
    filters=ClosureFilter,
    ordering=ClosureOrder,
    description="停服日: days on which one item, or everything, is not offered.",
)
class Closure(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    first_day: date
    last_day: date
    reason: str = strawberry_django.field(description="Told to those who had booked.")
    created_at: datetime
    updated_at: datetime
    community: Community
    item: ServiceItem | None = strawberry_django.field(description="Null: all services.")
