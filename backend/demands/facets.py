"""What of demands is shown where, and how long it is kept of whom."""

from typing import Any

from django.db.models import Q

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.core.masking import ANONYMOUS
from backend.demands.models import Demand, DemandCategory, DemandSettings

# Counts stay; who brought something forward is forgotten (default).
KEPT_DAYS = 3 * 365

CATEGORY = register(
    Facets(
        DemandCategory,
        form=("community", "code", "name", "position"),
        listed=("name", "position", "community"),
        searched=("name", "=code"),
        filtered=("community",),
        imported=("code", "name", "position"),
        natural_key=("code",),
        exported=("code", "name", "position"),
        attachments=False,
    )
)
register(
    Facets(
        DemandSettings,
        form=(
            "community",
            "urgent_hours",
            "ordinary_days",
            "response_days",
            "extension_days",
            "return_days",
            "old_days",
        ),
        listed=(
            "community",
            "urgent_hours",
            "ordinary_days",
            "response_days",
            "extension_days",
            "return_days",
            "old_days",
        ),
        attachments=False,
    )
)
DEMAND = register(
    Facets(
        Demand,
        form=(
            "community",
            "content",
            "reporter_phone",
            "reporter_name",
            "resident",
            "estate",
            "building",
            "unit",
            "room",
            "address",
            "urgency",
            "kind",
            "category",
            "channel",
            "group",
            "grid",
            "received_at",
            "reporter_hidden",
            "first_contact",
            "remark",
        ),
        listed=("code", "content", "assigned_to", "due_at", "status"),
        searched=("=code", "content", "assigned_to__name"),
        filtered=(
            "status",
            "urgency",
            "kind",
            "category",
            "channel",
            "assigned_to",
            "estate",
            "community",
        ),
        exported=(
            "code",
            "received_at",
            "channel",
            "kind",
            "category",
            "urgency",
            "content",
            "estate",
            "assigned_to",
            "status",
        ),
    )
)


def _nobodys(demand: Any) -> dict[str, Any]:
    named = demand.reporter_name or demand.reporter_phone or demand.resident_id
    return {
        "reporter_name": ANONYMOUS if named else demand.reporter_name,
        "reporter_phone": "",
        "resident": None,
        "account": None,
        "unit": "",
        "room": "",
        "address": "",
        "first_contact": "",
        "remark": "",
        # People write into them whom they mean.
        "content": ANONYMOUS,
        "response": "",
        "result": "",
    }


hold(
    Holding(
        code="demands",
        model=Demand,
        resident="resident",
        shown=(
            "received_at",
            "kind",
            "content",
            "reporter_name",
            "reporter_phone",
            "unit",
            "room",
            "address",
            "status",
            "response",
            "result",
        ),
        anonymous=_nobodys,
        kept_days=KEPT_DAYS,
        since="received_at",
        done=lambda: Q(
            resident__isnull=True,
            account__isnull=True,
            reporter_phone="",
            unit="",
            room="",
            address="",
            first_contact="",
            remark="",
            content=ANONYMOUS,
            response="",
            result="",
        ),
        label="诉求",
    )
)
