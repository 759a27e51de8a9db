"""The choices that the types and the inputs on red partners share."""

import strawberry

from backend.partners.choices import (
    AgreementStatus,
    DutySide,
    Escalation,
    IssueKind,
    IssueStatus,
    ItemState,
    PeriodKind,
    ReportStatus,
)

strawberry.enum(AgreementStatus, description="The states of an agreement.")
strawberry.enum(DutySide, description="Who promises a duty.")
strawberry.enum(IssueKind, name="IncipientIssueKind", description="What an issue is about.")
strawberry.enum(
    IssueStatus, name="IncipientIssueStatus", description="The states of an incipient issue."
)
strawberry.enum(Escalation, description="The register in which an issue goes on.")

strawberry.enum(PeriodKind, name="ReportPeriod", description="What a report covers.")
strawberry.enum(
    ReportStatus, name="ProgressReportStatus", description="The states of a progress report."
)
strawberry.enum(ItemState, name="ProgressItemState", description="How far a matter is.")

__all__ = [
    "AgreementStatus",
    "DutySide",
    "Escalation",
    "IssueKind",
    "IssueStatus",
    "ItemState",
    "PeriodKind",
    "ReportStatus",
]
