"""What of festivals is shown where."""

from django.db.models import QuerySet

from backend.core.facets import Facets, register
from backend.festivals.choices import PUBLISHED
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall


def published_festivals() -> "QuerySet[NeighborFestival]":
    """What anonymous readers may see: what has been announced."""
    rows: QuerySet[NeighborFestival] = NeighborFestival.objects.filter(status__in=PUBLISHED)
    return rows


def published_stalls() -> "QuerySet[Stall]":
    """The stalls of what has been announced; one that stayed away was not there."""
    return Stall.objects.filter(festival__status__in=PUBLISHED, absent=False)


_FESTIVAL = ("code", "title", "starts_at", "ends_at", "place", "summary", "extra")
FESTIVAL = register(
    Facets(
        NeighborFestival,
        form=("community", *_FESTIVAL),
        listed=("title", "code", "starts_at", "place", "status", "community"),
        searched=("title", "=code", "place"),
        filtered=("status", "community"),
        imported=_FESTIVAL,
        synonyms=(
            ("title", ("活动名称", "邻里节", "主题")),
            ("starts_at", ("时间", "开始")),
            ("ends_at", ("结束",)),
            ("place", ("地址", "举办地点")),
        ),
        natural_key=("code",),
        exported=(*_FESTIVAL, "status"),
        public=("code", "title", "starts_at", "ends_at", "place", "summary", "status"),
        public_rows=published_festivals,
    )
)
_STALL = ("festival", "number", "name", "item", "category", "provider", "planned_helpers")
STALL = register(
    Facets(
        Stall,
        form=(*_STALL, "absent"),
        listed=("festival", *_STALL[1:], "absent"),
        searched=("name", "=festival__code", "provider__name"),
        filtered=("category", "absent", "community"),
        imported=_STALL,
        synonyms=(
            ("festival", ("邻里节编号", "活动编号", "活动")),
            ("number", ("编号", "摊号", "序位")),
            ("name", ("摊位", "名称", "内容")),
            ("item", ("项目",)),
            ("category", ("类别", "九助")),
            ("provider", ("单位", "负责单位", "提供单位")),
            ("planned_helpers", ("人手", "人数", "志愿者人数")),
        ),
        natural_key=("festival", "number"),
        exported=(*_STALL, "absent"),
        public=("number", "name", "item", "category", "festival"),
        public_rows=published_stalls,
        attachments=False,
    )
)
_SUPPLY = ("festival", "name", "unit", "planned", "brought", "used", "bringer")
SUPPLY = register(
    Facets(
        FestivalSupply,
        form=_SUPPLY,
        listed=_SUPPLY,
        searched=("name", "=festival__code"),
        filtered=("community",),
        exported=_SUPPLY,
        attachments=False,
    )
)
_HEADS = ("festival", "stall", "count", "method", "evidence", "correction")
HEADS = register(
    Facets(
        FestivalHeads,
        form=_HEADS,
        listed=_HEADS,
        searched=("=festival__code", "stall__name"),
        filtered=("method", "community"),
        exported=_HEADS,
        attachments=False,
    )
)
