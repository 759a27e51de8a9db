"""Rules of progress reports: pure functions."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.partners.choices import PeriodKind, ReportStatus
from backend.people.choices import OrganizationKind

# From the end of its period, a report has this many working days (default).
REPORT_WORKING_DAYS = 5


def period(kind: str, year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a month or a quarter.

    Raises: period_invalid for a month that is not 1 to 12, or a quarter that is not 1 to 4.
    """
    months = 3 if kind == PeriodKind.QUARTER else 1
    if not 1 <= number <= 12 // months or not 2000 <= year <= 2100:
        raise RuleViolation(
            "period_invalid",
            "月报填 1–12 月，季报填 1–4 季度，年份填四位数，请核对。",
            field="number",
        )
    first = date(year, (number - 1) * months + 1, 1)
    after = date(year + (number * months) // 12, (number * months) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def month_to_report(today: date, reported: Collection[tuple[int, int]]) -> tuple[int, int]:
    """The year and month that a company writes of next: the last one; this one if that is written.

    `reported` are the (year, month) that have a report, handed in or not.
    """
    last = today.replace(day=1) - timedelta(days=1)
    day = today if (last.year, last.month) in reported else last
    return day.year, day.month


def is_a_property_company(kind: str | None) -> None:
    """Raises: not_property_company: others report elsewhere."""
    if kind is not None and kind != OrganizationKind.PROPERTY_COMPANY:
        raise RuleViolation(
            "not_property_company",
            "物业服务进展由物业公司报告，请选择物业公司。",
            field="organization",
        )


def may_be_submitted(items: int, first: date, today: date) -> None:
    """Raises: report_without_items; period_not_begun."""
    if not items:
        raise RuleViolation("report_without_items", "报告里还没有事项，请至少写一条，再提交。")
    if today < first:
        raise RuleViolation("period_not_begun", "这一期还没有开始，不能提交报告。")


def submitted_text_stays(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: report_submitted if what was handed in would say something else."""
    if status != ReportStatus.DRAFT and before != now:
        raise RuleViolation(
            "report_submitted", "报告已经提交，内容不能再改；要补充的，请社区先“退回补充”。"
        )


def report_is_overdue(status: str, due_on: date, today: date) -> bool:
    """Whether a report should have been handed in by now."""
    return status == ReportStatus.DRAFT and due_on < today


def draft_report_alone_goes(status: str) -> None:
    """Raises: report_submitted."""
    if status != ReportStatus.DRAFT:
        raise RuleViolation("report_submitted", "提交过的报告不能删除。")
