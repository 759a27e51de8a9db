"""The schema's extension that lets compiled reads answer."""

import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from graphql import ExecutionResult
from strawberry.extensions import SchemaExtension
from strawberry.utils.inspect import in_async_context

from schema.main.compiled.operations import known, variables_of
from schema.main.compiled.refusal import Uncompilable

log = logging.getLogger("linli.graphql")


class CompiledReads(SchemaExtension):
    """Answers a query whose plan is known; whatever goes wrong, ordinary execution answers it.

    It stands behind what refuses an operation, and before what only resolvers need.
    """

    def on_execute(self) -> Iterator[None]:
        context = self.execution_context
        if context.result is None and settings.GRAPHQL_COMPILED_READS and not in_async_context():
            data = answered(context)
            if data is not None:
                context.result = ExecutionResult(data=data, errors=None)
        yield


def answered(context: Any) -> dict[str, Any] | None:
    """The data of the answer; None where ordinary execution has to find it."""
    found = known(context.schema, context.graphql_document, context.operation_name)
    if found is None:
        return None
    variables = variables_of(found.operation, context.variables)
    plan = None if variables is None else found.plan(variables)
    if plan is None or variables is None:
        return None
    try:
        return plan.answer(context.context, variables)
    except Uncompilable as reason:
        log.debug("not compiled: %s", reason)
    except Exception as error:
        # Its own error, in its own words, is what ordinary execution will say.
        log.info("a compiled read gave up: %s", type(error).__name__)
    return None
