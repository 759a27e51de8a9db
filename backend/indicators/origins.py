"""What of the hotline is put before a joint meeting: how often people called about one thing."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.core.origins import Origin, origin
from backend.indicators import rules
from backend.indicators.models import HotlineMonthlyCount, risen_first
from backend.indicators.words import change_words

# What is older has been talked about, or nobody wants to.
WAITS = timedelta(days=366)


def _months() -> QuerySet[Any]:
    rows = HotlineMonthlyCount.objects.filter(
        count__gt=0, ended_on__gte=timezone.localdate() - WAITS
    )
    found: QuerySet[Any] = rows.with_year_before().select_related("category")
    return found.order_by(*risen_first())


def _title(row: Any) -> str:
    said = f"市民热线：{row.category.name}类 {row.year}年{row.month}月 {row.count} 件"
    if not row.year_before:
        return said
    return f"{said}，同比 {change_words(rules.hotline_yoy(row.count, row.year_before))}"


def _text(row: Any) -> str:
    if row.year_before is None:
        return "去年同月没有登记件数，不能算同比。"
    then = f"去年同月 {row.year_before} 件"
    if row.year_before == 0:
        return f"{then}，不算百分比。"
    more = row.count - row.year_before
    if more == 0:
        return f"{then}，持平。"
    return f"{then}，今年{'多' if more > 0 else '少'} {abs(more)} 件。"


HOTLINE_ORIGIN = origin(
    Origin(
        "hotline_count",
        HotlineMonthlyCount,
        _months,
        title=_title,
        text=_text,
        searched=("=code", "category__name"),
    )
)
