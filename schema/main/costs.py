"""What a request may cost: the rows of its lists, and its aliases, over all its operations."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from backend.core.errors import RuleViolation
from schema.documents import MAX_SPREADS, aliases_in, spreads_in

MAX_PAGE = 100
# Two full pages within one another, and what stands beside them; a third is too much.
MAX_ROWS = 20_000
MAX_ALIASES = 30
# Of a list of which only `totalCount` is asked no rows are read.
_ROWS_ARE_READ = {"edges", "pageInfo"}


class Costs(SchemaExtension):
    """Refuses a request whose lists could hold too many rows, before anything is read."""

    def on_parse(self) -> Iterator[None]:
        yield
        document = self.execution_context.graphql_document
        if document is not None and spreads_in(document) > MAX_SPREADS:
            raise GraphQLError(f"Too many fragments. Allowed: {MAX_SPREADS}")

    def on_execute(self) -> Iterator[None]:
        refused = self._refusal()
        if refused is not None:
            self.execution_context.result = ExecutionResult(data=None, errors=[refused])
        yield

    def _refusal(self) -> GraphQLError | None:
        context = self.execution_context
        document = context.graphql_document
        if document is None:
            return None
        operation = get_operation_ast(document, context.operation_name)
        if operation is None:
            return None
        # The operations of a batch share one request, and one purse.
        request = getattr(context.context, "request", None)
        aliases, rows = getattr(request, "_linli_costs", (0, 0))
        aliases += aliases_in(document)
        rows += _Counting(context, operation).rows()
        if request is not None:
            request._linli_costs = (aliases, rows)
        if aliases > MAX_ALIASES:
            return GraphQLError(f"{aliases} aliases found. Allowed: {MAX_ALIASES}")
        if rows > MAX_ROWS:
            violation = RuleViolation(
                "query_too_costly",
                f"这次查询最多会读取 {rows} 行，上限是 {MAX_ROWS} 行。"
                "请给每一层列表写上较小的 first（不写按 100 算），或分几次查询。",
            )
            return GraphQLError(violation.message, original_error=violation)
        return None


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
            return inner
        if not _ROWS_ARE_READ & self._names(field.selection_set, set()):
            return 1
        return self._page(field) * (1 + inner)

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


def _number(given: Any) -> int:
    """A page's size as given; what is none is refused later, and counts as a whole page."""
    try:
        return max(int(given), 0)
    except (TypeError, ValueError, OverflowError):
        return MAX_PAGE
