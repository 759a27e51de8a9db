"""The inbox in the main API."""

import strawberry


@strawberry.type
class MessagingQuery:
    """Reads; none yet."""


@strawberry.type
class MessagingMutation:
    """Verbs; none yet."""
