"""Fields that Python makes of columns: the resolver itself is called, on a row that holds what it declares."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
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


class Asks(Enum):
    """What a resolver looks at, as far as is known: the values that it declares, which give the same
    result wherever they are the same; its model, too; the row's key and whatever else it likes.
    """

    VALUES = 0
    MODEL = 1
    ALL = 2


@dataclass
class Made(Computed):
    """A resolver with what it declares to need: columns and annotations, by their place in a row."""

    chosen: Chosen
    selection: Selection
    columns: dict[str, int]
    annotations: dict[str, int]
    complete: Callable[[Any], Any]
    # Whether the resolver itself declares the row's key.
    names_key: bool
    asks: Asks = Asks.VALUES

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
        self.annotations = [
            (name, place, leaves.nullable(leaves.reader(kept[place].column)))
            for name, place in made.annotations.items()
        ]
        # Without the row's key, unless the resolver names it.
        self.declared = [one for one in self.columns if one[0] != meta.pk.attname or made.names_key]
        self.places = [place for _, place, _ in (*self.declared, *self.annotations)]
        self.known: dict[Any, Any] = {}

    def value(self, values: Any) -> Any:
        """The resolver's value of a row; of what was seen before, without asking it again."""
        made = self.made
        if self.is_single or made.asks is Asks.ALL:
            return self._made(values, self.columns)
        key = tuple([values[place] for place in self.places])
        found = self.known.get(key, self)
        if found is not self:
            return found
        try:
            if made.asks is Asks.VALUES:
                row: Any = _Bare(self._held(values, self.declared))
                found = made.complete(self.resolve(row, **self.given))
            else:
                found = self._made(values, self.declared)
        except (Uncompilable, AttributeError):
            # It looks at more: at its model, then at the row's key.
            made.asks = Asks(made.asks.value + 1)
            return self.value(values)
        self.known[key] = found
        return found

    def _held(self, values: Any, columns: Any) -> dict[str, Any]:
        held = {}
        for name, place, read in (*columns, *self.annotations):
            held[name] = values[place] if read is None else read(values[place])
        return held

    def _made(self, values: Any, columns: Any) -> Any:
        held = self._held(values, columns)
        names = [name for name, _, _ in columns]
        row = self.made.selection.model.from_db(None, names, [held.pop(name) for name in names])
        # What is left is no column.
        vars(row).update(held)
        if self.is_single:
            row.is_single = True
        else:
            row.refresh_from_db = _not_declared
        return self.made.complete(self.resolve(row, **self.given))


class _Bare:
    """A row that has nothing but what a resolver declares."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.__dict__ = held

    def __getattr__(self, name: str) -> NoReturn:
        raise Uncompilable("a resolver looks at more than values")


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
