"""What of the hotline's counts is shown where."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.core.facets import Facets, register
from backend.core.small_cells import SMALLEST_CELL
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount


def public_counts() -> "QuerySet[HotlineMonthlyCount]":
    """What anonymous readers may see: months that are over, and no small count.

    No total stands beside them, so nothing tells the counts that are left out.
    """
    told = Q(count=0) | Q(count__gte=SMALLEST_CELL)
    rows: QuerySet[HotlineMonthlyCount] = HotlineMonthlyCount.objects.filter(told)
    return rows.filter(ended_on__lt=timezone.localdate())


_CATEGORY = ("code", "name", "is_property", "position")
CATEGORY = register(
    Facets(
        HotlineCategory,
        form=("community", *_CATEGORY),
        listed=("name", "is_property", "position", "community"),
        searched=("name", "=code"),
        filtered=("is_property", "community"),
        imported=_CATEGORY,
        natural_key=("code",),
        exported=_CATEGORY,
        public=("code", "name"),
        public_rows=HotlineCategory.objects.all,
        attachments=False,
    )
)
COUNT = register(
    Facets(
        HotlineMonthlyCount,
        form=("community", "category", "year", "month", "count"),
        listed=("year", "month", "category", "count", "code"),
        searched=("category__name", "=code", "=year"),
        filtered=("category", "year", "month", "community"),
        imported=("year", "month", "category", "count"),
        synonyms=(
            ("year", ("年份", "年度", "统计年份")),
            ("month", ("月份", "统计月份")),
            ("category", ("诉求类别", "来电类别", "热线类别", "问题类别", "分类", "类型")),
            ("count", ("件", "数量", "来电数", "来电量", "受理量", "受理件数", "工单数", "工单量")),
        ),
        natural_key=("year", "month", "category"),
        exported=("year", "month", "category", "count"),
        public=("code", "category", "year", "month", "count"),
        public_rows=public_counts,
    )
)
