"""What the stand-in answers: every field of a schema, resolved by its type and name alone.

Nothing is stored. A thing is its type and its key; all else follows from them and the seed, so
that the same id gives the same thing in every request and every process.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    parse,
    validate,
)

from schema.mock.dice import number
from schema.mock.pages import Page, chosen, in_order, page_of
from schema.mock.values import Clock, enum_value, only_in, scalar

SNAPSHOTS = Path(__file__).resolve().parents[1] / "snapshots"
# Rows of a list at the root, at least; and of one within a thing, at most.
LONG, SHORT = 45, 12


@dataclass(frozen=True)
class Thing:
    """An object of the stand-in's: `given` are fields that the request itself has said."""

    type: str
    key: str
    given: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def turn(self) -> int:
        """Its place among its like: what keeps a key of its own is told by its letters."""
        return int(self.key) if self.key.isdigit() else number(0, self.key) % 10_000

    @property
    def id(self) -> str:
        return base64.b64encode(f"{self.type}:{self.key}".encode()).decode()


@dataclass(frozen=True)
class Wishes:
    """What a request wants to be answered: refusals, field values, the length of lists."""

    error: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None


def thing_of(global_id: str) -> Thing:
    """The thing behind an id. Raises GraphQLError (bad_id) if it is none of ours."""
    try:
        kind, _colon, key = base64.b64decode(global_id, validate=True).decode().partition(":")
    except ValueError:
        kind, key = "", ""
    if not kind or not key:
        raise GraphQLError("这个编号不对。", extensions={"code": "bad_id"})
    return Thing(kind, key)


@cache
def _schema(name: str) -> GraphQLSchema:
    return build_schema((SNAPSHOTS / f"{name}.graphql").read_text(encoding="utf-8"))


def _known(value: Any) -> Thing | None:
    # In a verb's input an id of the docs' may stand, which is nobody's.
    try:
        return thing_of(str(value))
    except GraphQLError:
        return None


