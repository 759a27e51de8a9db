"""What of patrols is put before a joint meeting: what waits still, and what comes again and again."""

from typing import Any

from django.db.models import Q, QuerySet

from backend.core.origins import Origin, origin
from backend.core.words import in_chinese
from backend.demands.choices import OPEN
from backend.patrols import rules
from backend.patrols.choices import Handling, PointKind
from backend.patrols.models import PatrolPoint


def _to_talk_about() -> QuerySet[Any]:
    points: Any = PatrolPoint.objects
    again = points.recurring().order_by().values("pk")
    waits = Q(handling=Handling.WAITING) | Q(demand__status__in=OPEN)
    rows: QuerySet[Any] = (
        points.issues()
        .filter(waits | Q(pk__in=again))
        .with_times()
        .select_related("patrol__grid", "demand")
        .order_by("-times", "-patrol__day", "-pk")
    )
    return rows


def _title(point: PatrolPoint) -> str:
    return f"巡查发现：{in_chinese(PointKind(point.kind).label)}（{point.patrol.grid}）"


def _text(point: PatrolPoint) -> str:
    lines = [f"{point.patrol.day:%Y-%m-%d} {point.note}"]
    if point.fixed_how:
        lines.append(f"当场：{point.fixed_how}")
    if point.demand is not None:
        lines.append(f"已转诉求 {point.demand.code}。")
    times = getattr(point, "times", 0)
    if times >= rules.OFTEN:
        lines.append(f"这个网格这一项近一个月发现了 {times} 次。")
    return "\n".join(lines)


POINT_ORIGIN = origin(
    Origin(
        "patrol_point",
        PatrolPoint,
        _to_talk_about,
        title=_title,
        text=_text,
        searched=("=code", "=demand__code", "note", "patrol__grid__name"),
    )
)
