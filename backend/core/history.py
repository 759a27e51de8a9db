"""What changed, as change sets: written by the gate, read for the record's history and for undo."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson
from django.apps import apps
from django.db import models

from backend.core.models import ChangePart, ChangeSet

# FORGET: the row became anonymous; what it had been is not kept.
CREATE, UPDATE, DELETE, FORGET = "create", "update", "delete", "forget"
# Rows a part: small enough to unpack for one record's history, large enough to compress well.
PART_ROWS = 5_000
# Columns that follow from a write itself: their change alone is none.
BOOKKEEPING = frozenset({"id", "revision", "created_at", "updated_at"})
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One row changed: field values before and after (None where the row did not exist)."""

    kind: str
    pk: int
    revision: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    # Personal values have been taken out since: it can tell, but restore nothing.
    forgotten: bool = False


def field_names(model: type[models.Model]) -> list[str]:
    """The attribute names a change keeps, in column order."""
    derived = getattr(model, "derived", ())
    return [field.attname for field in model._meta.concrete_fields if field.name not in derived]


def pack_created(model: type[models.Model], records: Sequence[models.Model]) -> bytes:
    """The payload for rows that are new: values by column, so that 100 000 rows stay small."""
    names = field_names(model)
    values = itemgetter(*names)
    rows = [values(record.__dict__) for record in records]
    return _pack({"fields": names, "created": rows})


def pack_changes(changes: Sequence[Change]) -> bytes:
    """The payload for rows updated or deleted: only what changed."""
    return _pack(
        {"changes": [[c.kind, c.pk, c.revision, c.before, c.after] for c in changes]},
    )


def _pack(content: dict[str, Any]) -> bytes:
    return zlib.compress(orjson.dumps(content, default=str), 1)


def unpack(part: ChangePart) -> Iterator[Change]:
    """The changes of a part, in the order in which they were made."""
    content = open_payload(part.payload)
    forgotten = frozenset(content.get("forgotten", ()))
    for values in content.get("created", ()):
        after = dict(zip(content["fields"], values, strict=True))
        pk = after["id"]
        yield Change(CREATE, pk, after["revision"], None, after, pk in forgotten)
    for kind, pk, revision, before, after in content.get("changes", ()):
        yield Change(kind, pk, revision, before, after, pk in forgotten)


def open_payload(payload: bytes | memoryview) -> dict[str, Any]:
    """A payload's content, as packed."""
    content: dict[str, Any] = orjson.loads(zlib.decompress(bytes(payload)))
    return content


def rewritten(payload: bytes | memoryview, change: Callable[[int, Values], bool]) -> bytes | None:
    """The payload after `change` has looked at each row's values and taken out what must go.

    `change` gets the row's key and values (it may write into them) and answers whether the row is
    forgotten: such a row can no longer be restored. None if nothing was changed.
    """
    content = open_payload(payload)
    before = orjson.dumps(content)
    forgotten = set(content.get("forgotten", ()))
    rows = []
    for values in content.get("created", ()):
        row = dict(zip(content["fields"], values, strict=True))
        if change(row["id"], row):
            forgotten.add(row["id"])
        rows.append([row[name] for name in content["fields"]])
    if rows:
        content["created"] = rows
    for _kind, pk, _revision, *sides in content.get("changes", ()):
        # Each side is looked at, also where the first one has already decided.
        if any([change(pk, side) for side in sides if side]):
            forgotten.add(pk)
    if forgotten:
        content["forgotten"] = sorted(forgotten)
    return None if orjson.dumps(content) == before else _pack(content)


def model_of(part: ChangePart) -> type[models.Model]:
    """The model that a part is about."""
    return apps.get_model(part.model)


def parts_of(record: models.Model) -> models.QuerySet[ChangePart]:
    """The parts that may tell of one record, newest first."""
    parts = ChangePart.objects.filter(
        model=record._meta.label, first_pk__lte=record.pk, last_pk__gte=record.pk
    )
    return parts.select_related("change_set").order_by("-pk")


def changes_of(part: ChangePart, pk: int) -> list[Change]:
    """What a part tells of one record, newest first; of the other rows it makes nothing."""
    content = open_payload(part.payload)
    forgotten = pk in content.get("forgotten", ())
    found = []
    names = content.get("fields", ())
    key = names.index("id") if names else 0
    for values in content.get("created", ()):
        if values[key] == pk:
            after = dict(zip(names, values, strict=True))
            found.append(Change(CREATE, pk, after["revision"], None, after, forgotten))
    for kind, of, revision, before, after in content.get("changes", ()):
        if of == pk:
            found.append(Change(kind, pk, revision, before, after, forgotten))
    return found[::-1]


def of_record(record: models.Model) -> Iterator[tuple[ChangeSet, Change]]:
    """Everything that ever happened to one record, newest first."""
    for part in parts_of(record):
        for change in changes_of(part, record.pk):
            yield part.change_set, change


def restored(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Values as the model holds them, from values as history keeps them."""
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value
        if value is None or isinstance(by_attname[name], models.ForeignKey)
        else by_attname[name].to_python(value)
        for name, value in values.items()
    }
