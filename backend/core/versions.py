"""A record as it once was: what stands now, with its younger changes taken back in memory."""

from collections.abc import Callable
from typing import Any

from backend.core import history
from backend.core.errors import RuleViolation
from backend.core.models import ChangePart, Kept

# Parts opened for one version: each may hold a roster.
MOST_PARTS = 200
Values = dict[str, Any]
_WHOLE = (history.CREATE, history.DELETE, history.FORGET)


def as_of_revision(record: Kept, revision: int) -> Values:
    """The record's values, by attribute, when it had that revision. Raises: as `_back_to`."""
    return _back_to(record, lambda part, change: change.revision <= revision)


def as_of_change_set(record: Kept, change_set: int) -> Values:
    """The record's values, by attribute, as a change set left them. Raises: as `_back_to`."""
    return _back_to(record, lambda part, change: part.change_set_id == change_set)


def _back_to(record: Kept, reached: Callable[[ChangePart, history.Change], bool]) -> Values:
    """Raises: version_unknown where its history does not tell; version_forgotten where something on
    the way back has been forgotten: it does not come back.
    """
    parts = history.parts_of(record)
    then: Values = {}
    for pk in list(parts.values_list("pk", flat=True)[:MOST_PARTS]):
        part = parts.get(pk=pk)
        for change in history.changes_of(part, record.pk):
            if change.forgotten or change.kind == history.FORGET:
                raise version_forgotten()
            if reached(part, change):
                now = {name: record.__dict__[name] for name in history.field_names(type(record))}
                return now | history.restored(type(record), then)
            if change.kind in _WHOLE:
                raise version_unknown()
            then |= change.before or {}
    raise version_unknown()


def version_unknown() -> RuleViolation:
    """The refusal of a version that the history does not tell of; code `version_unknown`."""
    return RuleViolation("version_unknown", "历史里没有这一版，请从这条记录的历史里重新选择。")


def version_forgotten() -> RuleViolation:
    """The refusal of a version before something was forgotten; code `version_forgotten`."""
    return RuleViolation(
        "version_forgotten",
        "这一版里的个人信息已按规定删除或到期匿名，不能恢复；请直接在记录上修改。",
    )
