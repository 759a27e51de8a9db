"""What bookings export: 预约登记表, under the importer's own headings, so that it can come back."""

from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Left, TruncDate, TruncTime

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
)
from backend.core.exporting.kinds import Kind
from backend.services.models import ServiceBooking, Slot


def _day() -> Any:
    return TruncDate("slot__starts_at")


def _period() -> Any:
    """09:00-11:00, by the clock on the wall."""
    return Concat(_clock("slot__starts_at"), Value("-"), _clock("slot__ends_at"))


def _clock(path: str) -> Any:
    return Left(Cast(TruncTime(path), CharField()), 5)


def _slot() -> type[Slot]:
    return Slot


BOOKINGS = exports(
    ServiceBooking,
    ExportSheet(
        (
            column_of(ServiceBooking, "name"),
            column_of(ServiceBooking, "phone"),
            column_of(ServiceBooking, "address"),
            ExportColumn("item", "服务项目", "slot__item__title"),
            ExportColumn("day", "预约日期", _day, Kind.DAY),
            ExportColumn("period", "时段", _period),
            ExportColumn(
                "helper", "服务人员", "slot__helper", personal="name", via="slot", owner=_slot
            ),
            column_of(ServiceBooking, "status", heading="完成情况"),
            column_of(ServiceBooking, "rating", heading="评价"),
            column_of(ServiceBooking, "comment", heading="评语"),
            column_of(ServiceBooking, "proxy_name", usual=False),
            column_of(ServiceBooking, "proxy_phone", usual=False),
            column_of(ServiceBooking, "source", usual=False),
            column_of(ServiceBooking, "note", usual=False),
            column_of(ServiceBooking, "queue_number", usual=False),
            column_of(ServiceBooking, "booked_at", usual=False),
            column_of(ServiceBooking, "code", usual=False),
            ExportColumn("slot", "时段编号", "slot__code", Kind.DIGITS, usual=False),
            column_of(ServiceBooking, "community", usual=False),
            identity_column(ServiceBooking),
        ),
        period="slot__starts_at",
        title="预约登记表",
    ),
)