class World:
    """One schema, answered."""

    def __init__(self, name: str, seed: int = 1, today: date | None = None) -> None:
        self.schema = _schema(name)
        self.seed = seed
        self.clock = Clock(today or date.today())

    def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        operation: str | None = None,
        wishes: Wishes | None = None,
    ) -> dict[str, Any]:
        """The answer as a GraphQL server's JSON: `data`, and `errors` with their codes."""
        try:
            document: DocumentNode = parse(query)
            wrong = validate(self.schema, document)
        except GraphQLError as error:
            wrong = [error]
        if wrong:
            return {"data": None, "errors": [_told(error) for error in wrong]}
        result = execute(
            self.schema,
            document,
            root_value=Thing("", "root"),
            context_value=wishes or Wishes(),
            variable_values=variables,
            operation_name=operation,
            field_resolver=self.resolve,
            type_resolver=lambda value, *_rest: value.type,
        )
        assert isinstance(result, ExecutionResult)
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_told(error) for error in result.errors]
        return answer

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """Any field of any type."""
        name = info.field_name
        if isinstance(source, Mapping):
            return source[name]
        wished = info.context.values.get(f"{info.parent_type.name}.{name}")
        if wished is not None:
            return _as_type(info.return_type, wished)
        if isinstance(source, Page):
            return getattr(source, {"pageInfo": "info", "totalCount": "total"}.get(name, name), 7)
        if name in source.given:
            return source.given[name]
        declared = info.parent_type.fields[name]
        if info.parent_type is self.schema.mutation_type:
            return self._done(declared, arguments.get("input") or {}, info)
        return self._value(source, info.parent_type, name, declared, arguments, info)

    def _value(
        self,
        source: Thing,
        owner: GraphQLObjectType,
        name: str,
        declared: GraphQLField,
        arguments: dict[str, Any],
        info: GraphQLResolveInfo,
    ) -> Any:
        kind = get_named_type(declared.type)
        whole: Any = declared.type
        root = owner is self.schema.query_type
        may_be_null = not isinstance(declared.type, GraphQLNonNull) and not root
        if may_be_null and self._is_null(source, owner, name, declared):
            return None
        if name == "id" and not root:
            return source.id
        if name == "statusLabel":
            return self._label(source, owner, str(arguments.get("lang")))
        if isinstance(kind, GraphQLInterfaceType):
            if "ids" in arguments:
                return [self._node(one) for one in arguments["ids"]]
            return self._node(arguments["id"])
        if isinstance(kind, GraphQLObjectType) and kind.name.endswith("Connection"):
            return self._list(source, kind, name, arguments, root, info)
        if isinstance(get_nullable_type(whole), GraphQLList):
            return [self._one(source, owner, name, declared, i) for i in range(2)]
        if root and isinstance(kind, GraphQLObjectType):
            return self._by_argument(kind, arguments)
        return self._one(source, owner, name, declared, 0)

    def _one(
        self, source: Thing, owner: GraphQLObjectType, name: str, declared: GraphQLField, i: int
    ) -> Any:
        kind: Any = get_named_type(declared.type)
        if isinstance(kind, GraphQLEnumType):
            return enum_value(kind, source.turn + i)
        if isinstance(kind, GraphQLScalarType):
            if name == "code" and not source.key.isdigit():
                return source.key
            key = f"{source.type}:{source.key}" + (f":{i}" if i else "")
            turn = source.turn + i
            return scalar(kind.name, owner.name, name, declared, key, turn, self.seed, self.clock)
        if "id" not in kind.fields:  # a part of its owner, with no id of its own
            return Thing(kind.name, f"{source.turn + i + 1}")
        return Thing(kind.name, str(1 + (number(self.seed, source.id, name) + i) % LONG))

    def _is_null(
        self, source: Thing, owner: GraphQLObjectType, name: str, declared: GraphQLField
    ) -> bool:
        state = only_in(declared)
        if state is not None and "status" in owner.fields:
            kind = get_named_type(owner.fields["status"].type)
            assert isinstance(kind, GraphQLEnumType)
            status = source.given.get("status", enum_value(kind, source.turn))
            return state in kind.values and status != state
        if name.endswith("InFull"):
            return True
        if "id" not in owner.fields:
            return name == "field"
        return number(self.seed, source.id, name, "null") % 4 == 0

    def _label(self, source: Thing, owner: GraphQLObjectType, language: str) -> str:
        kind = get_named_type(owner.fields["status"].type) if "status" in owner.fields else None
        if not isinstance(kind, GraphQLEnumType):
            return "进行中"
        value = str(source.given.get("status", enum_value(kind, source.turn)))
        # As the schema says what it means: `可预约 · Open`.
        told = kind.values[value].description if value in kind.values else None
        chinese, _, english = (told or value).partition(" · ")
        return english if english and language == "EN" else chinese

    def _node(self, given: Any) -> Thing | None:
        thing = thing_of(given)
        known = self.schema.type_map.get(thing.type)
        return thing if isinstance(known, GraphQLObjectType) and "id" in known.fields else None

    def _by_argument(self, kind: GraphQLObjectType, arguments: dict[str, Any]) -> Thing:
        if "id" in arguments and "id" in kind.fields:
            return thing_of(arguments["id"])
        told = [str(one) for one in arguments.values() if isinstance(one, str | int)]
        # A code in the stand-in's own form names the thing that bears it in lists.
        prefix, _dash, tail = told[0].rpartition("-") if told else ("", "", "")
        if prefix == kind.name.lower() and tail.isdigit():
            return Thing(kind.name, tail)
        return Thing(kind.name, told[0] if told and "code" in arguments else "1")

    def _list(
        self,
        source: Thing,
        kind: GraphQLObjectType,
        name: str,
        arguments: dict[str, Any],
        root: bool,
        info: GraphQLResolveInfo,
    ) -> Page:
        edge: Any = get_named_type(kind.fields["edges"].type)
        node: Any = get_named_type(edge.fields["node"].type)
        rolled = number(self.seed, source.id, name)
        wanted: int | None = info.context.rows
        rows = wanted if wanted is not None else LONG + rolled % 20 if root else rolled % SHORT
        first = 1 if root else 1 + rolled % LONG
        things = [Thing(node.name, str(first + i)) for i in range(rows)]
        filters = arguments.get("filters") or {}
        if root and wanted is None:

            def value(thing: Thing, name: str) -> Any:
                return self._one(thing, node, name, node.fields[name], 0)

            things = chosen(things, filters, set(node.fields), value)
            things = in_order(things, arguments.get("order") or [], set(node.fields), value)
        return page_of(things, arguments)

    def _done(
        self, declared: GraphQLField, asked: dict[str, Any], info: GraphQLResolveInfo
    ) -> dict[str, Any]:
        """A verb's answer: the thing that the input names, with what the input says of it."""
        payload: Any = get_named_type(declared.type)
        code = info.context.error
        answer: dict[str, Any] = {}
        said = {
            name: str(get_named_type(one.type))
            for argument in declared.args.values()
            for name, one in getattr(get_named_type(argument.type), "fields", {}).items()
        }
        for name, part in payload.fields.items():
            kind: Any = get_named_type(part.type)
            if name == "errors":
                answer[name] = [_refusal(code)] if code else []
            elif code and not isinstance(part.type, GraphQLNonNull):
                answer[name] = None
            elif isinstance(get_nullable_type(part.type), GraphQLList):
                whole = Thing(payload.name, "1")
                answer[name] = [self._one(whole, payload, name, part, i) for i in range(2)]
            elif isinstance(kind, GraphQLObjectType):
                answer[name] = self._meant(kind, asked, said)
            elif isinstance(kind, GraphQLInterfaceType):
                answer[name] = self._node(asked.get("id"))
            else:
                answer[name] = self._one(Thing(payload.name, "1"), payload, name, part, 0)
        return answer

    def _meant(self, kind: GraphQLObjectType, asked: dict[str, Any], said: dict[str, str]) -> Thing:
        things = {name: _known(one) for name, one in asked.items() if name.endswith("Id")}
        given: dict[str, Any] = {}
        for name, value in asked.items():
            part = kind.fields.get(name)
            # What was sent comes back, but for what comes masked.
            if part is None or value is None or said.get(name) != str(get_named_type(part.type)):
                continue
            if not (part.description or "").startswith("Masked"):
                given[name] = value
        for name, thing in things.items():
            field = kind.fields.get(name.removesuffix("Id"))
            # A countId means a record, and the record's own count is a number.
            if (
                thing is not None
                and field is not None
                and not is_leaf_type(get_named_type(field.type))
            ):
                given[name.removesuffix("Id")] = thing
        if kind.fields.keys() >= {"slot", "slotStartsAt"} and "slot" in given:
            given["slotStartsAt"] = self.clock.moment(
                "startsAt", f"Slot:{given['slot'].key}", self.seed
            )
        named = next((one for one in things.values() if one and one.type == kind.name), None)
        if named is not None:
            return Thing(kind.name, named.key, given)
        # What is made stands where its like begin: the first of its states.
        state = get_named_type(kind.fields["status"].type) if "status" in kind.fields else None
        if "idempotencyKey" in asked and isinstance(state, GraphQLEnumType):
            given.setdefault("status", next(iter(state.values)))
        # The same idempotencyKey again: the same thing again.
        told = asked.get("idempotencyKey") or str(sorted(asked))
        return Thing(kind.name, str(1 + number(self.seed, kind.name, told) % 100_000), given)


def _refusal(code: str) -> dict[str, Any]:
    return {"field": None, "code": code, "message": f"（模拟）没有办成：{code}。"}


def _told(error: GraphQLError) -> dict[str, Any]:
    told: dict[str, Any] = dict(error.formatted)
    told.setdefault("extensions", {}).setdefault("code", "bad_request")
    return told


def _as_type(declared: Any, wished: str) -> Any:
    if wished == "null":
        return None
    match get_named_type(declared).name:
        case "Int":
            return int(wished)
        case "Float":
            return float(wished)
        case "Boolean":
            return wished == "true"
        case _:
            return wished
