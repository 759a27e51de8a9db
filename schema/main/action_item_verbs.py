"""Verbs of action items in the main API: for staff, and for the contact of the body that answers."""

import strawberry
from strawberry.types import Info

from backend.meetings import actions, models, working
from schema.main import meeting_inputs as given
from schema.main.action_items import ActionItem, ActionProgress
from schema.main.base import InputError, actor, answer, chosen, reread
from schema.main.idempotency import once


@strawberry.type
class ActionItemAnswer:
    """The action item as it now stands, or what was wrong."""

    errors: list[InputError]
    action_item: ActionItem | None = None


@strawberry.type
class ActionProgressAnswer:
    """The line of progress, or what was wrong."""

    errors: list[InputError]
    progress: ActionProgress | None = None


def _on_action(info: Info, input: given.MoveActionItemInput, verb: str) -> ActionItemAnswer:
    def carry_out() -> dict[str, object]:
        item = chosen(models.ActionItem, input.action_item_id, info)
        actions.ACTION_VERBS[verb](item, by=actor(info), reason=input.reason)
        return {"action_item": reread(item, info, "actionItem")}

    return answer(ActionItemAnswer, carry_out)


@strawberry.type
class ActionItemsMutation:
    @strawberry.mutation(description="Begins an action item.")
    def start_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _on_action(info, input, "start")

    @strawberry.mutation(description="A line of progress on an action item.")
    def report_action_item(
        self, info: Info, input: given.ReportActionItemInput
    ) -> ActionProgressAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            item = chosen(models.ActionItem, input.action_item_id, info)
            made = once(
                "reportActionItem",
                input.idempotency_key,
                by,
                models.ActionProgress,
                lambda: working.report(item, input.text, by=by, occurred_on=input.occurred_on),
            )
            return {"progress": reread(made, info, "progress")}

        return answer(ActionProgressAnswer, do)

    @strawberry.mutation(description="Reports an action item as done; another person verifies it.")
    def finish_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _on_action(info, input, "finish")

    @strawberry.mutation(description="Verifies an action item that somebody else reported as done.")
    def verify_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _on_action(info, input, "verify")

    @strawberry.mutation(description="Gives an action item back to be done again; needs a reason.")
    def reopen_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _on_action(info, input, "reopen")
