"""Registration, waitlist and check-in in the main API."""

import strawberry


@strawberry.type
class RegistrationsQuery:
    """Reads; none yet."""


@strawberry.type
class RegistrationsMutation:
    """Verbs; none yet."""
