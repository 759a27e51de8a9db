"""Background work in the main API."""

import strawberry


@strawberry.type
class JobsQuery:
    """Reads; none yet."""


@strawberry.type
class JobsMutation:
    """Verbs; none yet."""
