"""Demands in the main API: reads and verbs."""

from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor, may_within
from backend.demands import actions, handling, models
from backend.people import models as people
from backend.people.queries import community_of
from backend.places import models as places
from schema.main import demand_inputs as inputs
from schema.main.base import Connection, InputError, actor, answer, chosen, one_row, reread, visible
from schema.main.changes import put
from schema.main.demand_types import Demand, DemandCategory
from schema.main.idempotency import once
from schema.main.verbs import Verbs


@strawberry.type
class DemandsQuery:
    demands: Connection[Demand] = strawberry_django.connection(
        description="Demands that the caller may see, the latest first unless ordered: staff those "
        "of their place, a handler those of the own body, everybody the own ones."
    )
    demand_categories: Connection[DemandCategory] = strawberry_django.connection(
        description="What demands are about, in the community's order unless ordered."
    )

    @strawberry_django.field(
        description="One demand by its code, with what the rules allow; null if not the caller's."
    )
    @one_row(is_single=True)
    def demand(self, info: Info, code: str) -> Demand | None:
        return visible(models.Demand, info).filter(code=code)  # type: ignore[return-value]

    @strawberry_django.field(description="One category by its code; null if not the caller's.")
    @one_row(is_single=True)
    def demand_category(self, info: Info, code: str) -> DemandCategory | None:
        return visible(models.DemandCategory, info).filter(code=code)  # type: ignore[return-value]


@strawberry.type
class DemandAnswer:
    """The demand as it now stands (null where it is no longer the caller's), or what was wrong."""

    errors: list[InputError]
    demand: Demand | None = None


