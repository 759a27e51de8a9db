"""What of people is shown where."""

from typing import Any

from django.db.models import Q

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, anonymous_name, hold
from backend.core.masking import ANONYMOUS
from backend.people.models import (
    CommunityRole,
    Consent,
    Household,
    Organization,
    PrivacyNotice,
    Representative,
    Resident,
    ResidentPhone,
)
from backend.people.resident_models import NO_PHONE

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
        # What is searched by, searching.py says: answers are masked, and may not tell by being there.
        searched=("=name", "=phone"),
        filtered=("community", "gender", "building__estate"),
        exported=("name", "gender", "birth_month", "phone", "building", "unit", "room", "remark"),
    )
)
ORGANIZATION = register(
    Facets(
        Organization,
        form=("community", "code", "name", "short_name", "kind", "active_from", "active_until"),
        listed=("name", "short_name", "kind", "code", "active_until", "community"),
        searched=("name", "short_name", "code"),
        filtered=("kind", "community"),
        imported=("name", "short_name", "kind", "active_from", "active_until"),
        synonyms=(
            ("name", ("单位名称", "单位")),
            ("short_name", ("单位简称",)),
            ("kind", ("单位类型", "性质")),
        ),
        natural_key=("name",),
        exported=("code", "name", "short_name", "kind", "active_from", "active_until"),
    )
)
register(
    Facets(
        Representative,
        form=(
            "organization",
            "name",
            "title",
            "phone",
            "resident",
            "user",
            "valid_from",
            "valid_to",
        ),
        listed=("name", "organization", "title", "phone", "valid_from", "valid_to"),
        searched=("organization__name", "organization__short_name", "title"),
        filtered=("organization__kind", "community"),
        exported=("organization", "name", "title", "phone", "valid_from", "valid_to"),
    )
)
register(
    Facets(
        Household,
        form=("community", "building", "unit", "room", "head", "occupied", "remark"),
        # The door is masked, so a column of it would tell nothing: one searches for it.
        listed=("building", "head", "occupied", "community", "updated_at"),
        searched=("=building__name",),
        filtered=("community", "occupied", "building__estate"),
        exported=("building", "unit", "room", "occupied", "remark"),
    )
)
register(
    Facets(
        ResidentPhone,
        form=("resident", "phone", "kind", "remark"),
        listed=("resident", "phone", "kind", "remark"),
    )
)
register(
    Facets(
        PrivacyNotice,
        form=("community", "version", "published_on", "text"),
        listed=("version", "published_on", "community", "updated_at"),
        searched=("version",),
        filtered=("community",),
    )
)
register(
    Facets(
        Consent,
        form=("resident", "notice", "purpose", "means", "given_on", "withdrawn_on", "evidence"),
        listed=("resident", "purpose", "means", "notice", "given_on", "withdrawn_on"),
        filtered=("community", "purpose", "means"),
    )
)


# --- what is held of people ----------------------------------------------------------------------


def _no_phone(row: Any) -> dict[str, Any]:
    # By its key, so that two of one person stay two.
    return {"phone": f"{NO_PHONE}{row.pk:08d}", "phone_tail": "", "remark": ""}


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
        "household": None,
        # Made from the name and the phone, which the gate is not asked of here.
        "initials": "",
        "phone_tail": "",
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
            "moved_out_on",
            "died_on",
        ),
        anonymous=_nobody,
        done=lambda: Q(name__startswith=ANONYMOUS),
        label="居民花名册",
    )
)
hold(
    Holding(
        code="resident_phones",
        model=ResidentPhone,
        resident="resident",
        shown=("phone", "kind", "remark"),
        anonymous=_no_phone,
        done=lambda: Q(phone__startswith=NO_PHONE),
        label="其他电话",
    )
)
hold(
    Holding(
        code="consents",
        model=Consent,
        resident="resident",
        shown=("purpose", "notice", "means", "given_on", "withdrawn_on", "evidence"),
        anonymous=lambda row: {"evidence": ""},
        done=lambda: Q(evidence=""),
        label="同意记录",
    )
)


def _nobodys_office(representative: Any) -> dict[str, Any]:
    """That somebody spoke for the body stays; who, and in what office, does not."""
    return {"name": anonymous_name(representative), "phone": "", "title": "", "resident": None}


hold(
    Holding(
        code="representatives",
        model=Representative,
        resident="resident",
        also="user__resident",
        shown=("organization", "name", "title", "phone", "valid_from", "valid_to"),
        anonymous=_nobodys_office,
        done=lambda: Q(name__startswith=ANONYMOUS, resident__isnull=True),
        label="单位代表",
    )
)
