"""From the document of a subscription to that of the query which answers it."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    print_ast,
)

from backend.core.errors import RuleViolation
from schema.main.live.fields import FOLLOWS, Follows

MAX_DOCUMENT = 20_000


@dataclass(frozen=True)
class Asked:
    """The query that answers a subscription, and what makes it answer anew."""

    query: str
    follows: Follows
    root: str


def understand(document: str | None, operation_name: str | None) -> Asked:
    """What a document asks to follow.

    Raises: GraphQLError for one that cannot be read; RuleViolation with only_subscriptions,
        one_subscription or document_too_long.
    """
    if not document:
        raise GraphQLError("Must provide a document.")
    if len(document) > MAX_DOCUMENT:
        raise RuleViolation("document_too_long", "查询太长，请拆成几次。")
    parsed = parse(document, max_tokens=2000)
    operation = get_operation_ast(parsed, operation_name)
    if operation is None:
        raise GraphQLError("Unknown operation, or several and no operationName.")
    if operation.operation != OperationType.SUBSCRIPTION:
        raise RuleViolation("only_subscriptions", "这个连接只用于订阅；查询和操作请用普通的 POST。")
    root = _root_of(operation)
    # Only the operation asked for: others would be unused definitions, and fragments are shared.
    others = [
        one
        for one in parsed.definitions
        if not isinstance(one, OperationDefinitionNode) or one is operation
    ]
    operation.operation = OperationType.QUERY
    return Asked(print_ast(DocumentNode(definitions=tuple(others))), FOLLOWS[root], root)


def _root_of(operation: OperationDefinitionNode) -> str:
    fields: Any = operation.selection_set.selections
    if len(fields) != 1 or not isinstance(fields[0], FieldNode):
        raise RuleViolation("one_subscription", "一次订阅只能有一个字段，请分成几个订阅。")
    name: str = fields[0].name.value
    if name not in FOLLOWS:
        known = "、".join(sorted(FOLLOWS))
        raise RuleViolation("subscription_unknown", f"没有这个订阅。可以订阅：{known}。")
    return name
