"""A former version of a record, brought back as an ordinary edit: by the same rules, as a new change.

What an edit may not touch is not restored: states move by verbs alone, codes and numbers stand, a
record stays in its community; what has been forgotten does not come back.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from backend.core import history
from backend.core.errors import RuleViolation
from backend.core.facets import all_facets
from backend.core.gate_checks import written_meanwhile
from backend.core.gate_telling import told_as
from backend.core.history import BOOKKEEPING, Change
from backend.core.models import Kept
from backend.core.personal import mask
from backend.core.record_history import Told, Words
from backend.core.versions import Values, as_of_change_set, as_of_revision, version_unknown


@dataclass(frozen=True)
class Restoration:
    """What restoring would change, field by field, and what differs and stays as it is."""

    told: tuple[Told, ...] = ()
    stays: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


def restorable(model: type[Kept]) -> frozenset[str]:
    """The fields that an ordinary edit may write: those of the form, without what is fixed."""
    facets = next((found for found in all_facets() if found.model is model), None)
    names = set(facets.form) if facets is not None else set()
    fixed = {"community", "code", *model.fixed, *model.derived, *model.following, *BOOKKEEPING}
    if model.machine is not None:
        fixed.add(model.machine.field)
    editable = {one.name for one in model._meta.concrete_fields if one.editable}
    return frozenset((names - fixed) & editable)


def restoration(
    record: Kept, change_set: int, reader: Any, *, among: Collection[str]
) -> Restoration:
    """What it would mean to bring back the record as a change set left it; `among` are the fields
    that its page lets this user edit now.

    Raises: version_unknown; version_forgotten.
    """
    return _restoration(record, as_of_change_set(record, change_set), reader, among)


def restoration_of_revision(
    record: Kept, revision: int, reader: Any, *, among: Collection[str]
) -> Restoration:
    """As `restoration`, of the record as it was when it had that revision.

    Raises: version_unknown; version_forgotten.
    """
    if not 0 < revision <= record.revision:
        raise version_unknown()
    return _restoration(record, as_of_revision(record, revision), reader, among)


def _restoration(record: Kept, then: Values, reader: Any, among: Collection[str]) -> Restoration:
    model = type(record)
    may = restorable(model) & frozenset(among)
    differing = [
        one
        for one in model._meta.concrete_fields
        if one.attname in then
        and one.name not in BOOKKEEPING
        and one.name not in model.following
        and then[one.attname] != record.__dict__[one.attname]
    ]
    values = {one.attname: then[one.attname] for one in differing if one.name in may}
    changes = {
        name: Change(
            history.UPDATE,
            record.pk,
            record.revision,
            {name: _kept(record.__dict__[name])},
            {name: _kept(value)},
        )
        for name, value in values.items()
    }
    words = Words(reader)
    words.look_up(model, changes.values())
    told: list[Told] = []
    for one in differing:
        if one.name in model.personal and one.name in may:
            kind = model.personal[one.name]
            sides = (
                mask(kind, value) for value in (record.__dict__[one.attname], then[one.attname])
            )
            told.append(Told(str(one.verbose_name), *(side or gettext("空") for side in sides)))
        elif one.attname in changes:
            told += words.fields(model, changes[one.attname])
    stays = tuple(str(one.verbose_name) for one in differing if one.name not in may)
    return Restoration(tuple(told), stays, values)


def restore(
    record: Any,
    found: Restoration,
    *,
    revision: int,
    reason: str,
    save: Callable[[Any], object],
) -> None:
    """Writes the version by `save`, the register's own way of saving an edit.

    Raises: reason_required; version_same; changed_meanwhile unless the record still has the revision
        that was looked at; what saving raises.
    """
    if not reason.strip():
        raise RuleViolation("reason_required", "恢复旧版本需要写明原因。", field="reason")
    if record.revision != revision:
        raise written_meanwhile()
    if not found.values:
        raise RuleViolation("version_same", "这一版和现在一样，没有需要恢复的内容。")
    for name, value in found.values.items():
        setattr(record, name, value)
    with told_as(f"restore {record._meta.label}", reason.strip()):
        save(record)


def _kept(value: Any) -> Any:
    """A value as history keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
