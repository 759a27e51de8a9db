"""What rules need to know about other rows, fetched for a whole set in a fixed number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Final, Self

from django.db.models import ForeignKey, Model, Q, UniqueConstraint

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese

_MISSING: Final = object()
# Stands for the key of a record of the same set that has none yet.
_NEW: Final = object()
# Foreign rows that are first counted, before each is read.
MANY = 100
Holds = Callable[[dict[str, Any]], bool]


def compiled(model: type[Model], condition: Q | None) -> Holds:
    """A constraint's condition as a function of a record's values, for unsaved records.

    Only what our constraints use: `=`, `__in` and `__isnull` on own columns, joined by AND, negated.
    """
    if condition is None:
        return lambda values: True
    if condition.connector != Q.AND:
        raise NotImplementedError("constraint conditions are joined by AND")
    parts = [_compiled_child(model, child) for child in condition.children]
    negated = condition.negated
    if len(parts) == 1:
        only = parts[0]
        return (lambda values: not only(values)) if negated else only

    def holds(values: dict[str, Any]) -> bool:
        # A plain loop: it is asked several times of each of 100 000 records.
        for part in parts:
            if not part(values):
                return negated
        return not negated

    return holds


def _compiled_child(model: type[Model], child: Any) -> Holds:
    if isinstance(child, Q):
        return compiled(model, child)
    path, wanted = child
    name, _, lookup = path.partition("__")
    attname = model._meta.get_field(name).attname
    match lookup:
        case "" | "exact":
            return lambda values: bool(values[attname] == wanted)
        case "isnull":
            return lambda values: (values[attname] is None) == wanted
        case "in":
            return lambda values: values[attname] in wanted
    raise NotImplementedError(f"lookup {lookup!r} in a constraint's condition")


@dataclass(frozen=True)
class Unique:
    """A unique constraint, ready to be asked of many records."""

    constraint: UniqueConstraint
    attnames: tuple[str, ...]
    holds: Holds
    pick: Callable[[dict[str, Any]], tuple[Any, ...]]

    def key(self, record: Model) -> tuple[Any, ...] | None:
        """What must be unique of the record; None if the constraint does not apply to it."""
        return self.keys([record.__dict__])[0]

    def keys(self, rows: list[dict[str, Any]]) -> list[tuple[Any, ...] | None]:
        """The same for the values of many records."""
        holds, pick = self.holds, self.pick
        found = [pick(values) if holds(values) else None for values in rows]
        return [None if key is not None and None in key else key for key in found]


@cache
def uniques(model: type[Model]) -> tuple[Unique, ...]:
    """The model's unique constraints, compiled once."""
    found = []
    for constraint in unique_constraints(model):
        names = tuple(model._meta.get_field(f).attname for f in constraint.fields)
        holds = compiled(model, constraint.condition)
        found.append(Unique(constraint, names, holds, _picker(names)))
    return tuple(found)


