"""What rules need to know about other rows, fetched for a whole set in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from django.db.models import ForeignKey, Model, Q, UniqueConstraint

from backend.core.errors import RuleViolation


def holds(condition: Q | None, record: Model) -> bool:
    """Whether a constraint's condition holds for an unsaved record.

    Only what our constraints use: `=`, `__in` and `__isnull` on own columns, joined by AND, negated.
    """
    if condition is None:
        return True
    if condition.connector != Q.AND:
        raise NotImplementedError("constraint conditions are joined by AND")
    verdict = all(_child_holds(child, record) for child in condition.children)
    return verdict != condition.negated


def _child_holds(child: Any, record: Model) -> bool:
    if isinstance(child, Q):
        return holds(child, record)
    path, wanted = child
    name, _, lookup = path.partition("__")
    value = getattr(record, record._meta.get_field(name).attname)
    match lookup:
        case "" | "exact":
            return bool(value == wanted)
        case "isnull":
            return (value is None) == wanted
        case "in":
            return value in wanted
    raise NotImplementedError(f"lookup {lookup!r} in a constraint's condition")


def unique_constraints(model: type[Model]) -> list[UniqueConstraint]:
    """The model's named unique constraints, and one for each unique column."""
    found = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    found += [
        UniqueConstraint(
            fields=[field.name],
            name=f"{model._meta.db_table}_{field.name}_unique",
            violation_error_code=f"{field.name}_taken",
            violation_error_message=f"{field.verbose_name}已被使用，请换一个。",
        )
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not isinstance(field, ForeignKey)
    ]
    return found


class Facts:
    """The world around a set of records: their foreign rows, and the unique keys already taken."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        # Foreign key name -> {pk: community id of the row, or None}; a missing pk does not exist.
        self.communities: dict[str, dict[Any, int | None]] = {}
        # Foreign key name -> {pk: the row}, for the model's parents alone.
        self.parents: dict[str, dict[Any, Any]] = {}
        self._taken: list[tuple[UniqueConstraint, tuple[str, ...], dict[tuple[Any, ...], Any]]] = []

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """Reads everything the rules will ask for: a query a foreign key, one a unique key."""
        facts = cls(model)
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                facts._gather_targets(field, records)
        for constraint in unique_constraints(model):
            facts._gather_taken(constraint, records)
        return facts

    def _gather_targets(self, field: "ForeignKey[Any]", records: list[Any]) -> None:
        wanted = {getattr(r, field.attname) for r in records} - {None}
        target = field.related_model
        rows = target._default_manager.filter(pk__in=wanted)
        if field.name in self.model.parents:
            self.parents[field.name] = {row.pk: row for row in rows} if wanted else {}
            self.communities[field.name] = {
                pk: getattr(row, "scope_community_id", None)
                for pk, row in self.parents[field.name].items()
            }
            return
        has_community = any(f.attname == "community_id" for f in target._meta.concrete_fields)
        columns = ("pk", "community_id") if has_community else ("pk",)
        self.communities[field.name] = (
            {row[0]: row[1] if has_community else None for row in rows.values_list(*columns)}
            if wanted
            else {}
        )

    def _gather_taken(self, constraint: UniqueConstraint, records: list[Any]) -> None:
        attnames = tuple(self.model._meta.get_field(f).attname for f in constraint.fields)
        values: dict[str, set[Any]] = defaultdict(set)
        for record in records:
            key = self._key(constraint, attnames, record)
            for name, value in zip(attnames, key or (), strict=False):
                values[name].add(value)
        taken: dict[tuple[Any, ...], Any] = {}
        if values:
            rows = self.model._default_manager.filter(**{f"{a}__in": v for a, v in values.items()})
            if constraint.condition is not None:
                rows = rows.filter(constraint.condition)
            taken = {tuple(row[:-1]): row[-1] for row in rows.values_list(*attnames, "pk")}
        self._taken.append((constraint, attnames, taken))

    @staticmethod
    def _key(
        constraint: UniqueConstraint, attnames: Iterable[str], record: Any
    ) -> tuple[Any, ...] | None:
        if not holds(constraint.condition, record):
            return None
        key = tuple(getattr(record, name) for name in attnames)
        return None if None in key else key

    def parent(self, record: Any, name: str) -> Any:
        """The locked parent row of a record, or None."""
        pk = getattr(record, f"{name}_id")
        return self.parents[name].get(pk)

    def check_targets(self, record: Any) -> None:
        """Raises: not_found for a foreign row that is not there or is another community's."""
        own = getattr(record, "community_id", None)
        for name, known in self.communities.items():
            field = self.model._meta.get_field(name)
            pk = getattr(record, field.attname)
            if pk is None:
                continue
            other = known.get(pk, KeyError)
            if other is KeyError or (own is not None and other is not None and other != own):
                raise RuleViolation(
                    "not_found", f"没有找到所选的{field.verbose_name}，请重新选择。", field=name
                )

    def check_unique(self, record: Any) -> None:
        """Raises: the violated constraint's own code."""
        for constraint, attnames, taken in self._taken:
            key = self._key(constraint, attnames, record)
            if key is not None and taken.get(key, record.pk or KeyError) != (record.pk or KeyError):
                raise RuleViolation(
                    constraint.violation_error_code or "already_there",
                    str(constraint.violation_error_message),
                    field=constraint.fields[-1],
                )

    def admit(self, record: Any) -> None:
        """Takes note of an accepted record, so that the next of the set is judged after it."""
        for constraint, attnames, taken in self._taken:
            key = self._key(constraint, attnames, record)
            if key is not None:
                taken[key] = record.pk or object()
