"""What a request may cost: the rows of its lists, its fields and aliases, over all its operations.

The price of an operation and the budget of the request stand in each answer's `extensions.cost`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_interface_type,
    is_list_type,
    is_object_type,
)
from strawberry.extensions import SchemaExtension

from backend.core.errors import RuleViolation
from schema.documents import MAX_SPREADS, Measure, Unmeasurable, measured

MAX_PAGE = 100
# Two full pages within one another, and what stands beside them; a third is too much.
MAX_ROWS = 20_000
MAX_ALIASES = 30
# A thousand are validated in a third of a second; twice as many would take four times as long.
MAX_FIELDS = 500
# Of a list of which only `totalCount` is asked no rows are read.
_ROWS_ARE_READ = {"edges", "pageInfo"}
# What a list without pages is taken to hold: who signed, what was supplied.
PLAIN_LIST = 10
# The schema about itself: half a megabyte in whole, a page for one type.
SCHEMA_PRICE = 5000
TYPE_PRICE = 200

# What a field costs that is no list but reads or writes many rows: by its name.
FIXED_PRICES: dict[str, int] = {}


class Costs(SchemaExtension):
    """Refuses a request that is too large or too dear, before anything is read."""

    price: int | None = None

    def on_parse(self) -> Iterator[None]:
        yield
        document = self.execution_context.graphql_document
        if document is None:
            return
        if self.execution_context._provided_operation_name is None and _operations(document) > 1:
            raise refused("bad_request", "查询里有几个操作，请用 operationName 说明执行哪一个。")
        try:
            self.measure = measured(document)
        except Unmeasurable as reason:
            raise refused("bad_request", str(reason)) from None
        if (self.measure.schemas or self.measure.types) and not settings.GRAPHQL_INTROSPECTION:
            raise refused(
                "introspection_closed",
                "本站不提供接口自查（__schema、__type），请看文档里的 schema 文件。",
            )
        # The operations of a batch share one request, and one purse.
        whole = _spent(self.execution_context.context)
        whole.measure.add(self.measure)
        for found, allowed, words in (
            (self.measure.spreads, MAX_SPREADS, "片段引用（...）"),
            (whole.measure.aliases, MAX_ALIASES, "别名"),
            (whole.measure.fields, MAX_FIELDS, "字段"),
        ):
            if found > allowed:
                raise refused("bad_request", f"{words}有 {found} 个，上限是 {allowed} 个。")

    def on_execute(self) -> Iterator[None]:
        reason = self._refusal()
        if reason is not None:
            self.execution_context.result = ExecutionResult(data=None, errors=[reason])
        yield

    def get_results(self) -> dict[str, Any]:
        """What the operation costs at most, and what the operations of its request may cost."""
        if self.price is None:
            return {}
        return {"cost": {"price": self.price, "budget": MAX_ROWS}}

    def _refusal(self) -> GraphQLError | None:
        context = self.execution_context
        document = context.graphql_document
        operation = document and get_operation_ast(document, context.operation_name)
        if not operation:
            return None
        if operation.operation is OperationType.SUBSCRIPTION:
            # The library would answer it once, with null.
            where = "订阅请用 WebSocket，或在请求里加上 Accept: text/event-stream。"
            return refused("bad_request", where)
        about_itself = self.measure.schemas * SCHEMA_PRICE + self.measure.types * TYPE_PRICE
        self.price = _Counting(context, operation).rows() + about_itself
        whole = _spent(context.context)
        whole.price += self.price
        if whole.price > MAX_ROWS:
            violation = RuleViolation(
                "query_too_costly",
                f"这次查询最多会读取 {whole.price} 行，上限是 {MAX_ROWS} 行。"
                "请给每一层列表写上较小的 first（不写按 100 算），或分几次查询。",
            )
            return GraphQLError(violation.message, original_error=violation)
        return None


def _operations(document: DocumentNode) -> int:
    return sum(isinstance(one, OperationDefinitionNode) for one in document.definitions)


def refused(code: str, message: str) -> GraphQLError:
    """A refusal of an operation that will not be executed."""
    return GraphQLError(message, extensions={"code": code})


@dataclass
class _Spent:
    """What the operations of one request have asked for so far."""

    measure: Measure = field(default_factory=Measure)
    price: int = 0


def _spent(context: Any) -> _Spent:
    request = getattr(context, "request", None)
    if request is None:
        return _Spent()
    if not hasattr(request, "_linli_spent"):
        request._linli_spent = _Spent()
    found: _Spent = request._linli_spent
    return found


class _Counting:
    """The rows that an operation's lists can hold at most: a list in a list counts for each row."""

    def __init__(self, context: Any, operation: OperationDefinitionNode) -> None:
        self.schema = context.schema._schema
        self.operation = operation
        self.variables = {
            one.variable.name.value: getattr(one.default_value, "value", None)
            for one in operation.variable_definitions
        } | (context.variables or {})
        self.fragments = {
            one.name.value: one
            for one in context.graphql_document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self.known: dict[str, int] = {}
        self.roots = (self.schema.query_type, self.schema.mutation_type)

    def rows(self) -> int:
        root = self.schema.get_root_type(self.operation.operation)
        return self._within(self.operation.selection_set, root)

    def _within(self, chosen: SelectionSetNode | None, parent: Any) -> int:
        found = 0
        for one in chosen.selections if chosen is not None else ():
            if isinstance(one, FragmentSpreadNode):
                found += self._of_fragment(one.name.value)
            elif isinstance(one, FieldNode):
                found += self._of_field(one, parent)
            else:
                inline: Any = one
                kind = inline.type_condition
                found += self._within(
                    inline.selection_set, self.schema.get_type(kind.name.value) if kind else parent
                )
        return found

    def _of_fragment(self, name: str) -> int:
        if name not in self.known:
            fragment = self.fragments[name]
            kind = self.schema.get_type(fragment.type_condition.name.value)
            self.known[name] = self._within(fragment.selection_set, kind)
        return self.known[name]

    def _of_field(self, field: FieldNode, parent: Any) -> int:
        definition = getattr(parent, "fields", {}).get(field.name.value)
        if definition is None:
            return 0  # __typename and the like
        kind = get_named_type(definition.type)
        inner = self._within(field.selection_set, kind)
        if "pageInfo" not in getattr(kind, "fields", {}):
            # The edges of a page were counted with it.
            paged = "pageInfo" in parent.fields
            if field.name.value in FIXED_PRICES and parent in self.roots:
                return FIXED_PRICES[field.name.value] + inner
            if is_interface_type(kind) and "ids" in definition.args:
                return self._ids(field) * (1 + inner)
            return inner if paged else _plain_list(definition.type, kind, inner)
        if not _ROWS_ARE_READ & self._names(field.selection_set, set()):
            return 1
        return self._page(field) * (1 + inner)

    def _ids(self, field: FieldNode) -> int:
        """How many objects are asked for by their ids; a whole page if that is not told."""
        (argument,) = [one for one in field.arguments if one.name.value == "ids"]
        given: Any = argument.value
        if isinstance(given, VariableNode):
            value = self.variables.get(given.name.value)
            return len(value) if isinstance(value, list) else MAX_PAGE
        return len(given.values) if isinstance(given, ListValueNode) else 1

    def _names(self, chosen: SelectionSetNode | None, met: set[str]) -> set[str]:
        """The fields chosen here, through fragments."""
        found: set[str] = set()
        for one in chosen.selections if chosen is not None else ():
            if isinstance(one, FieldNode):
                found.add(one.name.value)
            elif not isinstance(one, FragmentSpreadNode):
                inline: Any = one
                found |= self._names(inline.selection_set, met)
            elif one.name.value not in met:
                met.add(one.name.value)
                found |= self._names(self.fragments[one.name.value].selection_set, met)
        return found

    def _page(self, field: FieldNode) -> int:
        """How many rows a list asks for; a whole page if it does not say."""
        sizes = [MAX_PAGE]
        for argument in field.arguments:
            if argument.name.value in ("first", "last"):
                value: Any = argument.value
                if isinstance(value, VariableNode):
                    given = self.variables.get(value.name.value)
                else:
                    given = value.value if isinstance(value, IntValueNode) else None
                sizes.append(_number(given))
        return min(sizes)


def _plain_list(declared: Any, kind: Any, inner: int) -> int:
    """The rows of a field that is no connection: of a list without pages, some."""
    if not is_list_type(get_nullable_type(declared)):
        return inner
    a_row = is_object_type(kind) and any(one.name == "Node" for one in kind.interfaces)
    return PLAIN_LIST * (inner + (a_row or is_interface_type(kind)))


def _number(given: Any) -> int:
    """A page's size as given; what is none is refused later, and counts as a whole page."""
    try:
        return max(int(given), 0)
    except (TypeError, ValueError, OverflowError):
        return MAX_PAGE
