"""Seeing personal data in full: with a reason, logged."""

import strawberry


@strawberry.type
class DisclosuresQuery:
    """Reads; none yet."""


@strawberry.type
class DisclosuresMutation:
    """Verbs; none yet."""
