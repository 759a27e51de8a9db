"""历史 as staff read it: what happened to a record, and what one change set did, field by field."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext

from backend.core import history
from backend.core.access import scope
from backend.core.facets import all_facets
from backend.core.history import BOOKKEEPING, Change
from backend.core.holdings import all_holdings
from backend.core.models import ChangePart, ChangeSet, Kept, Transition
from backend.core.one_by_one import one_by_one
from backend.core.telling import (
    door_in_words,
    in_words,
    model_of_label,
    move_in_words,
    table_in_words,
    who,
)

LINES = 20
# On the record's own page: so many lines, from parts of so few rows, and not more parts than these.
RECENT = 5
RECENT_PARTS = 12
RECENT_ROWS = 200
# Moves told of one record on its page.
STEPS = 12
# Parts opened for one page, and how many rows of them by one query: a roster's parts hold thousands.
PARTS = 40
ROWS_AT_ONCE = 5_000
TEXT = 60
# What became of the whole row says more than its fields.
_WHOLE = (history.FORGET, history.DELETE, history.CREATE)
# Hold no text that somebody wrote.
_PLAIN = (models.BooleanField, models.DateField)


@dataclass(frozen=True)
class Told:
    """One field that changed; without values where they are personal, or no longer known."""

    label: str
    before: str = ""
    after: str = ""
    # For programs: the model's own name for it.
    name: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that happened to a record, and the revision that it has had since; `entrance` and
    `verb` are the codes of what `door` and `what` say in words.
    """

    at: datetime
    who: str
    door: str
    what: str
    reason: str
    fields: tuple[Told, ...]
    change_set: int
    revision: int
    entrance: str
    verb: str


@dataclass(frozen=True)
class Page:
    """Some lines, and the part from which older ones follow; None at the end."""

    lines: tuple[Line, ...]
    older: int | None


def records_told(model: type[Kept], reader: Any) -> models.QuerySet[Any]:
    """The records whose history a reader may read: those of the staff's work, as on their pages; not
    what is there for everybody, nor what somebody sees because it is about themselves.
    """
    rows: Any = model._default_manager
    if not getattr(reader, "is_staff", False):
        return rows.none()  # type: ignore[no-any-return]
    at_work = model.rows_in(scope(reader, model.action("see"))) | model.own_rows(reader, "see")
    return rows.visible_to(reader).filter(at_work)  # type: ignore[no-any-return]


def history_of(
    record: Kept, reader: Any, before: int | None = None, most: int | None = None
) -> Page:
    """The record's history, newest first, from before one of its parts: at most LINES of them, or so
    many as `most` says.
    """
    most = LINES if most is None else most
    parts = history.parts_of(record).select_related("change_set__actor")
    if before is not None:
        parts = parts.filter(pk__lt=before)
    found: dict[int, tuple[ChangeSet, list[Change]]] = {}
    last = None
    keys = list(parts.values_list("pk", "rows")[: PARTS + 1])
    for part in _opened(parts, keys[:PARTS]):
        act = part.change_set_id
        if len(found) >= most and act not in found:
            break
        last = part.pk
        changes = history.changes_of(part, record.pk)
        if changes:
            found.setdefault(act, (part.change_set, []))[1].extend(changes)
    lines = _lines(record, reader, found)
    return Page(lines, last if keys and last != keys[-1][0] else None)


def _opened(
    parts: models.QuerySet[ChangePart], keys: list[tuple[int, int]]
) -> Iterator[ChangePart]:
    """The parts of these keys, in their order: many small ones by one query, large ones by a query
    each.
    """
    waiting: list[int] = []
    rows = 0
    for pk, size in keys:
        if waiting and rows + size > ROWS_AT_ONCE:
            yield from parts.filter(pk__in=waiting)
            waiting, rows = [], 0
        waiting.append(pk)
        rows += size
    if waiting:
        yield from parts.filter(pk__in=waiting)


