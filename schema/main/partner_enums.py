"""The choices that the types and the inputs on red partners share."""

import strawberry

from backend.partners.choices import (
    AgreementStatus,
    DutySide,
    Escalation,
    IssueKind,
    IssueStatus,
)

strawberry.enum(AgreementStatus, description="The states of an agreement.")
strawberry.enum(DutySide, description="Who promises a duty.")
strawberry.enum(IssueKind, name="IncipientIssueKind", description="What an issue is about.")
strawberry.enum(
    IssueStatus, name="IncipientIssueStatus", description="The states of an incipient issue."
)
strawberry.enum(Escalation, description="The register in which an issue goes on.")

__all__ = ["AgreementStatus", "DutySide", "Escalation", "IssueKind", "IssueStatus"]
