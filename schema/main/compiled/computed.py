"""Fields that Python makes of columns: the resolver itself is called, on a row that holds what it declares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from schema.main.compiled import leaves
from schema.main.compiled.asking import Asking, Chosen
from schema.main.compiled.refusal import Uncompilable
from schema.main.compiled.selections import Computed, Selection, Shape


@dataclass
class Made(Computed):
    """A resolver with what it declares to need: columns and annotations, by their place in a row."""

    chosen: Chosen
    selection: Selection
    columns: dict[str, int]
    annotations: dict[str, int]
    complete: Callable[[Any], Any]
    # The same columns give the same value: until a resolver looks at what it did not declare.
    repeats: bool = True

    def prepare(self, asking: Asking, is_single: bool) -> Shape:
        rows = _RowsMade(self, asking, is_single)
        return rows.value


class _RowsMade:
    """A resolver on the rows of one answer."""

    def __init__(self, made: Made, asking: Asking, is_single: bool) -> None:
        self.made, self.is_single = made, is_single
        resolver: Any = made.chosen.field.base_resolver
        self.resolve = resolver
        args, self.given = asking.arguments(made.chosen, asking.info(made.chosen))
        if len(args) != 1:
            raise Uncompilable("a resolver of no row")
        meta = made.selection.model._meta
        # In the model's order: so Django takes them.
        self.columns = [
            (column.attname, made.columns[column.attname], leaves.nullable(leaves.reader(column)))
            for column in meta.concrete_fields
            if column.attname in made.columns
        ]
        kept: list[Any] = made.selection.values
        self.annotations = [(name, place, kept[place]) for name, place in made.annotations.items()]
        self.known: dict[Any, Any] = {}

    def value(self, values: Any) -> Any:
        made = self.made
        if self.is_single or self.annotations or not made.repeats:
            return self._made(values, self.columns)
        columns = [one for one in self.columns if one[0] != made.selection.model._meta.pk.attname]
        key = tuple(values[place] for _, place, _ in columns)
        if key not in self.known:
            try:
                self.known[key] = self._made(values, columns)
            except Uncompilable:
                # It looks at the row's key as well, then.
                made.repeats = False
                return self._made(values, self.columns)
        return self.known[key]

    def _made(self, values: Any, columns: Any) -> Any:
        names, held = [], []
        for name, place, read in columns:
            names.append(name)
            held.append(values[place] if read is None else read(values[place]))
        row = self.made.selection.model.from_db(None, names, held)
        for name, place, annotation in self.annotations:
            read = leaves.nullable(leaves.reader(annotation.column))
            value = values[place]
            setattr(row, name, value if read is None else read(value))
        if self.is_single:
            row.is_single = True
        else:
            row.refresh_from_db = _not_declared
        return self.made.complete(self.resolve(row, **self.given))


def _not_declared(*_: Any, **__: Any) -> NoReturn:
    raise Uncompilable("a resolver looks at what it does not declare")


def completing(compiler: Any, declared: Any, nodes: list[Any]) -> Callable[[Any], Any]:
    """How a resolver's value becomes what the answer holds. Raises Uncompilable."""
    if isinstance(declared, GraphQLNonNull):
        inner = completing(compiler, declared.of_type, nodes)

        def required(value: Any) -> Any:
            found = None if value is None else inner(value)
            if found is None:
                raise Uncompilable("null where the schema has none")
            return found

        return required
    if isinstance(declared, GraphQLList):
        inner = completing(compiler, declared.of_type, nodes)
        return lambda value: None if value is None else [inner(one) for one in value]
    if is_leaf_type(declared):
        serialize = declared.serialize
        return lambda value: None if value is None else serialize(value)
    if isinstance(declared, GraphQLObjectType):
        return _object(compiler, declared, nodes)
    raise Uncompilable(f"{get_named_type(declared)} is abstract")


def _object(compiler: Any, kind: GraphQLObjectType, nodes: list[Any]) -> Callable[[Any], Any]:
    """A plain object, whose fields are its attributes."""
    taken: list[tuple[str, str | None, Any]] = []
    for key, inner, chosen in compiler.chosen_in(kind, nodes):
        if chosen is None:
            taken.append((key, None, kind.name))
            continue
        field = chosen.field
        if field.base_resolver is not None or compiler.guarded(field) or hasattr(field, "store"):
            raise Uncompilable(f"{kind.name}.{chosen.name} is more than an attribute")
        taken.append((key, field.python_name, completing(compiler, chosen.declared.type, inner)))

    def complete(value: Any) -> Any:
        if value is None:
            return None
        return {
            key: made if name is None else made(getattr(value, name)) for key, name, made in taken
        }

    return complete
