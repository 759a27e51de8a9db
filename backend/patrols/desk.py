"""What patrols bring to 今日待办: rounds to walk and to end, digests, figures, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import text
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.patrols.choices import OUT, DigestStatus, PatrolStatus, PointKind
from backend.patrols.models import DailyDigest, Patrol, PatrolPoint
from backend.patrols.queries import grids_not_walked
from backend.places.models import Grid


def _to_end(user: Any) -> QuerySet[Any]:
    rows = Patrol.objects.visible_to(user)
    return rows.filter(status=PatrolStatus.OPEN, patroller=user.pk)


def _to_review(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(DailyDigest, user, "move").filter(status=DigestStatus.DRAFT)
    # Nobody reviews what they wrote themselves.
    return rows.exclude(drafted_by=user.pk) if user.pk else rows


def _to_publish(user: Any) -> QuerySet[Any]:
    return rows_to_do(DailyDigest, user, "move").filter(status=DigestStatus.REVIEWED)


def _finished(user: Any) -> QuerySet[Any]:
    return Patrol.objects.visible_to(user).filter(status=PatrolStatus.FINISHED)


def _issues(user: Any) -> QuerySet[Any]:
    rows: Any = PatrolPoint.objects.visible_to(user)
    return rows.issues()  # type: ignore[no-any-return]


def _out(user: Any) -> QuerySet[Any]:
    return DailyDigest.objects.visible_to(user).filter(status__in=OUT)


waiting(
    Waiting(
        code="patrols_to_end",
        label=_("没查完的巡查"),
        act=_("接着查"),
        model=Patrol,
        rows=_to_end,
        title=F("grid__name"),
        about=text("day"),
        due=F("day"),
        address="patrol_page",
        key=F("code"),
    )
)
waiting(
    Waiting(
        code="grids_to_walk",
        label=_("今天还没巡查的网格"),
        act=_("开始巡查"),
        model=Grid,
        rows=grids_not_walked,
        title=F("name"),
        about=F("estate__name"),
        address="patrol_grid",
        key=F("code"),
        # A new day begins without anybody's writing.
        noted=False,
        beside=Patrol,
    )
)
waiting(
    Waiting(
        code="digests_to_review",
        label=_("待审核的工作小结"),
        act=_("审核"),
        model=DailyDigest,
        rows=_to_review,
        title=F("estate__name"),
        about=text("day"),
        due=F("day"),
        verb="review",
    )
)
waiting(
    Waiting(
        code="digests_to_publish",
        label=_("待发布的工作小结"),
        act=_("发布"),
        model=DailyDigest,
        rows=_to_publish,
        title=F("estate__name"),
        about=text("day"),
        due=F("day"),
        address="admin:patrols_dailydigest_publish",
    )
)
figure(
    Figure(
        code="patrols_finished",
        label=_("完成的巡查"),
        unit=_("次"),
        icon="directions_walk",
        parts=(Counted(_finished, "day"),),
        more_is_better=True,
    )
)
figure(
    Figure(
        code="digests_published",
        label=_("发布的工作小结"),
        unit=_("份"),
        icon="article",
        parts=(Counted(_out, "day"),),
        more_is_better=True,
    )
)
breakdown(
    Breakdown(
        code="patrol_issues_by_kind",
        label=_("巡查发现的问题，按必查项"),
        unit=_("处"),
        counted=Counted(_issues, "patrol__day"),
        by=F("kind"),
        words=lambda kind: PointKind(kind).label,
    )
)
findable(Findable(Patrol, "directions_walk", F("grid__name"), F("code")))
findable(Findable(PatrolPoint, "report", F("note"), F("code")))
findable(Findable(DailyDigest, "article", F("estate__name"), F("code")))
