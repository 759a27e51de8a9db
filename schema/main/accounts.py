"""Accounts in the main API: sign-in, sessions, keys."""

import strawberry


@strawberry.type
class AccountsQuery:
    """Reads; none yet."""


@strawberry.type
class AccountsMutation:
    """Verbs; none yet."""
