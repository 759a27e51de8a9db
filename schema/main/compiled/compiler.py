"""From a document to a plan: which of the schema's fields are known, and as what."""

from collections.abc import Iterator
from inspect import unwrap
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, ManyToManyField, ManyToManyRel, ManyToOneRel
from graphql import (
    FieldNode,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from strawberry import relay
from strawberry.relay.utils import to_base64
from strawberry.types.field import StrawberryField
from strawberry_django.fields.field import (
    StrawberryDjangoConnectionExtension,
    StrawberryDjangoField,
)
from strawberry_django.relay.utils import resolve_model_id, resolve_model_node

from schema.main.base import Connection
from schema.main.compiled import leaves, sql
from schema.main.compiled.asking import Chosen, Operation
from schema.main.compiled.computed import Made, completing
from schema.main.compiled.pages import EDGES, NODE, PAGE_INFO, Outline, Page
from schema.main.compiled.refusal import Uncompilable
from schema.main.compiled.relations import Link, ToMany, ToOne, ToPage
from schema.main.compiled.selections import Annotation, Column, Kept, Selection
from schema.main.nested import NestedPages
from schema.main.twins import ListsOfRows

_DEFINITION = "strawberry-definition"
_TYPE = "__typename"
# What says how the rows that hang there are read, and asks nothing beside.
_READING = (StrawberryDjangoConnectionExtension, NestedPages, ListsOfRows)
# Its name in the library: an annotation whose field had no name yet.
_PLACEHOLDER = "__annotated_placeholder__"


class Compiler:
    """Reads the selections of one operation. `flags`: the variables that its directives ask."""

    def __init__(self, operation: Operation, flags: dict[str, Any]) -> None:
        self.operation, self.flags = operation, flags
        self.schema = operation.schema._schema

    def roots(self) -> Iterator[tuple[str, Chosen | None]]:
        """The root fields by response key; None for the type's name."""
        query = self.schema.query_type
        found = collect_fields(
            self.schema,
            self.operation.fragments,
            self.flags,
            query,
            self.operation.definition.selection_set,
        )
        for key, nodes in found.items():
            yield key, self._chosen(query, nodes)

    def chosen_in(
        self, kind: GraphQLObjectType, nodes: list[FieldNode]
    ) -> Iterator[tuple[str, list[FieldNode], Chosen | None]]:
        """The fields that are chosen of an object, by response key; None for its type's name."""
        found = collect_sub_fields(self.schema, self.operation.fragments, self.flags, kind, nodes)
        for key, inner in found.items():
            yield key, inner, self._chosen(kind, inner)

    def _chosen(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Chosen | None:
        name = nodes[0].name.value
        if name == _TYPE:
            return None
        declared = parent.fields.get(name)
        field = declared.extensions.get(_DEFINITION) if declared is not None else None
        if declared is None or not isinstance(field, StrawberryField):
            raise Uncompilable(f"{parent.name}.{name} is nobody's field")
        return Chosen(field, declared, nodes, parent)

    @staticmethod
    def guarded(field: StrawberryField) -> bool:
        """Whether a field asks more than its resolver: permissions, extensions."""
        more = [one for one in field.extensions if type(one) not in _READING]
        return bool(more or field.permission_classes)

    def node(self, kind: Any, nodes: list[FieldNode]) -> Selection:
        """What is chosen of a type that has a model. Raises Uncompilable."""
        definition = getattr(kind, "extensions", {}).get(_DEFINITION)
        origin: Any = getattr(definition, "origin", None)
        django = getattr(origin, "__strawberry_django_definition__", None)
        if django is None or not isinstance(kind, GraphQLObjectType) or django.store:
            raise Uncompilable(f"{kind} has no model, or more than one")
        found = Selection(django.model, origin)
        chosen = list(self.chosen_in(kind, nodes))
        found.keys = [key for key, _, _ in chosen]
        found.values = [Kept() for _ in chosen]
        for place, (key, inner, one) in enumerate(chosen):
            if one is None:
                found.constants[key] = kind.name
            else:
                self._field(found, place, key, one, inner)
        if len(found.values) > sql.MOST_VALUES:
            raise Uncompilable("too many values for one row")
        return found

    def _field(
        self, into: Selection, place: int, key: str, chosen: Chosen, nodes: list[FieldNode]
    ) -> None:
        field = chosen.field
        if self.guarded(field):
            raise Uncompilable(f"{chosen.parent.name}.{chosen.name} is guarded")
        if chosen.name == "id" and issubclass(into.origin, relay.Node):
            self._identity(into, place, key)
        elif not isinstance(field, StrawberryDjangoField):
            raise Uncompilable(f"{chosen.parent.name}.{chosen.name} has no column")
        elif field.is_connection:
            self._page(into, key, chosen, nodes)
        elif field.base_resolver is not None and not shows_an_annotation(field):
            self._computed(into, key, chosen, nodes)
        elif field.store.annotate:
            self._annotation(into, place, key, chosen)
        elif is_leaf_type(get_named_type(chosen.declared.type)):
            self._column(into, place, key, chosen)
        else:
            self._relation(into, key, chosen, nodes)

    def _identity(self, into: Selection, place: int, key: str) -> None:
        meta, name = into.model._meta, into.origin.__strawberry_definition__.name
        if not keyed(into.origin):
            raise Uncompilable("an id that is not the key")
        into.values[place] = Column(meta.pk.attname)
        into.converts[key] = lambda value: to_base64(name, value)

    def _column(self, into: Selection, place: int, key: str, chosen: Chosen) -> None:
        column = self._column_of(into.model, chosen)
        into.values[place] = Column(column.attname)
        convert = leaves.shown(chosen.declared.type, leaves.reader(column), column)
        if convert is not None:
            into.converts[key] = convert

    @staticmethod
    def _column_of(model: Any, chosen: Chosen) -> Any:
        field: Any = chosen.field
        if field.store or field.disable_optimization:
            raise Uncompilable(f"{chosen.name} wants more than its column")
        try:
            found = model._meta.get_field(field.django_name or field.python_name)
        except FieldDoesNotExist:
            raise Uncompilable(f"{chosen.name} is no column") from None
        if not getattr(found, "concrete", False) or found.is_relation:
            raise Uncompilable(f"{chosen.name} is no column")
        return found

    def _annotation(self, into: Selection, place: int, key: str, chosen: Chosen) -> None:
        field: Any = chosen.field
        store = field.store
        if store.prefetch_related or store.select_related or store.only:
            raise Uncompilable(f"{chosen.name} wants more than its expression")
        name = field.django_name or field.python_name
        if field.base_resolver is not None:
            (name,) = field.base_resolver.wrapped_func.__code__.co_names
        expression = store.annotate.get(name, store.annotate.get(_PLACEHOLDER))
        if expression is None:
            raise Uncompilable(f"{chosen.name} shows another expression")
        beside = {n: one for n, one in store.annotate.items() if one is not expression}
        made = Annotation(into.model, expression, chosen, beside)
        into.values[place] = made
        into.annotated[key] = (made, chosen.declared.type)

    def _computed(self, into: Selection, key: str, chosen: Chosen, nodes: list[FieldNode]) -> None:
        field: Any = chosen.field
        store, meta = field.store, into.model._meta
        if store.prefetch_related or store.select_related:
            raise Uncompilable(f"{chosen.name} wants other rows")
        columns = {meta.pk.attname: into.hidden(Column(meta.pk.attname))}
        named: set[str] = set()
        for name in store.only:
            try:
                attname = meta.pk.attname if name == "pk" else meta.get_field(name).attname
            except FieldDoesNotExist:
                attname = name
            if attname not in {one.attname for one in meta.concrete_fields}:
                raise Uncompilable(f"{chosen.name} wants other rows")
            columns[attname] = into.hidden(Column(attname))
            named.add(attname)
        annotations = {
            field.name if name == _PLACEHOLDER else name: into.hidden(
                Annotation(into.model, expression, chosen)
            )
            for name, expression in store.annotate.items()
        }
        complete = completing(self, chosen.declared.type, nodes)
        into.computed[key] = Made(
            chosen, into, columns, annotations, complete, meta.pk.attname in named
        )

    def _relation(self, into: Selection, key: str, chosen: Chosen, nodes: list[FieldNode]) -> None:
        link = self._link(into.model, chosen)
        declared: Any = chosen.declared.type
        inner = self.node(get_named_type(declared), nodes)
        many = _many(declared)
        if inner.model is not link[1] or many != link[2]:
            raise Uncompilable(f"{chosen.name} leads elsewhere")
        if many:
            into.parts[key] = ToMany(chosen, inner, link[0])
        else:
            required = isinstance(declared, GraphQLNonNull)
            into.parts[key] = ToOne(chosen, inner, link[0], required)

    @staticmethod
    def _link(model: Any, chosen: Chosen) -> tuple[Link, Any, bool]:
        """How the rows hang together, of which model they are, and whether there are many."""
        field: Any = chosen.field
        if field.store or field.disable_optimization:
            raise Uncompilable(f"{chosen.name} wants more than its rows")
        name = field.django_name or field.python_name
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            found = next(
                (o for o in model._meta.related_objects if o.get_accessor_name() == name), None
            )
        if isinstance(found, ForeignKey):
            return Link(found.target_field.attname, found.attname), found.related_model, False
        if type(found) is ManyToOneRel:
            there = found.field
            return Link(there.attname, there.target_field.attname), found.related_model, True
        if isinstance(found, ManyToManyField) and not found.remote_field.hidden:
            return Link(found.related_query_name(), "pk"), found.related_model, True
        if isinstance(found, ManyToManyRel):
            return Link(found.field.name, "pk"), found.related_model, True
        raise Uncompilable(f"{chosen.name} is no relation")

    def _page(self, into: Selection, key: str, chosen: Chosen, nodes: list[FieldNode]) -> None:
        if not own_resolver(chosen.field):
            raise Uncompilable(f"{chosen.name} chooses its rows by itself")
        link, model, many = self._link(into.model, chosen)
        page = self.page(chosen, nodes)
        if page.selection.model is not model or not many:
            raise Uncompilable(f"{chosen.name} leads elsewhere")
        into.parts[key] = ToPage(chosen, page, link)

    def page(self, chosen: Chosen, nodes: list[FieldNode]) -> Page:
        """What is chosen of a connection. Raises Uncompilable."""
        kind: Any = get_named_type(chosen.declared.type)
        extension: Any = chosen.field.extensions[0]
        if not issubclass(_origin(kind), Connection):
            raise Uncompilable(f"{kind} is no connection of ours")
        whole = Outline(kind.name)
        outlines: dict[str, Outline] = {}
        inner_nodes: dict[str, list[FieldNode]] = {}
        for key, inner, one in self.chosen_in(kind, nodes):
            name = _TYPE if one is None else one.name
            whole.keys.append((key, name))
            if one is None or name not in (EDGES, PAGE_INFO):
                continue
            if name in outlines:
                raise Uncompilable("the same edges twice")
            inner_kind: Any = get_named_type(one.declared.type)
            outlines[name] = outline = Outline(inner_kind.name)
            for inner_key, deeper, leaf in self.chosen_in(inner_kind, inner):
                leaf_name = _TYPE if leaf is None else leaf.name
                outline.keys.append((inner_key, leaf_name))
                if leaf_name == NODE:
                    if NODE in inner_nodes:
                        raise Uncompilable("the same node twice")
                    inner_nodes[NODE] = deeper
        edge_kind: Any = get_named_type(kind.fields[EDGES].type)
        node_kind = get_named_type(edge_kind.fields[NODE].type)
        return Page(
            self.node(node_kind, inner_nodes.get(NODE, [])),
            extension.max_results,
            whole,
            outlines.get(EDGES, Outline("")),
            outlines.get(PAGE_INFO, Outline("")),
        )


def own_resolver(field: Any) -> bool:
    """Whether a connection's rows are all that hang there: its resolver is the library's own."""
    resolver = field.base_resolver
    if resolver is None or any(isinstance(one, NestedPages) for one in field.extensions):
        return True
    return getattr(resolver.wrapped_func, "can_optimize", False)


def shows_an_annotation(field: Any) -> bool:
    """Whether a resolver is `return self.masked_name`, and that is what it declares."""
    code = getattr(field.base_resolver.wrapped_func, "__code__", None)
    if code is None or field.store.only or code.co_code != _ECHO.co_code:
        return False
    return code.co_names == tuple(field.store.annotate)


_ECHO = (lambda self: self.value).__code__


def keyed(origin: Any) -> bool:
    """Whether a type's ids are its model's keys, and found as the library finds them."""
    own = {"resolve_id": resolve_model_id, "resolve_node": resolve_model_node}
    ordinary = all(unwrap(getattr(origin, n).__func__) is one for n, one in own.items())
    return ordinary and origin.resolve_id_attr() in ("id", "pk")


def _origin(kind: Any) -> Any:
    return getattr(kind.extensions.get(_DEFINITION), "origin", object)


def _many(declared: Any) -> bool:
    return is_list_type(
        getattr(declared, "of_type", declared) if isinstance(declared, GraphQLNonNull) else declared
    )
