"""What notices export: as the ledger that a committee keeps of its board."""

from backend.core.exporting.columns import ExportColumn, ExportSheet, column_of, exports
from backend.notices.models import PublicNotice

NOTICES = exports(
    PublicNotice,
    ExportSheet(
        (
            column_of(PublicNotice, "code"),
            column_of(PublicNotice, "title"),
            column_of(PublicNotice, "kind"),
            column_of(PublicNotice, "body"),
            column_of(PublicNotice, "contact"),
            ExportColumn("estate", "小区", "estate__name"),
            column_of(PublicNotice, "published_on"),
            column_of(PublicNotice, "until"),
            column_of(PublicNotice, "status"),
            column_of(PublicNotice, "withdrawn_because", usual=False),
            column_of(PublicNotice, "community", usual=False),
        ),
        period="published_on",
        title="公示台账",
    ),
)
