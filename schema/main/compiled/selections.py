"""A selection of a node: what it reads of each row, and how a row becomes its object.

It is made once a document and holds nothing of a caller; `prepare` asks the caller's rules.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.sql import Query

from schema.main.compiled import leaves, sql
from schema.main.compiled.asking import Asking, Chosen
from schema.main.compiled.refusal import Uncompilable

Shape = Callable[[Any], Any]


class Kept:
    """A place in a row that holds nothing: what stands there is put in afterwards."""

    def now(self, asking: Asking) -> Any:
        return Value(None)


@dataclass
class Column(Kept):
    """A column of the model."""

    name: str

    def now(self, asking: Asking) -> Any:
        return F(self.name)


@dataclass
class Annotation(Kept):
    """An expression that a field declares, or makes for its caller."""

    model: Any
    expression: Any
    chosen: Chosen
    # What the field declares with it, to which it may refer.
    beside: dict[str, Any] = field(default_factory=dict)
    # The column that it would be, and whether it wants a query of its own: known once it was made.
    column: Any = None
    alone: bool = False

    @property
    def of_caller(self) -> bool:
        """Whether it is another one for another caller."""
        return any(_is_made(one) for one in (self.expression, *self.beside.values()))

    def now(self, asking: Asking) -> Any:
        info = asking.info(self.chosen) if self.of_caller else None
        found = self.expression(info) if _is_made(self.expression) else self.expression
        if self.column is None:
            self._look_at(found, info)
        return self._alone(found, info) if self.alone else found

    def _look_at(self, found: Any, info: Any) -> None:
        try:
            made = found.resolve_expression(Query(self.model), allow_joins=True)
        except FieldError:
            beside = self._with(info).query
            made, self.alone = found.resolve_expression(beside, allow_joins=True), True
        if made.contains_over_clause:
            raise Uncompilable("a window")
        self.alone, self.column = self.alone or made.contains_aggregate, made.output_field

    def _with(self, info: Any) -> Any:
        more = {n: one(info) if _is_made(one) else one for n, one in self.beside.items()}
        return self.model._base_manager.order_by().annotate(**more)

    def _alone(self, found: Any, info: Any) -> Subquery:
        """Of this row alone: an aggregate would group what stands beside it."""
        rows = self._with(info).filter(pk=OuterRef("pk"))
        return Subquery(rows.annotate(_alone=found).values("_alone"))


def _is_made(expression: Any) -> bool:
    return callable(expression) and not isinstance(expression, Combinable)


class Part:
    """What hangs on a row and is read with it."""

    def prepare(self, asking: Asking) -> "PreparedPart":
        """The part for one caller."""
        raise NotImplementedError


class PreparedPart:
    """A part with a caller's rules and arguments."""

    key: Hashable | None

    def text(self) -> Any:
        """The expression of its text."""
        raise NotImplementedError

    def shape(self, item: Any) -> Any:
        """What its text becomes in the answer."""
        raise NotImplementedError


class Computed:
    """A field that Python makes of some columns."""

    def prepare(self, asking: Asking, is_single: bool) -> Shape:
        """A function of a row's values."""
        raise NotImplementedError


@dataclass
class Selection:
    """A node's fields as they were chosen. The first places of a row are those of `keys`."""

    model: Any
    origin: Any
    keys: list[str] = field(default_factory=list)
    values: list[Kept] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    # Response key to what makes the value presentable; an annotation's is found out when it is made.
    converts: dict[str, leaves.Convert] = field(default_factory=dict)
    annotated: dict[str, tuple[Annotation, Any]] = field(default_factory=dict)
    computed: dict[str, Computed] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def hidden(self, value: Kept) -> int:
        """The place of something that is read and not shown."""
        for place in range(len(self.keys), len(self.values)):
            if self.values[place] == value:
                return place
        self.values.append(value)
        return len(self.values) - 1

    def prepare(self, asking: Asking, *, is_single: bool = False) -> "Prepared":
        """The selection for one caller."""
        return Prepared(self, asking, is_single)


class Prepared:
    """A selection with a caller's rules."""

    def __init__(self, selection: Selection, asking: Asking, is_single: bool) -> None:
        self.selection = selection
        self.expressions = [one.now(asking) for one in selection.values]
        for key, (annotation, declared) in list(selection.annotated.items()):
            convert = leaves.shown(declared, leaves.reader(annotation.column), None)
            if convert is not None:
                selection.converts[key] = convert
            selection.annotated.pop(key, None)
        self.parts = [(key, part.prepare(asking)) for key, part in selection.parts.items()]
        computed = {k: one.prepare(asking, is_single) for k, one in selection.computed.items()}
        self.shape = self._shape(computed)

    @property
    def key(self) -> Hashable | None:
        """What tells its SQL from that of other callers; None if nothing does."""
        parts = tuple(part.key for _, part in self.parts)
        if None in parts:
            return None
        made = tuple(
            expression
            for kept, expression in zip(self.selection.values, self.expressions, strict=True)
            if isinstance(kept, Annotation) and kept.of_caller
        )
        return (parts, made)

    def text(self) -> Any:
        """The text of a row."""
        return sql.row(self.expressions, [part.text() for _, part in self.parts])

    def _shape(self, computed: dict[str, Shape]) -> Shape:
        keys, constants = tuple(self.selection.keys), self.selection.constants
        converts = tuple(self.selection.converts.items())
        makes = tuple(computed.items())
        parts = tuple((n, key, part.shape) for n, (key, part) in enumerate(self.parts, 1))

        def shape(item: Any) -> dict[str, Any]:
            values = item[0] if parts else item
            # Those that are only read stand behind, and have no key.
            found = dict(zip(keys, values, strict=False))
            for key, convert in converts:
                found[key] = convert(found[key])
            for key, make in makes:
                found[key] = make(values)
            for place, key, inner in parts:
                found[key] = inner(item[place])
            if constants:
                found.update(constants)
            return found

        return shape