def recent_of(record: Kept, reader: Any) -> tuple[Line, ...]:
    """The last lines of a record's history, newest first, from small parts alone: a record's page
    opens no roster. Whether there is more, the whole history tells.
    """
    parts = history.parts_of(record).filter(rows__lte=RECENT_ROWS)
    found: dict[int, tuple[ChangeSet, list[Change]]] = {}
    for part in parts.select_related("change_set__actor")[:RECENT_PARTS]:
        changes = history.changes_of(part, record.pk)
        if changes and (len(found) < RECENT or part.change_set_id in found):
            found.setdefault(part.change_set_id, (part.change_set, []))[1].extend(changes)
    return _lines(record, reader, found)


def _who(made: Any, name: str, unnamed: Mapping[int, str]) -> str:
    """Who made a change set, as its reader may know it."""
    return unnamed.get(made.actor_id) or who(made.actor, name)


def _lines(
    record: Kept, reader: Any, found: dict[int, tuple[ChangeSet, list[Change]]]
) -> tuple[Line, ...]:
    moves: dict[int, list[Transition]] = defaultdict(list)
    if record.machine is not None and found:
        for moved in Transition.objects.filter(
            model=record._meta.label, object_id=record.pk, change_set__in=list(found)
        ).order_by("pk"):
            moves[moved.change_set_id].append(moved)
    acts = [(made, _in_one(changes)) for made, changes in found.values()]
    words = Words(reader)
    words.look_up(type(record), [change for _made, change in acts])
    unnamed = record.unnamed(reader)
    return tuple(
        _line(made, change, moves[made.pk], record, words, unnamed) for made, change in acts
    )


def moves_of(record: Kept, reader: Any) -> list[tuple[Transition, str]]:
    """The last moves of a record through its states, oldest first, each with who made it.

    One more than STEPS where there are more.
    """
    rows = Transition.objects.filter(model=record._meta.label, object_id=record.pk)
    made = rows.select_related("change_set__actor").order_by("-pk")[: STEPS + 1]
    unnamed = record.unnamed(reader)
    return [(one, _who(one.change_set, one.actor_name, unnamed)) for one in made][::-1]


def _in_one(changes: list[Change]) -> Change:
    """What one act did to a record in several steps, newest first: how it was, and how it became."""
    newest = changes[0]
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        before |= change.before or {}
        after = (change.after or {}) | after
    kinds = {change.kind for change in changes}
    kind = next((kind for kind in _WHOLE if kind in kinds), newest.kind)
    forgotten = any(change.forgotten for change in changes)
    return Change(kind, newest.pk, newest.revision, before, after, forgotten)


def _line(
    made: ChangeSet,
    change: Change,
    moves: list[Transition],
    record: Kept,
    words: "Words",
    unnamed: Mapping[int, str],
) -> Line:
    machine = record.machine
    changed = change.after or {}
    moved = next(
        (m for m in moves if machine is not None and changed.get(machine.field) == m.target), None
    )
    # A ledger's row goes through several in one act.
    steps = [move_in_words(one.move, one.model) for one in moves] if moved is not None else []
    reason = (moved.reason if moved is not None else "") or made.reason
    if change.kind in _WHOLE:
        steps.insert(0, f"{in_words(made.verb)}（{kind_in_words(change.kind)}）")
    what = "、".join(steps) or in_words(made.verb)
    return Line(
        made.recorded_at,
        _who(made, made.actor_name, unnamed),
        door_in_words(made.door),
        what,
        reason,
        words.fields(type(record), change),
        made.pk,
        change.revision,
        made.door,
        made.verb,
    )


@dataclass(frozen=True)
class Row:
    """One record that a change set touched."""

    table: str
    kind: str
    name: str
    address: tuple[str, int] | None
    fields: tuple[Told, ...]


@dataclass(frozen=True)
class Table:
    """How many rows of a table a change set touched."""

    label: str
    rows: int


def tables_of(made: ChangeSet) -> list[Table]:
    """What a change set touched, by table."""
    counts: dict[str, int] = defaultdict(int)
    for label, rows in made.parts.order_by("pk").values_list("model", "rows"):
        counts[label] += rows
    return [Table(table_in_words(label), rows) for label, rows in counts.items()]


