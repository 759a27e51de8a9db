"""What demands bring to 今日待办: work, figures, and what is found."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.demands.choices import OPEN, DemandKind, DemandStatus
from backend.demands.models import SOON, Demand

_TO_ASSIGN = (DemandStatus.REGISTERED, DemandStatus.RETURNED, DemandStatus.REOPENED)
_TO_SOLVE = (DemandStatus.ASSIGNED, DemandStatus.IN_PROGRESS)


def _soon() -> Any:
    return timezone.now() + timedelta(days=SOON)


def to_assign(user: Any) -> QuerySet[Any]:
    """The demands that nobody has in hand."""
    return rows_to_do(Demand, user, "move").filter(status__in=_TO_ASSIGN)


def to_solve(user: Any) -> QuerySet[Any]:
    """The demands in somebody's hand: a handler sees the own body's, staff what is pressing."""
    rows = rows_to_do(Demand, user, "handle").filter(status__in=_TO_SOLVE)
    return rows.filter(Demand.own_rows(user, "handle") | Q(due_at__lt=_soon()))


def to_answer(user: Any) -> QuerySet[Any]:
    """The demands whose reporter has had no answer yet."""
    rows = rows_to_do(Demand, user, "handle")
    return rows.filter(status__in=OPEN, first_response_at__isnull=True, respond_by__lt=_soon())


def to_confirm(user: Any) -> QuerySet[Any]:
    """The demands that are solved, and of which nobody has said so beside who solved them."""
    return rows_to_do(Demand, user, "move").filter(status=DemandStatus.RESOLVED)


def to_close(user: Any) -> QuerySet[Any]:
    """The demands of which nothing is left but to close them."""
    rows = rows_to_do(Demand, user, "move")
    ends = (DemandStatus.CONFIRMED, DemandStatus.UNRESOLVABLE_EXPLAINED)
    return rows.filter(status__in=ends)


def _counted(user: Any) -> QuerySet[Any]:
    rows: Any = Demand.objects.visible_to(user)
    return rows.counted()  # type: ignore[no-any-return]


def _solved(user: Any) -> QuerySet[Any]:
    rows: Any = Demand.objects.visible_to(user)
    return rows.filter(resolved_at__isnull=False)  # type: ignore[no-any-return]


waiting(
    Waiting(
        code="demands_to_assign",
        label=_("待派单的诉求"),
        act=_("派单"),
        model=Demand,
        rows=to_assign,
        title=F("content"),
        about=F("code"),
        due=local_day("due_at"),
        deadline=True,
    )
)
waiting(
    Waiting(
        code="demands_to_answer",
        label=_("待首次回复的诉求"),
        act=_("登记回复"),
        model=Demand,
        rows=to_answer,
        title=F("content"),
        about=F("code"),
        due=local_day("respond_by"),
        deadline=True,
    )
)
waiting(
    Waiting(
        code="demands_to_solve",
        label=_("逾期、快到期的诉求"),
        act=_("去办理"),
        model=Demand,
        rows=to_solve,
        title=F("content"),
        about=F("assigned_to__name"),
        due=local_day("due_at"),
        deadline=True,
    )
)
waiting(
    Waiting(
        code="demands_to_confirm",
        label=_("待确认的诉求"),
        act=_("登记确认"),
        model=Demand,
        rows=to_confirm,
        title=F("content"),
        about=F("code"),
    )
)
waiting(
    Waiting(
        code="demands_to_close",
        label=_("待办结的诉求"),
        act=_("办结"),
        model=Demand,
        rows=to_close,
        title=F("content"),
        about=F("code"),
        verb="close",
    )
)
figure(
    Figure(
        code="demands_registered",
        label=_("登记的诉求"),
        unit=_("件"),
        icon="record_voice_over",
        parts=(Counted(_counted, "received_at"),),
        charted=True,
    )
)
figure(
    Figure(
        code="demands_solved",
        label=_("解决的诉求"),
        unit=_("件"),
        icon="task_alt",
        parts=(Counted(_solved, "resolved_at"),),
        more_is_better=True,
    )
)
breakdown(
    Breakdown(
        code="demands_by_kind",
        label=_("诉求，按性质"),
        unit=_("件"),
        counted=Counted(_counted, "received_at"),
        by=F("kind"),
        words=lambda kind: DemandKind(kind).label,
    )
)
findable(Findable(Demand, "record_voice_over", F("content"), F("code")))
