"""What of keys is shown."""

from backend.accounts.models import ApiKey
from backend.core.facets import Facets, register

register(
    Facets(
        model=ApiKey,
        form=("name", "owner", "expires_at"),
        listed=("name", "prefix", "owner", "expires_at", "revoked_at"),
        searched=("name", "prefix"),
        filtered=("expires_at",),
    )
)
