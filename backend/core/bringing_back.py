"""What was deleted comes back: the inverse of a change set that only deleted."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from backend.core import history
from backend.core.access import Actor, may, scope
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.models import ChangeSet, Kept
from backend.core.one_by_one import one_by_one
from backend.core.telling import model_of_label
from backend.core.undo import Undone, undo

# Imports and other acts of many steps are taken back where they were carried out.
_VERB = "delete"
_LEFT = {
    "forgotten": "个人信息已按规定删除，不能恢复",
    "not_found": "它所属的记录已经不在了，请先恢复那条记录",
}


def change_sets_of(user: Any) -> Q:
    """The row rule of change sets: those of the communities whose history the user may read."""
    return scope(user, "history.see").rows()


def deletion_of(gone: Kept, by: Actor) -> ChangeSet:
    """The change set by which a record went, of which no more than model and key is known; among
    those that the actor may read, and may take back.

    Raises: not_deleted while it is there; deleted_with_others where it went with an act that is taken
        back elsewhere; already_undone; not_allowed; not_found.
    """
    model, name = type(gone), type(gone)._meta.verbose_name
    rows: Any = model._default_manager
    if rows.filter(pk=gone.pk).exists():
        if not rows.visible_to(by.user).filter(pk=gone.pk).exists():
            raise not_found(str(name))
        raise RuleViolation("not_deleted", "这条记录没有被删除，不用恢复。")
    made = _went_by(gone)
    if made is None or not ChangeSet.objects.filter(change_sets_of(by.user), pk=made.pk).exists():
        raise not_found(str(name))
    if _deleted_in(made) is None:
        raise RuleViolation(
            "deleted_with_others",
            "这条记录是随另一项操作一起删除的，请在管理页面的“变更记录”里找到那项操作处理。",
        )
    if not may(by, model.action("edit"), made.community_id):
        raise not_allowed()
    return made


def _went_by(gone: Kept) -> ChangeSet | None:
    """The last act that is told of a record, if it deleted it."""
    for part in one_by_one(history.parts_of(gone)):
        for change in history.changes_of(part, gone.pk):
            return part.change_set if change.kind == history.DELETE else None
    return None


def _deleted_in(made: ChangeSet) -> type[Kept] | None:
    """The model whose records the change set deleted, if it did nothing but that."""
    verb, _space, label = made.verb.partition(" ")
    model = model_of_label(label)
    plain = verb == _VERB and model is not None and issubclass(model, Kept)
    return model if plain else None  # type: ignore[return-value]


def may_bring_back(made: ChangeSet, by: Actor) -> bool:
    """Whether the change set deleted records, is not yet taken back, and the actor may edit there."""
    model = _deleted_in(made)
    if model is None:
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