@strawberry.type
class DemandCategoryAnswer:
    """The category as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    category: DemandCategory | None = None


DEMANDS = Verbs(models.Demand, DemandAnswer, "demand")
CATEGORIES = Verbs(models.DemandCategory, DemandCategoryAnswer, "category")
_LINKS: dict[str, Any] = {
    "category_id": models.DemandCategory,
    "estate_id": places.Estate,
    "building_id": places.Building,
    "grid_id": places.Grid,
}
_DETAILS = (
    *("content", "kind", "urgency", "unit", "room", "address"),
    *("reporter_name", "reporter_phone", "reporter_hidden", "remark"),
)


def _registered(given: inputs.RegisterDemandInput, info: Info, by: Actor) -> models.Demand:
    community = community_of(by.user, given.community)
    links: dict[str, Any] = _LINKS | {
        "resident_id": people.Resident,
        "group_id": places.ResidentGroup,
    }
    named = {
        name.removesuffix("_id"): chosen(model, key, info)
        for name, model in links.items()
        if (key := getattr(given, name)) is not None
    }
    names = (*_DETAILS, "channel", "first_contact")
    values = {name: getattr(given, name) for name in names}
    if given.received_at is not None:
        values["received_at"] = given.received_at
    demand = models.Demand(community=community, **values, **named)
    if may_within(by, "demands.edit", community.pk):
        return actions.register_demand(demand, by=by)
    return actions.register_own(demand, by=by)


def _move(info: Info, given: Any, verb: str, reason: str) -> DemandAnswer:
    return DEMANDS.move(info, given.demand_id, actions.DEMAND_VERBS[verb], reason)


@strawberry.type
class DemandsMutation:
    @strawberry.mutation(
        description="Takes down a demand: staff for others, everybody for themselves. It gets the "
        "next number of its year."
    )
    def register_demand(self, info: Info, input: inputs.RegisterDemandInput) -> DemandAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            made = once(
                "registerDemand",
                input.idempotency_key,
                by,
                models.Demand,
                lambda: _registered(input, info, by),
                also=Q(account=by.user.pk),
            )
            # Not by what may be seen: whoever may register by a key may not always look.
            rows = models.Demand.objects.all()
            return {"demand": reread(made, info, "demand", rows=rows)}

        return answer(DemandAnswer, do)

    @strawberry.mutation(description="Changes what a demand says, while it is not closed.")
    def update_demand(self, info: Info, input: inputs.UpdateDemandInput) -> DemandAnswer:
        return DEMANDS.on(
            info,
            input.demand_id,
            lambda row, by: actions.change_demand(put(row, input, _DETAILS, _LINKS, info), by=by),
        )

    @strawberry.mutation(description="马上办: solved as soon as it was registered.")
    def resolve_demand_on_the_spot(
        self, info: Info, input: inputs.ResolveDemandInput
    ) -> DemandAnswer:
        return _move(info, input, "resolve_on_the_spot", input.result)

    @strawberry.mutation(description="派单: assigns a demand to a body, whose contacts are told.")
    def assign_demand(self, info: Info, input: inputs.AssignDemandInput) -> DemandAnswer:
        def do(row: models.Demand, by: Actor) -> None:
            body = chosen(people.Organization, input.organization_id, info)
            handling.assign(row, body, by=by, reason=input.reason)

        return DEMANDS.on(info, input.demand_id, do)

    @strawberry.mutation(description="Whoever handles it begins.")
    def take_up_demand(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "take_up", input.reason)

    @strawberry.mutation(
        description="A wrong assignment goes back; needs a reason, and is refused with "
        "give_back_too_late once the time for it is over."
    )
    def give_back_demand(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "give_back", input.reason)

    @strawberry.mutation(
        description="Notes the first answer to the reporter: a clock of its own, no state."
    )
    def respond_to_demand(self, info: Info, input: inputs.RespondToDemandInput) -> DemandAnswer:
        return DEMANDS.on(
            info, input.demand_id, lambda row, by: handling.respond(row, input.text, by=by)
        )

    @strawberry.mutation(description="It is solved; whoever brought it forward is told.")
    def resolve_demand(self, info: Info, input: inputs.ResolveDemandInput) -> DemandAnswer:
        return _move(info, input, "resolve", input.result)

    @strawberry.mutation(
        description="It is solved in the reporter's eyes, too: their own word, or noted by staff "
        "other than who solved it."
    )
    def confirm_demand(self, info: Info, input: inputs.ConfirmDemandInput) -> DemandAnswer:
        return DEMANDS.on(
            info,
            input.demand_id,
            lambda row, by: handling.confirm(row, by=by, satisfied=input.satisfied),
        )

    @strawberry.mutation(description="办结: nothing is left to be done about it.")
    def close_demand(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "close", input.reason)

    @strawberry.mutation(
        description="It was not solved after all: the reporter says so, or staff; needs a reason."
    )
    def reopen_demand(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "reopen", input.reason)

    @strawberry.mutation(
        description="Nothing can be done, and the reporter was told why; counts as not solved."
    )
    def explain_demand_unresolvable(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "explain_unresolvable", input.reason)

    @strawberry.mutation(
        description="Says what another one says; needs a second person, who has not registered it."
    )
    def mark_demand_duplicate(
        self, info: Info, input: inputs.MarkDemandDuplicateInput
    ) -> DemandAnswer:
        def do(row: models.Demand, by: Actor) -> None:
            original = chosen(models.Demand, input.original_id, info)
            handling.mark_duplicate(row, original, by=by, reason=input.reason)

        return DEMANDS.on(info, input.demand_id, do)

    @strawberry.mutation(
        description="No demand at all; needs a reason, and a second person who has not registered it."
    )
    def mark_demand_invalid(self, info: Info, input: inputs.DemandInput) -> DemandAnswer:
        return _move(info, input, "mark_invalid", input.reason)

    @strawberry.mutation(description="Puts the deadline off, once; needs a reason.")
    def extend_demand(self, info: Info, input: inputs.ExtendDemandInput) -> DemandAnswer:
        return DEMANDS.on(
            info,
            input.demand_id,
            lambda row, by: handling.extend(row, input.days, by=by, reason=input.reason),
        )

    @strawberry.mutation(description="A new category of demands.")
    def create_demand_category(
        self, info: Info, input: inputs.CreateDemandCategoryInput
    ) -> DemandCategoryAnswer:
        def make(by: Actor) -> models.DemandCategory:
            row = models.DemandCategory(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                position=input.position,
            )
            return gate.save(row, by=by)

        return CATEGORIES.made(info, input, "createDemandCategory", make)

    @strawberry.mutation(description="Changes a category of demands.")
    def update_demand_category(
        self, info: Info, input: inputs.UpdateDemandCategoryInput
    ) -> DemandCategoryAnswer:
        return CATEGORIES.on(
            info,
            input.category_id,
            lambda row, by: gate.save(put(row, input, ("name", "position")), by=by),
        )

    @strawberry.mutation(description="Removes a category that no demand has.")
    def remove_demand_category(
        self, info: Info, input: inputs.RemoveDemandCategoryInput
    ) -> DemandCategoryAnswer:
        return CATEGORIES.on(info, input.category_id, lambda row, by: gate.delete(row, by=by))
