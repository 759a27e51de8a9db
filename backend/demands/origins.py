"""What of demands is put before a joint meeting: those with which nothing goes on."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from backend.core.origins import Origin, origin
from backend.core.publication import findings_in
from backend.demands.choices import DemandKind
from backend.demands.models import Demand
from backend.demands.queries import waiting_for_a_meeting
from backend.people.queries import names_in


def _waiting() -> QuerySet[Any]:
    return waiting_for_a_meeting().select_related("estate", "category", "assigned_to")


def _title(demand: Demand) -> str:
    where = f"（{demand.estate}）" if demand.estate is not None else ""
    about = demand.category if demand.category is not None else DemandKind(demand.kind).label
    return f"诉求：{about}{where}"


def _text(demand: Demand) -> str:
    """How things are with it; what was said only where it names nobody."""
    received = timezone.localtime(demand.received_at)
    lines = [f"{demand.code}，{received:%Y-%m-%d} 登记，现在“{demand.get_status_display()}”。"]
    if demand.is_late and demand.due_at is not None:
        lines.append(f"办理期限 {timezone.localtime(demand.due_at):%Y-%m-%d}，已逾期。")
    names = names_in(demand.community_id, [demand.content])
    if not findings_in(demand.content, names):
        lines.append(demand.content)
    return "\n".join(lines)


DEMAND_ORIGIN = origin(
    Origin(
        "demand",
        Demand,
        _waiting,
        title=_title,
        text=_text,
        presenter=lambda demand: str(demand.assigned_to or ""),
        searched=("=code", "content", "assigned_to__name"),
    )
)
