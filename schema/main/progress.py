"""物业服务进展 in the main API: what property companies report."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils import timezone
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.partners import models, report_rules, reporting
from backend.people.models import Organization as OrganizationRecord
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    chosen,
    moves_of,
    of_organization,
    one_row,
    visible,
)
from schema.main.changes import SEEN
from schema.main.files import HasAttachments
from schema.main.filters import of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.partner_enums import ItemState, PeriodKind, ReportStatus
from schema.main.places import Community
from schema.main.verbs import Verbs


@strawberry_django.type(models.ProgressItem, description="进展事项: one matter of a report.")
class ProgressItem(Seen, relay.Node):
    id: relay.NodeID[int]
    position: int
    subject: str
    told: str
    state: ItemState


@strawberry_django.filter_type(models.ProgressReport)
class ProgressReportFilter:
    """Filters of reports."""

    status = one_of(ReportStatus, "status", "In one of these states.")

    @strawberry_django.filter_field(description="Not handed in by this day, though due before it.")
    def overdue_on(self, value: date, prefix: str) -> Q:
        return Q(**{f"{prefix}status": ReportStatus.DRAFT, f"{prefix}due_on__lt": value})

    @strawberry_django.filter_field(description="Of this year.")
    def year(self, value: int, prefix: str) -> Q:
        return Q(**{f"{prefix}year": value})

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.ProgressReport)
class ProgressReportOrder:
    """Orders of reports."""

    year: strawberry.auto
    number: strawberry.auto
    due_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ProgressReport,
    filters=ProgressReportFilter,
    ordering=ProgressReportOrder,
    description="物业服务进展: one report of one company, of one month or quarter; it names nobody.",
)
class ProgressReport(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    period_kind: PeriodKind
    year: int
    number: int = strawberry_django.field(description="The month, 1 to 12, or the quarter, 1 to 4.")
    summary: str
    due_on: date | None = strawberry_django.field(
        description="Five working days after the period's end."
    )
    heard_at: str
    status: ReportStatus
    created_at: datetime
    updated_at: datetime
    community: Community
    organization: Organization | None
    items: list[ProgressItem]
    sent_back_because: str | None = strawberry_django.field(
        annotate=lambda info: reporting.sent_back_because(),
        description="Why it was sent back the last time; null if it never was.",
    )

    status_label = in_words(ReportStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "due_on"], description="Whether it should have been handed in by now."
    )
    def overdue(self) -> bool:
        due = self.due_on
        return due is not None and report_rules.report_is_overdue(
            self.status, due, timezone.localdate()
        )

    @strawberry_django.field(
        only=["status", "community_id"],
        annotate=of_organization(models.ProgressReport),
        description="What the caller may do with the report now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]


@strawberry.input
class ProgressItemInput:
    """One matter."""

    subject: str
    told: str = ""
    state: ItemState = ItemState.UNDER_WAY


@strawberry.input
class CreateProgressReportInput:
    """A draft with its items in their order."""

    organization_id: relay.GlobalID
    period_kind: PeriodKind
    year: int
    number: int
    items: list[ProgressItemInput]
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    summary: str = ""


@strawberry.input
class UpdateProgressReportInput:
    """What is left out stays; `items` are all its items then, in their order."""

    report_id: relay.GlobalID
    summary: str | None = strawberry.UNSET
    items: list[ProgressItemInput] | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class MoveProgressReportInput:
    """A report to move to its next state."""

    report_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class HearProgressReportInput:
    """A report that was heard."""

    report_id: relay.GlobalID
    at: str = strawberry.field(default="", description="On what occasion; names nobody.")


@strawberry.type
class ProgressReportAnswer:
    """The report as it now stands, or what was wrong."""

    errors: list[InputError]
    report: ProgressReport | None = None


@strawberry.type
class ProgressQuery:
    progress_reports: Connection[ProgressReport] = strawberry_django.connection(
        description="Reports of property companies, the latest first unless ordered."
    )

    @strawberry_django.field(description="One report by its code; null if not the caller's.")
    @one_row()
    def progress_report(self, info: Info, code: str) -> ProgressReport | None:
        rows = visible(models.ProgressReport, info).filter(code=code)
        return rows  # type: ignore[return-value]


REPORTS = Verbs(models.ProgressReport, ProgressReportAnswer, "report")


def _write(given: CreateProgressReportInput, info: Info, by: Actor) -> models.ProgressReport:
    body = chosen(OrganizationRecord, given.organization_id, info)
    report = models.ProgressReport(
        community_id=body.community_id,
        organization=body,
        period_kind=given.period_kind,
        year=given.year,
        number=given.number,
        summary=given.summary,
    )
    items = [(item.subject, item.told, item.state) for item in given.items]
    return reporting.make_report(report, items, by=by)


def _revise(report: models.ProgressReport, given: UpdateProgressReportInput, by: Actor) -> None:
    summary = report.summary if given.summary is strawberry.UNSET else given.summary or ""
    if given.items is None:
        raise RuleViolation("value_missing", "这一项不能为空。", field="items")
    if given.items is strawberry.UNSET:
        stored = report.items.order_by("position", "pk")
        items = [(item.subject, item.told, item.state) for item in stored]
    else:
        items = [(item.subject, item.told, item.state) for item in given.items]
    reporting.revise_report(report, summary, items, by=by, seen=given.expected_revision)


def _move(info: Info, given: MoveProgressReportInput, verb: str) -> ProgressReportAnswer:
    return REPORTS.move(info, given.report_id, reporting.REPORT_VERBS[verb], given.reason)


@strawberry.type
class ProgressMutation:
    @strawberry.mutation(description="Drafts a progress report.")
    def create_progress_report(
        self, info: Info, input: CreateProgressReportInput
    ) -> ProgressReportAnswer:
        return REPORTS.made(info, input, "createProgressReport", lambda by: _write(input, info, by))

    @strawberry.mutation(description="Changes a draft.")
    def update_progress_report(
        self, info: Info, input: UpdateProgressReportInput
    ) -> ProgressReportAnswer:
        return REPORTS.on(info, input.report_id, lambda row, by: _revise(row, input, by))

    @strawberry.mutation(description="Hands a report in.")
    def submit_progress_report(
        self, info: Info, input: MoveProgressReportInput
    ) -> ProgressReportAnswer:
        return _move(info, input, "submit")

    @strawberry.mutation(description="Sends a report back to be completed; needs a reason.")
    def withdraw_progress_report(
        self, info: Info, input: MoveProgressReportInput
    ) -> ProgressReportAnswer:
        return _move(info, input, "withdraw")

    @strawberry.mutation(description="The community has heard a report.")
    def hear_progress_report(
        self, info: Info, input: HearProgressReportInput
    ) -> ProgressReportAnswer:
        return REPORTS.on(
            info, input.report_id, lambda row, by: reporting.hear(row, at=input.at, by=by)
        )
