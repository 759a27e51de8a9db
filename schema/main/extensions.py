"""What happens to errors: callers get a code; nobody gets an exception's text."""

import logging
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.relay.exceptions import NodeIDAnnotationError
from strawberry.relay.types import GlobalIDValueError

from backend.core.errors import RuleViolation

log = logging.getLogger("linli.graphql")

INTERNAL = "服务器出错，请稍后再试；一直这样请联系管理员。"


class SafeErrors(SchemaExtension):
    """Known errors keep their message and get a code; unknown ones are masked."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [_safe(error) for error in errors]


def _safe(error: GraphQLError) -> GraphQLError:
    code, message = _meaning(error)
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code},
    )


def _meaning(error: GraphQLError) -> tuple[str, str]:
    cause = error.original_error
    if cause is None:
        return "bad_request", error.message
    if isinstance(cause, RuleViolation):
        return cause.code, cause.message
    if isinstance(cause, PermissionDenied):
        return "not_allowed", "您没有这项操作的权限。"
    if isinstance(cause, ValidationError):
        return "invalid", "；".join(cause.messages)
    if isinstance(cause, GlobalIDValueError | NodeIDAnnotationError):
        return "bad_id", "id 的格式不对，请使用接口返回的 id。"
    if isinstance(cause, (ValueError, TypeError)) and _is_paging(str(cause)):
        return "bad_page", str(cause)
    if isinstance(cause, GraphQLError):
        return "bad_request", error.message
    # The type alone: an exception's text may hold somebody's name or phone.
    log.error("unexpected %s at %s", type(cause).__name__, error.path)
    return "internal", INTERNAL


def _is_paging(text: str) -> bool:
    return text.startswith(("Argument 'first'", "Argument 'last'", "Argument 'before'")) or (
        text.startswith("Argument 'after'")
    )
