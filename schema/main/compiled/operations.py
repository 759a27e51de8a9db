"""Documents and their plans: made once, and kept for the next request with the same document."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_operation_ast,
    get_variable_values,
)
from graphql.language import DirectiveNode, Visitor, visit

from schema.main.compiled.asking import Asking, Operation
from schema.main.compiled.compiler import Compiler
from schema.main.compiled.refusal import Uncompilable
from schema.main.compiled.roots import Root, root

log = logging.getLogger("linli.graphql")
MOST = 256


@dataclass
class Plan:
    """An operation that the database answers."""

    operation: Operation
    roots: dict[str, Root | str]

    def answer(self, context: Any, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of the answer. Raises whatever its hooks raise."""
        asking = Asking(self.operation, context, variables)
        return {
            key: one if isinstance(one, str) else one.answer(asking)
            for key, one in self.roots.items()
        }


@dataclass
class Known:
    """An operation of a document, and its plans by the variables that its directives ask."""

    operation: Operation
    asked: tuple[str, ...]
    plans: dict[tuple[Any, ...], Plan | None]

    def plan(self, variables: dict[str, Any]) -> Plan | None:
        """The plan; None where ordinary execution has to answer."""
        key = tuple(bool(variables.get(name)) for name in self.asked)
        if key not in self.plans:
            flags = {name: variables[name] for name in self.asked if name in variables}
            self.plans[key] = _compiled(self.operation, flags)
        return self.plans[key]


class _Directives(Visitor):
    """Which variables the directives of a document ask."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)
            else:
                assert isinstance(argument.value, BooleanValueNode)


_known: OrderedDict[Any, tuple[DocumentNode, Known | None]] = OrderedDict()
_lock = Lock()


def known(schema: Any, document: DocumentNode, name: str | None) -> Known | None:
    """What is known of an operation; None if it is no query."""
    # By the document itself: the parser's cache gives the same one for the same text.
    key = (id(document), name)
    found = _known.get(key)
    if found is None or found[0] is not document:
        found = (document, _looked_at(schema, document, name))
        with _lock:
            _known[key] = found
            while len(_known) > MOST:
                _known.popitem(last=False)
    return found[1]


def _looked_at(schema: Any, document: DocumentNode, name: str | None) -> Known | None:
    definition = get_operation_ast(document, name)
    if definition is None or definition.operation is not OperationType.QUERY:
        return None
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    looking = _Directives()
    visit(document, looking)
    return Known(Operation(schema, definition, fragments), tuple(sorted(looking.names)), {})


def _compiled(operation: Operation, flags: dict[str, Any]) -> Plan | None:
    compiler = Compiler(operation, flags)
    try:
        roots = {
            key: "Query" if chosen is None else root(compiler, chosen)
            for key, chosen in compiler.roots()
        }
    except Uncompilable as reason:
        log.debug("not compiled: %s", reason)
        return None
    return Plan(operation, roots)


def variables_of(operation: Operation, given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The variables as the schema takes them; None if it does not."""
    definition: OperationDefinitionNode = operation.definition
    found = get_variable_values(
        operation.schema._schema, list(definition.variable_definitions or ()), given or {}
    )
    return found if isinstance(found, dict) else None
