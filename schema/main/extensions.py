"""What happens to errors: callers get a code; nobody gets an exception's text."""

from collections.abc import Iterator
from types import FrameType

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.relay import utils as relay_utils
from strawberry.relay.exceptions import NodeIDAnnotationError
from strawberry.relay.types import GlobalIDValueError

from backend.core.errors import RuleViolation
from schema.cursors import BAD_CURSOR
from schema.documents import TOO_DEEP
from schema.requests import INTERNAL, trouble_of

BAD_ID = "id 的格式不对，请使用接口返回的 id。"


class SafeErrors(SchemaExtension):
    """Known errors keep their message and get a code; unknown ones are masked."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [safe(error) for error in errors]


class SafeError(GraphQLError):
    """An error as callers may see it."""


def safe(error: GraphQLError) -> GraphQLError:
    """The error with a code, and without what nobody may see."""
    if isinstance(error, SafeError):
        return error
    code, message, more = _meaning(error)
    return SafeError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code, **more},
    )


def _meaning(error: GraphQLError) -> tuple[str, str, dict[str, str]]:
    """Code, message, and what else stands in the extensions."""
    cause = error.original_error
    if cause is None:
        return (error.extensions or {}).get("code", "bad_request"), _untold(error.message), {}
    known = _known(cause, error.message)
    if known is not None:
        return *known, {}
    found = trouble_of(cause, error.path)
    return "internal", INTERNAL.format(id=found), {"id": found}


def _untold(message: str) -> str:
    """The message; where the schema is not told, without the names that the library would guess at."""
    return message if settings.GRAPHQL_INTROSPECTION else message.partition(" Did you mean ")[0]


def _known(cause: BaseException, message: str) -> tuple[str, str] | None:
    if isinstance(cause, RuleViolation):
        return cause.code, cause.message
    if isinstance(cause, PermissionDenied):
        return "not_allowed", "您没有这项操作的权限。"
    if isinstance(cause, ValidationError):
        return "invalid", "；".join(cause.messages)
    if isinstance(cause, GlobalIDValueError | NodeIDAnnotationError):
        return "bad_id", BAD_ID
    if isinstance(cause, ValueError) and str(cause).startswith("Field 'id' expected a number"):
        return "bad_id", BAD_ID
    if isinstance(cause, (ValueError, TypeError)) and _raised_by_paging(cause):
        page = str(cause).startswith("Argument 'first'") or str(cause).startswith("Argument 'last'")
        return ("bad_page", str(cause)) if page else ("bad_cursor", BAD_CURSOR)
    if isinstance(cause, RecursionError):
        return "bad_request", TOO_DEEP
    if isinstance(cause, GraphQLError):
        return "bad_request", _untold(message)
    return None


def _raised_by_paging(cause: BaseException) -> bool:
    """Whether Relay's own slicing refused its arguments: first, last, after or before."""
    frame = _last_frame(cause)
    return frame is not None and frame.f_globals.get("__name__") == relay_utils.__name__


def _last_frame(cause: BaseException) -> FrameType | None:
    trace = cause.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame if trace is not None else None
