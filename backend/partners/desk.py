"""What red partners bring to 今日待办: work, figures, and what is found."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.partners.choices import AgreementStatus, IssueKind, IssueStatus, ReportStatus
from backend.partners.models import (
    CoBuildingAgreement,
    IncipientIssue,
    ProgressReport,
    RedPartner,
    VanguardPost,
)


def _to_settle(user: Any) -> QuerySet[Any]:
    return rows_to_do(IncipientIssue, user, "move").filter(status=IssueStatus.FOUND)


def _near_their_end(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(CoBuildingAgreement, user, "move")
    return rows.filter(status=AgreementStatus.ACTIVE, remind_from__lte=timezone.localdate())


def _to_submit(user: Any) -> QuerySet[Any]:
    return rows_to_do(ProgressReport, user, "submit").filter(status=ReportStatus.DRAFT)


def _to_hear(user: Any) -> QuerySet[Any]:
    return rows_to_do(ProgressReport, user, "move").filter(status=ReportStatus.SUBMITTED)


def _defused(user: Any) -> QuerySet[Any]:
    rows: Any = IncipientIssue.objects.visible_to(user)
    return rows.filter(status=IssueStatus.DEFUSED)  # type: ignore[no-any-return]


waiting(
    Waiting(
        code="issues_to_settle",
        label=_("待化解的苗头性问题"),
        act=_("去处理"),
        model=IncipientIssue,
        rows=_to_settle,
        title=F("description"),
        about=F("place"),
    )
)
waiting(
    Waiting(
        code="agreements_near_their_end",
        label=_("快到期的共建协议"),
        act=_("续签或到期"),
        model=CoBuildingAgreement,
        rows=_near_their_end,
        title=F("title"),
        about=F("partner__organization__name"),
        due=F("ends_on"),
        deadline=True,
    )
)
waiting(
    Waiting(
        code="reports_to_submit",
        label=_("待提交的物业服务进展"),
        act=_("提交"),
        model=ProgressReport,
        rows=_to_submit,
        title=F("organization__name"),
        about=F("code"),
        due=F("due_on"),
        verb="submit",
        deadline=True,
    )
)
waiting(
    Waiting(
        code="reports_to_hear",
        label=_("待听取的物业服务进展"),
        act=_("听取"),
        model=ProgressReport,
        rows=_to_hear,
        title=F("organization__name"),
        about=F("code"),
        verb="hear",
    )
)
figure(
    Figure(
        code="issues_found",
        label=_("发现的苗头性问题"),
        unit=_("件"),
        icon="crisis_alert",
        parts=(Counted(lambda user: IncipientIssue.objects.visible_to(user), "found_on"),),
    )
)
figure(
    Figure(
        code="issues_defused",
        label=_("化解的苗头性问题"),
        unit=_("件"),
        icon="handshake",
        parts=(Counted(_defused, "settled_on"),),
        more_is_better=True,
    )
)
breakdown(
    Breakdown(
        code="issues_by_kind",
        label=_("苗头性问题，按种类"),
        unit=_("件"),
        counted=Counted(lambda user: IncipientIssue.objects.visible_to(user), "found_on"),
        by=F("kind"),
        words=lambda kind: IssueKind(kind).label,
    )
)
findable(Findable(RedPartner, "handshake", F("organization__name"), F("code")))
findable(Findable(CoBuildingAgreement, "contract", F("title"), F("partner__organization__name")))
findable(Findable(VanguardPost, "shield_person", F("name"), F("place")))
findable(Findable(IncipientIssue, "crisis_alert", F("description"), F("code")))
