"""Verbs of action items in the main API: for staff, and for the contact of the body that answers."""

import strawberry
from strawberry.types import Info

from backend.core.access import Actor
from backend.meetings import actions, models, working
from schema.main import meeting_inputs as given
from schema.main.action_items import ActionItem, ActionProgress
from schema.main.base import InputError, chosen
from schema.main.verbs import Verbs


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


ITEMS = Verbs(models.ActionItem, ActionItemAnswer, "action_item")
PROGRESS = Verbs(models.ActionProgress, ActionProgressAnswer, "progress")


def _moved(info: Info, input: given.MoveActionItemInput, verb: str) -> ActionItemAnswer:
    return ITEMS.move(info, input.action_item_id, actions.ACTION_VERBS[verb], input.reason)


@strawberry.type
class ActionItemsMutation:
    @strawberry.mutation(description="Begins an action item.")
    def start_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _moved(info, input, "start")

    @strawberry.mutation(description="A line of progress on an action item.")
    def report_action_item(
        self, info: Info, input: given.ReportActionItemInput
    ) -> ActionProgressAnswer:
        def make(by: Actor) -> models.ActionProgress:
            item = chosen(models.ActionItem, input.action_item_id, info)
            return working.report(item, input.text, by=by, occurred_on=input.occurred_on)

        return PROGRESS.made(info, input, "reportActionItem", make)

    @strawberry.mutation(description="Reports an action item as done; another person verifies it.")
    def finish_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _moved(info, input, "finish")

    @strawberry.mutation(description="Verifies an action item that somebody else reported as done.")
    def verify_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _moved(info, input, "verify")

    @strawberry.mutation(description="Gives an action item back to be done again; needs a reason.")
    def reopen_action_item(self, info: Info, input: given.MoveActionItemInput) -> ActionItemAnswer:
        return _moved(info, input, "reopen")
