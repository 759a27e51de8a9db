"""Repeating slots and closures in the main API. Every verb can be tried with `dryRun` first."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.rehearsal import rehearsal
from backend.people.queries import community_of
from backend.services import models, scheduling
from backend.services.scheduling import Made
from schema.main import slot_rule_inputs as inputs
from schema.main.base import Connection, InputError, chosen, one_row, visible
from schema.main.changes import put
from schema.main.slot_rule_types import Closure, SlotException, SlotRule
from schema.main.slots_moved import SlotsMoved
from schema.main.verb_shapes import removed
from schema.main.verbs import Verbs

A = TypeVar("A")
Keep = Callable[[Made], None]


@strawberry.type
class SlotRulesQuery:
    slot_rules: Connection[SlotRule] = strawberry_django.connection(
        description="Rules by which slots repeat, by item unless ordered."
    )
    closures: Connection[Closure] = strawberry_django.connection(
        description="Days on which something is not offered, the latest first unless ordered."
    )

    @strawberry_django.field(description="One rule by its code; null if it is not the caller's.")
    @one_row()
    def slot_rule(self, info: Info, code: str) -> SlotRule | None:
        return visible(models.SlotRule, info).filter(code=code)  # type: ignore[return-value]


@strawberry.type
class SlotRuleAnswer:
    """The rule as it now stands (null after a dry run), what came of it, or what was wrong."""

    errors: list[InputError]
    rule: SlotRule | None = None
    outcome: SlotsMoved | None = None


@strawberry.type
class SlotExceptionAnswer:
    """The exception (null after a dry run, and once removed), what came of it, or what was wrong."""

    errors: list[InputError]
    exception: SlotException | None = None
    outcome: SlotsMoved | None = None


@strawberry.type
class ClosureAnswer:
    """The closure (null after a dry run, and once removed), what came of it, or what was wrong."""

    errors: list[InputError]
    closure: Closure | None = None
    outcome: SlotsMoved | None = None


RULES = Verbs(models.SlotRule, SlotRuleAnswer, "rule")
EXCEPTIONS = Verbs(models.SlotException, SlotExceptionAnswer, "exception")
CLOSURES = Verbs(models.Closure, ClosureAnswer, "closure")
_RULE = (
    *("frequency", "weekday", "nth", "starts", "ends", "place", "helper"),
    *("valid_from", "valid_until", "on_holiday"),
)


def _tried(verbs: Verbs[A], given: Any, carry_out: Callable[[Keep], A]) -> A:
    """What the verb answers, with what came of it; a dry run is taken back, and has no record."""
    kept: list[Made] = []
    with rehearsal(given.dry_run):
        found: Any = carry_out(kept.append)
        if not found.errors and kept:
            found.outcome = SlotsMoved.of(kept[-1], there=not given.dry_run)
    if given.dry_run and not found.errors:
        setattr(found, verbs.name, None)
    return found  # type: ignore[no-any-return]


@strawberry.type
class SlotRulesMutation:
    @strawberry.mutation(description="A new rule; its slots are made at once.")
    def create_slot_rule(self, info: Info, input: inputs.CreateSlotRuleInput) -> SlotRuleAnswer:
        def make(by: Actor, keep: Keep) -> models.SlotRule:
            item = chosen(models.ServiceItem, input.item_id, info)
            rule = models.SlotRule(
                community_id=item.community_id,
                item=item,
                capacity=item.capacity if input.capacity is None else input.capacity,
                **{name: getattr(input, name) for name in _RULE},
            )
            keep(scheduling.save_rule(rule, by=by))
            return rule

        return _tried(
            RULES,
            input,
            lambda keep: RULES.made(info, input, "createSlotRule", lambda by: make(by, keep)),
        )

    @strawberry.mutation(
        description="Changes a rule. Its slots that nobody has booked follow; those that are "
        "booked are left, and named."
    )
    def update_slot_rule(self, info: Info, input: inputs.UpdateSlotRuleInput) -> SlotRuleAnswer:
        def change(rule: models.SlotRule, by: Actor, keep: Keep) -> None:
            keep(scheduling.save_rule(put(rule, input, (*_RULE, "capacity")), by=by))

        return _on(RULES, info, input, input.rule_id, change)

    @strawberry.mutation(description="Makes the slots of a rule that are due.")
    def apply_slot_rule(self, info: Info, input: inputs.ApplySlotRuleInput) -> SlotRuleAnswer:
        return _on(
            RULES,
            info,
            input,
            input.rule_id,
            lambda rule, by, keep: keep(scheduling.apply_rule(rule, by=by)),
        )

    @strawberry.mutation(
        description="An occurrence does not take place, and who has booked is told; or one day "
        "more is offered."
    )
    def add_slot_exception(
        self, info: Info, input: inputs.AddSlotExceptionInput
    ) -> SlotExceptionAnswer:
        def make(by: Actor, keep: Keep) -> models.SlotException:
            rule = chosen(models.SlotRule, input.rule_id, info)
            exception = models.SlotException(
                community_id=rule.community_id,
                rule=rule,
                day=input.day,
                kind=input.kind,
                reason=input.reason,
            )
            keep(scheduling.except_day(exception, by=by))
            return exception

        return _tried(
            EXCEPTIONS,
            input,
            lambda keep: EXCEPTIONS.made(
                info, input, "addSlotException", lambda by: make(by, keep)
            ),
        )

    @strawberry.mutation(description="Changes an exception; the slots follow.")
    def update_slot_exception(
        self, info: Info, input: inputs.UpdateSlotExceptionInput
    ) -> SlotExceptionAnswer:
        def change(exception: models.SlotException, by: Actor, keep: Keep) -> None:
            put(exception, input, ("day", "kind", "reason"))
            keep(scheduling.except_day(exception, by=by))

        return _on(EXCEPTIONS, info, input, input.exception_id, change)

    @strawberry.mutation(description="Takes an exception away: the day is what the rule says.")
    def remove_slot_exception(
        self, info: Info, input: inputs.RemoveSlotExceptionInput
    ) -> SlotExceptionAnswer:
        return _on(
            EXCEPTIONS,
            info,
            input,
            input.exception_id,
            lambda row, by, keep: keep(scheduling.take_back_exception(row, by=by)),
        )

    @strawberry.mutation(
        description="Closes an item, or everything, for some days: what falls into them is called "
        "off, and who has booked is told."
    )
    def create_closure(self, info: Info, input: inputs.CreateClosureInput) -> ClosureAnswer:
        def make(by: Actor, keep: Keep) -> models.Closure:
            item = chosen(models.ServiceItem, input.item_id, info) if input.item_id else None
            closure = models.Closure(
                community=community_of(by.user, input.community),
                item=item,
                first_day=input.first_day,
                last_day=input.last_day,
                reason=input.reason,
            )
            keep(scheduling.close(closure, by=by))
            return closure

        return _tried(
            CLOSURES,
            input,
            lambda keep: CLOSURES.made(info, input, "createClosure", lambda by: make(by, keep)),
        )

    @strawberry.mutation(description="Changes a closure; what falls into it now is called off.")
    def update_closure(self, info: Info, input: inputs.UpdateClosureInput) -> ClosureAnswer:
        links: Any = {"item_id": models.ServiceItem}

        def change(closure: models.Closure, by: Actor, keep: Keep) -> None:
            put(closure, input, ("first_day", "last_day", "reason"), links, info)
            keep(scheduling.close(closure, by=by))

        return _on(CLOSURES, info, input, input.closure_id, change)

    @strawberry.mutation(description="Takes a closure away; what it called off stays off.")
    def remove_closure(self, info: Info, input: inputs.RemoveClosureInput) -> ClosureAnswer:
        return removed(CLOSURES, info, input.closure_id)


def _on(
    verbs: Verbs[A],
    info: Info,
    given: Any,
    key: relay.GlobalID,
    do: Callable[[Any, Actor, Keep], object],
) -> A:
    """As `Verbs.on`, with what came of it."""
    return _tried(verbs, given, lambda keep: verbs.on(info, key, lambda row, by: do(row, by, keep)))
