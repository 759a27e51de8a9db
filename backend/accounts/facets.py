"""What of keys is shown, and what accounts hold of residents."""

from backend.accounts.models import ApiKey, SignInPhone
from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold

register(
    Facets(
        model=ApiKey,
        form=("name", "owner", "expires_at"),
        listed=("name", "prefix", "owner", "expires_at", "revoked_at"),
        searched=("name", "prefix"),
        filtered=("expires_at",),
    )
)
hold(
    Holding(
        code="sign_in_phones",
        model=SignInPhone,
        resident="user__resident",
        shown=("phone", "verified_at"),
        # Unique, and no phone any more: nobody signs in by it.
        anonymous=lambda row: {"phone": f"-{row.pk}"},
        label="登录手机",
    )
)