def rows_of(made: ChangeSet, reader: Any) -> list[Row]:
    """The first records of a change set, with what became of each."""
    words = Words(reader)
    told: list[Row] = []
    for part in one_by_one(made.parts.order_by("pk")):
        if len(told) >= LINES:
            break
        model = model_of_label(part.model)
        if model is None:
            continue
        told += _rows_of_part(part, model, words, LINES - len(told))
    return told


def _rows_of_part(
    part: ChangePart, model: type[models.Model], words: "Words", most: int
) -> list[Row]:
    changes = [change for change, _n in zip(history.unpack(part), range(most), strict=False)]
    words.look_up(model, changes)
    seen = words.visible(model, {change.pk for change in changes})
    return [
        Row(
            table_in_words(part.model),
            kind_in_words(change.kind),
            str(seen[change.pk]) if change.pk in seen else "",
            (model._meta.label_lower.replace(".", "_"), change.pk) if change.pk in seen else None,
            words.fields(model, change),
        )
        for change in changes
    ]


def kind_in_words(kind: str) -> str:
    """What became of the row."""
    return {
        history.CREATE: gettext("新增"),
        history.UPDATE: gettext("修改"),
        history.DELETE: gettext("删除"),
        history.FORGET: gettext("已匿名"),
    }[kind]


class Words:
    """Fields and values for one reader: what is personal, or not theirs to see, has no value."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._related: dict[type[models.Model], dict[int, Any]] = defaultdict(dict)

    def visible(self, model: type[models.Model], pks: set[int]) -> dict[int, Any]:
        """Those of the rows that still are there and the reader may see."""
        if not issubclass(model, Kept):
            return {}
        rows: Any = model._default_manager
        return {row.pk: row for row in rows.visible_to(self.reader).filter(pk__in=pks)}

    def look_up(self, model: type[models.Model], changes: Iterable[Change]) -> None:
        """Fetches at once the records at which the changes' values point."""
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        shown = shown_fields(model)
        for change in changes:
            for values in (change.before, change.after):
                for name, value in (values or {}).items():
                    field = shown.get(name)
                    if isinstance(field, models.ForeignKey) and isinstance(value, int):
                        wanted[field.related_model].add(value)
        for target, pks in wanted.items():
            self._related[target] |= self.visible(target, pks - set(self._related[target]))

    def fields(self, model: type[models.Model], change: Change) -> tuple[Told, ...]:
        """The fields that a change of a row touched; none for a row that came or went."""
        if change.kind != history.UPDATE or change.before is None or change.after is None:
            return ()
        shown = shown_fields(model)
        told = []
        for field in model._meta.concrete_fields:
            name = field.attname
            if name not in change.after or field.name in BOOKKEEPING:
                continue
            if name in shown and not change.forgotten:
                before, after = (
                    self._value(field, side.get(name)) for side in (change.before, change.after)
                )
            else:
                before = after = ""
            told.append(Told(str(field.verbose_name), before, after, field.name))
        return tuple(told)

    def _value(self, field: Any, value: Any) -> str:
        if value in (None, ""):
            return gettext("空")
        if isinstance(field, models.ForeignKey):
            target = self._related[field.related_model].get(value)
            return str(target) if target is not None else "…"
        value = field.to_python(value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return gettext("是") if value else gettext("否")
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return f"{value:%Y-%m-%d}"
        text = str(formats.localize(value)) if not isinstance(value, str) else value
        return text if len(text) <= TEXT else f"{text[:TEXT]}…"


def shown_fields(model: type[models.Model]) -> dict[str, Any]:
    """The fields, by the name in which history keeps them, whose values may be told.

    Days, choices, and what staff see on the record's pages; nothing that is personal: a value that has been
    taken out of a record since must not come back by its history.
    """
    facets = next((found for found in all_facets() if found.model is model), None)
    machine = getattr(model, "machine", None)
    if facets is None:
        return {}
    names = {*facets.form, *facets.listed, *([machine.field] if machine is not None else ())}
    hidden = set(getattr(model, "personal", {}))
    for holding in all_holdings():
        if holding.model is model:
            hidden |= holding.texts
    return {
        field.attname: field
        for field in model._meta.concrete_fields
        if (field.name in names or field.choices or isinstance(field, _PLAIN))
        and field.name not in hidden
        and not getattr(field.related_model, "personal", {})
    }
