"""What of red partners is put before a joint meeting: issues that went on, and progress reports."""

from typing import Any

from django.db.models import QuerySet

from backend.core.origins import Origin, origin
from backend.partners.choices import Escalation, IssueStatus, ReportStatus
from backend.partners.models import IncipientIssue, ProgressReport


def _escalated() -> QuerySet[Any]:
    rows = IncipientIssue.objects.filter(status=IssueStatus.ESCALATED).select_related("post")
    found: QuerySet[Any] = rows.order_by("-settled_on", "-pk")
    return found


def _issue_title(issue: IncipientIssue) -> str:
    where = issue.post.name if issue.post is not None else issue.place
    return f"苗头性问题：{issue.get_kind_display()}（{where}）"


def _issue_text(issue: IncipientIssue) -> str:
    went_to = Escalation(issue.escalated_to).label
    return (
        f"{issue.description}\n{issue.settled_on:%Y-%m-%d} 转为{went_to} {issue.escalated_code}。"
    )


def _handed_in() -> QuerySet[Any]:
    rows = ProgressReport.objects.filter(status=ReportStatus.SUBMITTED)
    rows = rows.select_related("organization").prefetch_related("items")
    found: QuerySet[Any] = rows.order_by("-year", "-number", "-pk")
    return found


def _report_text(report: ProgressReport) -> str:
    lines = [
        f"{item.position}. {item.subject}：{item.get_state_display()}"
        + (f"，{item.told}" if item.told else "")
        for item in sorted(report.items.all(), key=lambda item: (item.position, item.pk))
    ]
    return "\n".join(filter(None, (report.summary, *lines)))


ISSUE_ORIGIN = origin(
    Origin(
        "incipient_issue",
        IncipientIssue,
        _escalated,
        title=_issue_title,
        text=_issue_text,
        searched=("=code", "=escalated_code", "description", "place", "post__name"),
    )
)
REPORT_ORIGIN = origin(
    Origin(
        "progress_report",
        ProgressReport,
        _handed_in,
        title=lambda report: f"{report.organization}服务进展（{report}）",
        text=_report_text,
        presenter=lambda report: str(report.organization),
        searched=("=code", "organization__name", "summary"),
    )
)
