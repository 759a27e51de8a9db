"""What people ask of their own data."""

import strawberry


@strawberry.type
class PrivacyQuery:
    """Reads; none yet."""


@strawberry.type
class PrivacyMutation:
    """Verbs; none yet."""
