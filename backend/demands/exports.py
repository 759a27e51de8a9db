"""What demands export: 诉求台账, under the importer's own headings, so that it can come back."""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, TruncDate

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    column_of,
    exports,
    identity_column,
)
from backend.core.exporting.kinds import Kind
from backend.demands.choices import DemandStatus
from backend.demands.ledger_words import EXPORTED
from backend.demands.models import Demand
from backend.people.door_text import address_expression


def _day() -> Any:
    return TruncDate("received_at")


def _closed() -> Any:
    return TruncDate("closed_at")


def _outcome() -> Any:
    """As `ledger_words.told_of` says it."""
    closed = Q(status=DemandStatus.CLOSED)
    word = Case(
        When(closed & Q(resolved_at__isnull=False), then=Value("已解决")),
        When(closed, then=Value("无法解决")),
        *(When(status=status, then=Value(said)) for status, said in EXPORTED.items()),
        default=Value(""),
        output_field=CharField(),
    )
    return Case(
        When(result="", then=word),
        default=Concat(word, Value("："), F("result"), output_field=CharField()),
        output_field=CharField(),
    )


def _satisfied() -> Any:
    return Case(
        When(satisfied=True, then=Value("满意")),
        When(satisfied=False, then=Value("不满意")),
        default=Value(""),
        output_field=CharField(),
    )


DEMANDS = exports(
    Demand,
    ExportSheet(
        (
            ExportColumn("day", "日期", _day, Kind.DAY),
            column_of(Demand, "channel"),
            column_of(Demand, "reporter_name", heading="反映人"),
            column_of(Demand, "reporter_phone", heading="电话"),
            ExportColumn("address", "地址", address_expression, personal="hidden"),
            column_of(Demand, "content"),
            column_of(Demand, "category"),
            column_of(Demand, "first_contact"),
            column_of(Demand, "assigned_to", heading="承办"),
            ExportColumn("closed_on", "办结时间", _closed, Kind.DAY),
            ExportColumn("outcome", "结果", _outcome),
            ExportColumn("satisfied", "是否满意", _satisfied),
            column_of(Demand, "kind", usual=False),
            column_of(Demand, "urgency", usual=False),
            column_of(Demand, "status", usual=False),
            column_of(Demand, "due_at", usual=False),
            column_of(Demand, "first_response_at", usual=False),
            column_of(Demand, "resolved_at", usual=False),
            column_of(Demand, "code", usual=False),
            column_of(Demand, "remark", usual=False),
            column_of(Demand, "community", usual=False),
            identity_column(Demand),
        ),
        period="received_at",
        title="诉求台账",
    ),
)
