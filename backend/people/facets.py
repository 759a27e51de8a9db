"""What of people is shown where."""

from typing import Any

from django.db.models import Q

from backend.core.facets import Facets, register
from backend.core.holdings import ANONYMOUS, Holding, anonymous_name, hold
from backend.people.models import CommunityRole, Organization, Representative, Resident

register(
    Facets(
        CommunityRole,
        form=("user", "role", "community", "subdistrict", "estate", "valid_from", "valid_to"),
        listed=("user", "role", "community", "subdistrict", "estate", "valid_from", "valid_to"),
        searched=("user__username",),
        filtered=("role", "community"),
    )
)
register(
    Facets(
        Resident,
        form=(
            "community",
            "name",
            "gender",
            "birth_month",
            "phone",
            "building",
            "unit",
            "room",
            "address",
            "remark",
        ),
        listed=("name", "gender", "phone", "building", "community", "updated_at"),
        # Exact only: a search that masks its answers must not become an oracle.
        searched=("=name", "=phone"),
        filtered=("community", "gender", "building__estate"),
        exported=("name", "gender", "birth_month", "phone", "building", "unit", "room", "remark"),
    )
)
register(
    Facets(
        Organization,
        form=("community", "code", "name", "kind"),
        listed=("name", "kind", "code", "community"),
        searched=("name", "code"),
        filtered=("kind", "community"),
        exported=("code", "name", "kind"),
    )
)
register(
    Facets(
        Representative,
        form=("organization", "name", "phone", "user", "valid_from", "valid_to"),
        listed=("name", "organization", "valid_from", "valid_to"),
    )
)


def _nobody(resident: Any) -> dict[str, Any]:
    """Gender and building stay, for counts by estate; nothing that leads to a door or a person."""
    return {
        "name": anonymous_name(resident),
        "birth_month": "",
        "phone": "",
        "unit": "",
        "room": "",
        "address": "",
        "remark": "",
        "user": None,
    }


hold(
    Holding(
        code="residents",
        model=Resident,
        resident="pk",
        shown=(
            "name",
            "gender",
            "birth_month",
            "phone",
            "building",
            "unit",
            "room",
            "address",
            "remark",
        ),
        anonymous=_nobody,
        done=lambda: Q(name__startswith=ANONYMOUS),
        label="居民花名册",
    )
)
