"""What of cool stations is shown where."""

from django.db.models import QuerySet
from django.utils import timezone

from backend.core.facets import Facets, register
from backend.stations.choices import StationStatus
from backend.stations.models import (
    CoolStation,
    OpeningHours,
    Refill,
    StationException,
    StationStock,
    Supply,
    SupplyEntry,
)


def public_stations() -> "QuerySet[CoolStation]":
    """What anonymous readers may see: what has not been closed, and whose season is not over."""
    rows: QuerySet[CoolStation] = CoolStation.objects.exclude(status=StationStatus.CLOSED)
    return rows.filter(season_to__gt=timezone.localdate())


_STATION = (
    "code",
    "name",
    "place",
    "organization",
    "season_from",
    "season_to",
    "on_holiday",
    "refill_days",
    "summary",
)
STATION = register(
    Facets(
        CoolStation,
        form=("community", *_STATION),
        listed=("name", "code", "place", "organization", "season_from", "season_to", "status"),
        searched=("name", "=code", "place", "organization__name"),
        filtered=("status", "organization", "community"),
        imported=_STATION,
        synonyms=(
            ("name", ("驿站", "驿站名称")),
            ("organization", ("负责单位", "单位")),
            ("season_from", ("开始日期", "开放日期")),
            ("season_to", ("结束日期",)),
        ),
        natural_key=("code",),
        exported=(*_STATION, "status"),
        public=("code", "name", "place", "season_from", "season_to", "summary", "status"),
        public_rows=public_stations,
    )
)
register(Facets(OpeningHours, form=("station", "weekday", "opens", "closes"), attachments=False))
register(
    Facets(
        StationException, form=("station", "day", "opens", "closes", "reason"), attachments=False
    )
)
_SUPPLY = ("code", "name", "unit", "refill_at", "position")
SUPPLY = register(
    Facets(
        Supply,
        form=("community", *_SUPPLY),
        listed=("name", "code", "unit", "refill_at", "position", "community"),
        searched=("name", "=code"),
        filtered=("community",),
        imported=_SUPPLY,
        natural_key=("code",),
        exported=_SUPPLY,
        attachments=False,
    )
)
STOCK = register(
    Facets(
        StationStock,
        form=("station", "supply", "refill_at"),
        listed=("station", "supply", "balance", "refill_at"),
        searched=("station__name", "supply__name", "=station__code"),
        filtered=("station", "supply", "community"),
        exported=("station", "supply", "balance", "refill_at"),
        attachments=False,
    )
)
ENTRY = register(
    Facets(
        SupplyEntry,
        listed=(
            "stock",
            "kind",
            "quantity",
            "balance_after",
            "reason",
            "account",
            "occurred_at",
        ),
        searched=("stock__station__name", "stock__supply__name", "=stock__station__code"),
        filtered=("kind", "stock__station", "stock__supply", "community"),
        exported=("stock", "kind", "quantity", "balance_after", "reason", "occurred_at"),
        attachments=False,
    )
)
REFILL = register(
    Facets(
        Refill,
        form=("due_on", "assignee"),
        listed=("stock", "left", "due_on", "assignee", "status"),
        searched=("=code", "stock__station__name", "stock__supply__name"),
        filtered=("status", "stock__station", "community"),
        exported=("code", "left", "raised_at", "due_on", "status"),
        attachments=False,
    )
)
