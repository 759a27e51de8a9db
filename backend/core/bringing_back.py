"""What was deleted comes back: the inverse of a change set that only deleted."""

from django.db import transaction

from backend.core.access import Actor, may
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet, Kept
from backend.core.telling import model_of_label
from backend.core.undo import Undone, undo

# Imports and other acts of many steps are taken back where they were carried out.
_VERB = "delete"
_LEFT = {
    "forgotten": "个人信息已按规定删除，不能恢复",
    "not_found": "它所属的记录已经不在了，请先恢复那条记录",
}


def may_bring_back(made: ChangeSet, by: Actor) -> bool:
    """Whether the change set deleted records, is not yet taken back, and the actor may edit there."""
    verb, _space, label = made.verb.partition(" ")
    model = model_of_label(label)
    if verb != _VERB or model is None or not issubclass(model, Kept):
        return False
    if not may(by, model.action("edit"), made.community_id):
        return False
    return not ChangeSet.objects.filter(undo_of=made.pk).exists()


def bring_back(made: ChangeSet, *, by: Actor, reason: str) -> Undone:
    """The records that the change set deleted, there again as they were: one new change set.

    Raises: reason_required; not_allowed; already_undone; not_brought_back where the rules let none of
        them come back: nothing is written then.
    """
    if not reason.strip():
        raise RuleViolation("reason_required", "恢复已删除的记录需要写明原因。", field="reason")
    with transaction.atomic():
        done = undo(made, by=by, reason=reason.strip())
        if not done.restored:
            why = "；".join(sorted({left_in_words(code) for _label, _pk, code in done.left}))
            raise RuleViolation(
                "not_brought_back", f"没有能恢复的记录：{why or '没有删除过记录'}。"
            )
    return done


def left_in_words(code: str) -> str:
    """Why a record did not come back."""
    return _LEFT.get(code, f"现在的规定不允许（{code}），请核对后重新登记")
