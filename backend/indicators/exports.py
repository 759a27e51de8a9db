"""What the hotline's counts export: under the headings by which they come in again."""

from backend.core.exporting.columns import ExportSheet, column_of, exports
from backend.indicators.models import HotlineMonthlyCount

COUNTS = exports(
    HotlineMonthlyCount,
    ExportSheet(
        (
            column_of(HotlineMonthlyCount, "year"),
            column_of(HotlineMonthlyCount, "month"),
            column_of(HotlineMonthlyCount, "category"),
            column_of(HotlineMonthlyCount, "count"),
            column_of(HotlineMonthlyCount, "community", usual=False),
        ),
        period="ended_on",
        title="市民热线月度统计表",
    ),
)
