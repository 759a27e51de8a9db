"""What the ledger exports: under the headings by which it comes in again."""

from backend.core.exporting.columns import ExportColumn, ExportSheet, column_of, exports
from backend.core.exporting.kinds import Kind
from backend.stations.models import Refill, StationStock, SupplyEntry
from backend.stations.stock_models import threshold

ENTRIES = exports(
    SupplyEntry,
    ExportSheet(
        (
            column_of(SupplyEntry, "occurred_at"),
            ExportColumn("station", "驿站", "stock__station__name"),
            ExportColumn("supply", "品种", "stock__supply__name"),
            column_of(SupplyEntry, "kind"),
            column_of(SupplyEntry, "quantity"),
            ExportColumn("unit", "供查看：计量单位", "stock__supply__unit"),
            ExportColumn("balance_after", "供查看：结存", "balance_after", Kind.NUMBER),
            column_of(SupplyEntry, "reason"),
            column_of(SupplyEntry, "community", usual=False),
        ),
        period="occurred_at",
        title="驿站出入库台账",
    ),
)
STOCKS = exports(
    StationStock,
    ExportSheet(
        (
            ExportColumn("station", "驿站", "station__name"),
            ExportColumn("supply", "品种", "supply__name"),
            column_of(StationStock, "balance"),
            ExportColumn("unit", "计量单位", "supply__unit"),
            ExportColumn("threshold", "补货线", threshold, Kind.NUMBER),
        ),
        title="驿站库存表",
    ),
)
REFILLS = exports(
    Refill,
    ExportSheet(
        (
            column_of(Refill, "code"),
            ExportColumn("station", "驿站", "stock__station__name"),
            ExportColumn("supply", "品种", "stock__supply__name"),
            column_of(Refill, "left"),
            column_of(Refill, "raised_at"),
            column_of(Refill, "due_on"),
            column_of(Refill, "status"),
        ),
        period="raised_at",
        title="补货任务表",
    ),
)