def _picker(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    only = names[0]
    return lambda values: (values[only],)


def unique_constraints(model: type[Model]) -> list[UniqueConstraint]:
    """The model's named unique constraints, and one for each unique column."""
    found = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    found += [
        UniqueConstraint(
            fields=[field.name],
            name=f"{model._meta.db_table}_{field.name}_unique",
            violation_error_code=f"{field.name}_taken",
            violation_error_message=f"{in_chinese(field.verbose_name)}已被使用，请换一个。",
        )
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    ]
    return found


class Facts:
    """The world around a set of records: their foreign rows, and the unique keys already taken."""

    def __init__(self, model: Any) -> None:
        self.model = model
        # Foreign key name -> {pk: community id of the row, or None}; a missing pk does not exist.
        self.communities: dict[str, dict[Any, int | None]] = {}
        # Foreign key name -> {pk: the row}, for the model's parents alone.
        self.parents: dict[str, dict[Any, Any]] = {}
        # What a model's own `gather` has noted of the rows that hang on each record.
        self.beside: dict[Any, set[Any]] = {}
        # Key of a record -> names that its texts must not tell; for texts about to be published.
        self.names: dict[Any, frozenset[str]] = {}
        self._taken: list[tuple[Unique, dict[tuple[Any, ...], Any]]] = []
        # The same the other way round: key -> who has it, and who -> the key.
        self._held: list[dict[Any, tuple[Any, ...]]] = []
        # Of the record last checked.
        self._keys: tuple[tuple[Any, ...] | None, ...] = ()
        # The keys of the records gathered for, by id(): they are asked for once, not twice.
        self._keys_of: dict[int, tuple[tuple[Any, ...] | None, ...]] = {}
        self._targets: list[tuple[str, str, str, dict[Any, int | None]]] = []

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """Reads everything the rules will ask for: a query a foreign key, one a unique key."""
        facts = cls(model)
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                facts._gather_targets(field, records)
        known = uniques(model)  # type: ignore[arg-type]
        rows = [record.__dict__ for record in records]
        by_unique = [unique.keys(rows) for unique in known]
        for unique, keys in zip(known, by_unique, strict=True):
            facts._gather_taken(unique, [key for key in keys if key is not None])
        if known:
            facts._keys_of = dict(zip(map(id, records), zip(*by_unique, strict=True), strict=True))
        return facts

    def _gather_targets(self, field: "ForeignKey[Any]", records: list[Any]) -> None:
        self._read_targets(field, records)
        known = self.communities[field.name]
        self._targets.append((field.attname, field.name, in_chinese(field.verbose_name), known))

    def _read_targets(self, field: "ForeignKey[Any]", records: list[Any]) -> None:
        attname = field.attname
        wanted = {r.__dict__[attname] for r in records} - {None}
        target = field.related_model
        rows = target._default_manager.order_by().filter(pk__among=wanted)
        choosable = target.choosable() if hasattr(target, "choosable") else None
        if choosable is not None:
            rows = rows.filter(choosable)
        if field.name in self.model.parents:
            self.parents[field.name] = {row.pk: row for row in rows} if wanted else {}
            self.communities[field.name] = {
                pk: getattr(row, "scope_community_id", None)
                for pk, row in self.parents[field.name].items()
            }
            return
        has_community = any(f.attname == "community_id" for f in target._meta.concrete_fields)
        own = {r.__dict__.get("community_id") for r in records} if has_community else set()
        if len(wanted) > MANY and len(own) == 1 and own != {None}:
            # Most often all is well, which one number tells: no need to read them all.
            (community,) = own
            if rows.filter(community=community).count() == len(wanted):
                self.communities[field.name] = dict.fromkeys(wanted, community)
                return
        columns = ("pk", "community_id") if has_community else ("pk",)
        self.communities[field.name] = (
            {row[0]: row[1] if has_community else None for row in rows.values_list(*columns)}
            if wanted
            else {}
        )

    def _gather_taken(self, unique: Unique, keys: list[tuple[Any, ...]]) -> None:
        taken: dict[tuple[Any, ...], Any] = {}
        if keys:
            columns = dict(zip(unique.attnames, map(set, zip(*keys, strict=True)), strict=True))
            # One long list is enough to find the few rows; two cost the database twice.
            longest = max(columns, key=lambda name: len(columns[name]))
            # A single value as an equation and no order: else SQLite takes the wrong index.
            rows = self.model._default_manager.order_by()
            for name, values in columns.items():
                if len(values) == 1:
                    rows = rows.filter(**{name: next(iter(values))})
                elif name == longest:
                    rows = rows.filter(**{f"{name}__among": values})
            if unique.constraint.condition is not None:
                rows = rows.filter(unique.constraint.condition)
            taken = {tuple(row[:-1]): row[-1] for row in rows.values_list(*unique.attnames, "pk")}
        self._taken.append((unique, taken))
        self._held.append({pk: key for key, pk in taken.items()})

    def note_beside(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Notes (key of a record, something about a row that hangs on it)."""
        for pk, found in pairs:
            self.beside.setdefault(pk, set()).add(found)

    def parent(self, record: Any, name: str) -> Any:
        """The locked parent row of a record, or None."""
        pk = getattr(record, f"{name}_id")
        return self.parents[name].get(pk)

    def check_targets(self, record: Any) -> None:
        """Raises: not_found for a foreign row that is not there or is another community's."""
        values = record.__dict__
        own = values.get("community_id")
        for attname, name, label, known in self._targets:
            pk = values[attname]
            if pk is None:
                continue
            other = known.get(pk, _MISSING)
            if other is _MISSING or (own is not None and other is not None and other != own):
                raise RuleViolation("not_found", f"没有找到所选的{label}，请重新选择。", field=name)

    def check_unique(self, record: Any) -> None:
        """Raises: the violated constraint's own code."""
        own = record.id
        keys = self._keys_of.get(id(record))
        if keys is None:
            keys = tuple([unique.key(record) for unique, _ in self._taken])
        self._keys = keys
        for (unique, taken), key in zip(self._taken, keys, strict=True):
            if key is None or key not in taken or (own is not None and taken[key] == own):
                continue
            constraint = unique.constraint
            raise RuleViolation(
                constraint.violation_error_code or "already_there",
                str(constraint.violation_error_message),
                field=constraint.fields[-1],
            )

    def admit(self, record: Any) -> None:
        """Takes note of the record just checked, so that the next of the set is judged after it."""
        own = record.id
        if own is None:
            for (_, taken), key in zip(self._taken, self._keys, strict=True):
                if key is not None:
                    taken[key] = _NEW
            return
        for (_, taken), held, key in zip(self._taken, self._held, self._keys, strict=True):
            given_up = held.pop(own, None)
            if given_up is not None and given_up != key:
                # Free for the next: the gate writes changed rows in the order of the set.
                del taken[given_up]
            if key is not None:
                taken[key] = own or _NEW
                held[own] = key
