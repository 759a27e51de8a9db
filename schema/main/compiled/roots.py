"""Root fields: a page of a register, one row by its code, one by its id."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from graphql import (
    FieldNode,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
)
from strawberry import relay

from schema.main.compiled import sql
from schema.main.compiled.asking import Asking, Chosen
from schema.main.compiled.compiler import Compiler, keyed, own_resolver
from schema.main.compiled.pages import Page
from schema.main.compiled.refusal import Uncompilable
from schema.main.compiled.rows import Rows, place_of
from schema.main.compiled.selections import Selection
from schema.main.compiled.statements import fetch, kept

Answer = Any


class Root:
    """A root field that is read by one statement."""

    def answer(self, asking: Asking) -> Any:
        """What stands in the answer. Raises whatever its hooks raise."""
        raise NotImplementedError


@dataclass(eq=False)
class RootPage(Root):
    """A page of a register, or of what a resolver chose of it."""

    chosen: Chosen
    page: Page

    def answer(self, asking: Asking) -> Any:
        page, chosen = self.page, self.chosen
        info = asking.info(chosen)
        args, given = asking.arguments(chosen, info)
        place = place_of(given, info, page.most)
        rows = self._rows(asking, info, args, given)
        if not page.reads_rows:
            total = rows.query(ordered=False).count() if page.counts else None
            return page.answer([], place, total, dict)
        inner = page.selection.prepare(asking)

        def make() -> Any:
            text = inner.text()
            if page.counts:
                text = sql.Joined(text, sql.Counted(rows.query(ordered=False).values("pk")))
            return sql.texts(rows.query(), text, *page.bounds(place))

        # By the field itself, which is kept with its statement: a number would come again.
        key = (self, place, rows.key, inner.key)
        items = fetch(kept(key if None not in key else None, make))
        total = None
        if page.counts:
            total = items[0][1] if items else self._none(rows, place.start)
            items = [item[0] for item in items]
        return page.answer(items, place, total, inner.shape)

    def _rows(self, asking: Asking, info: Any, args: list[Any], given: dict[str, Any]) -> Rows:
        selection, field_ = self.page.selection, self.chosen.field
        base: Any = selection.model._default_manager.all()
        key: Hashable | None = ()
        if not own_resolver(field_):
            named = {
                name: given.pop(name) for name in list(given) if name not in ("filters", "ordering")
            }
            resolver: Any = field_.base_resolver
            # Its first argument is the root, which is nothing.
            base, key = resolver(*[None for _ in args], **named), None
            if not isinstance(base, QuerySet) or base.query.is_sliced:
                raise Uncompilable("a resolver that does not answer rows")
        return Rows(base, selection.origin, field_, given, info, base_key=key)

    @staticmethod
    def _none(rows: Rows, start: int) -> int:
        return int(rows.query(ordered=False).count()) if start else 0


@dataclass
class RootOne(Root):
    """The first of the rows that a resolver means (schema.main.base.one_row)."""

    chosen: Chosen
    selection: Selection

    def answer(self, asking: Asking) -> Any:
        info = asking.info(self.chosen)
        args, given = asking.arguments(self.chosen, info)
        resolver = self.chosen.field.base_resolver.wrapped_func  # type: ignore[union-attr]
        rows = resolver.rows_of(*[None for _ in args], **given)
        if not isinstance(rows, QuerySet) or rows.model is not self.selection.model:
            raise Uncompilable("a resolver that does not answer rows")
        inner = self.selection.prepare(asking, is_single=resolver.is_single)
        rows = rows if rows.ordered else rows.order_by("pk")
        items = fetch(kept(None, lambda: sql.texts(rows, inner.text(), 0, 1)))
        return inner.shape(items[0]) if items else None


# Stands for the key in a statement that is kept; no row has it.
_SOME_KEY = 2_147_399_173


@dataclass(eq=False)
class RootNode(Root):
    """Any object by its id. What is chosen of it depends on its type, which the id tells."""

    chosen: Chosen
    nodes: list[FieldNode]
    compiler: Compiler
    selections: dict[str, Selection] = field(default_factory=dict)

    def answer(self, asking: Asking) -> Any:
        info = asking.info(self.chosen)
        _, given = asking.arguments(self.chosen, info)
        name, key = given["id"].type_name, given["id"].node_id
        if not (key.isascii() and key.isdecimal() and len(key) < 10):
            raise Uncompilable("an id that is no number")
        selection = self._selection(name)
        origin = selection.origin
        if not issubclass(origin, relay.Node) or not keyed(origin):
            raise Uncompilable("a type that looks for its rows itself")
        inner = selection.prepare(asking)
        rows = Rows(selection.model._default_manager.all(), origin, self.chosen.field, {}, info)

        def make() -> Any:
            found = rows.query(ordered=False).filter(pk=_SOME_KEY)
            return sql.texts(found, inner.text(), 0, 1)

        known = (self, name, rows.key, inner.key)
        statement = kept(known if None not in known else None, make)
        items = fetch(statement.bound(_SOME_KEY, int(key)))
        if not items and isinstance(self.chosen.declared.type, GraphQLNonNull):
            raise Uncompilable("no such row")
        return inner.shape(items[0]) if items else None

    def _selection(self, name: str) -> Selection:
        if name not in self.selections:
            kind = self.compiler.schema.type_map.get(name)
            if not isinstance(kind, GraphQLObjectType):
                raise Uncompilable("a type that is none")
            self.selections[name] = self.compiler.node(kind, self.nodes)
        return self.selections[name]


def root(compiler: Compiler, chosen: Chosen) -> Root:
    """What a root field is. Raises Uncompilable."""
    field_: Any = chosen.field
    declared: Any = chosen.declared.type
    kind = get_named_type(declared)
    if field_.permission_classes:
        raise Uncompilable(f"{chosen.name} is guarded")
    if [type(one) for one in field_.extensions] == [relay.fields.NodeExtension]:
        if _many(declared):
            raise Uncompilable("several ids")
        return RootNode(chosen, chosen.nodes, compiler)
    if compiler.guarded(field_) or not hasattr(field_, "store") or field_.store:
        raise Uncompilable(f"{chosen.name} is more than rows")
    if field_.is_connection:
        return RootPage(chosen, compiler.page(chosen, chosen.nodes))
    if _many(declared) or isinstance(declared, GraphQLNonNull):
        raise Uncompilable(f"{chosen.name} is no single row")
    if not hasattr(getattr(field_.base_resolver, "wrapped_func", None), "rows_of"):
        raise Uncompilable(f"{chosen.name} reads by itself")
    return RootOne(chosen, compiler.node(kind, chosen.nodes))


def _many(declared: Any) -> bool:
    return is_list_type(
        getattr(declared, "of_type", declared) if isinstance(declared, GraphQLNonNull) else declared
    )
