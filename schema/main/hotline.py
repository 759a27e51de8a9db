"""The hotline's monthly counts in the main API: what is asked, and what is done."""

from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.indicators import models
from backend.people.queries import community_of
from schema.main.base import Connection, InputError, chosen
from schema.main.changes import SEEN, put
from schema.main.hotline_types import HotlineCategory, HotlineMonthlyCount
from schema.main.place_inputs import CODE
from schema.main.setting_up_inputs import COMMUNITY, KEY
from schema.main.verbs import Verbs


@strawberry.type
class HotlineQuery:
    hotline_monthly_counts: Connection[HotlineMonthlyCount] = strawberry_django.connection(
        description="Calls by month and category, the latest months first unless ordered."
    )
    hotline_categories: Connection[HotlineCategory] = strawberry_django.connection(
        description="What calls are about, in the community's order unless ordered."
    )


@strawberry.input
class CreateHotlineMonthlyCountInput:
    """The calls of one category in one month."""

    category_id: relay.GlobalID
    year: int
    month: int = strawberry.field(description="1 to 12; not one to come.")
    count: int = strawberry.field(description="0 if nobody called.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateHotlineMonthlyCountInput:
    """What changes of a count; a field left out stays."""

    count_id: relay.GlobalID
    category_id: relay.GlobalID | None = strawberry.UNSET
    year: int | None = strawberry.UNSET
    month: int | None = strawberry.UNSET
    count: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveHotlineMonthlyCountInput:
    """A count that was entered by mistake."""

    count_id: relay.GlobalID


@strawberry.input
class CreateHotlineCategoryInput:
    """A new category, under the name that the street's sheet gives it."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    is_property: bool = strawberry.field(
        default=False, description="Whether the figure on property adds it up."
    )
    position: int = strawberry.field(default=0, description="The lowest stands first.")


@strawberry.input
class UpdateHotlineCategoryInput:
    """What changes of a category; a field left out stays."""

    category_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    is_property: bool | None = strawberry.UNSET
    position: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveHotlineCategoryInput:
    """A category that has no counts."""

    category_id: relay.GlobalID


@strawberry.type
class HotlineMonthlyCountAnswer:
    """The count as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    monthly_count: HotlineMonthlyCount | None = None


@strawberry.type
class HotlineCategoryAnswer:
    """The category as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    category: HotlineCategory | None = None


COUNTS = Verbs(models.HotlineMonthlyCount, HotlineMonthlyCountAnswer, "monthly_count")
CATEGORIES = Verbs(models.HotlineCategory, HotlineCategoryAnswer, "category")


@strawberry.type
class HotlineMutation:
    @strawberry.mutation(description="The calls of one category in one month.")
    def create_hotline_monthly_count(
        self, info: Info, input: CreateHotlineMonthlyCountInput
    ) -> HotlineMonthlyCountAnswer:
        def make(by: Actor) -> models.HotlineMonthlyCount:
            category = chosen(models.HotlineCategory, input.category_id, info)
            row = models.HotlineMonthlyCount(
                community_id=category.community_id,
                category=category,
                year=input.year,
                month=input.month,
                count=input.count,
            )
            return gate.save(row, by=by)

        return COUNTS.made(info, input, "createHotlineMonthlyCount", make)

    @strawberry.mutation(description="Puts a count right.")
    def update_hotline_monthly_count(
        self, info: Info, input: UpdateHotlineMonthlyCountInput
    ) -> HotlineMonthlyCountAnswer:
        links: Any = {"category_id": models.HotlineCategory}

        def change(row: models.HotlineMonthlyCount, by: Actor) -> None:
            gate.save(put(row, input, ("year", "month", "count"), links, info), by=by)

        return COUNTS.on(info, input.count_id, change)

    @strawberry.mutation(description="Takes away a count that was entered by mistake.")
    def remove_hotline_monthly_count(
        self, info: Info, input: RemoveHotlineMonthlyCountInput
    ) -> HotlineMonthlyCountAnswer:
        return COUNTS.on(info, input.count_id, lambda row, by: gate.delete(row, by=by))

    @strawberry.mutation(description="A new category of calls.")
    def create_hotline_category(
        self, info: Info, input: CreateHotlineCategoryInput
    ) -> HotlineCategoryAnswer:
        def make(by: Actor) -> models.HotlineCategory:
            row = models.HotlineCategory(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                is_property=input.is_property,
                position=input.position,
            )
            return gate.save(row, by=by)

        return CATEGORIES.made(info, input, "createHotlineCategory", make)

    @strawberry.mutation(description="Changes a category of calls.")
    def update_hotline_category(
        self, info: Info, input: UpdateHotlineCategoryInput
    ) -> HotlineCategoryAnswer:
        names = ("name", "is_property", "position")
        return CATEGORIES.on(
            info, input.category_id, lambda row, by: gate.save(put(row, input, names), by=by)
        )

    @strawberry.mutation(description="Takes away a category that has no counts.")
    def remove_hotline_category(
        self, info: Info, input: RemoveHotlineCategoryInput
    ) -> HotlineCategoryAnswer:
        return CATEGORIES.on(info, input.category_id, lambda row, by: gate.delete(row, by=by))
