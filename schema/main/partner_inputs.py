"""What the mutations on red partners take."""

from datetime import date, time

import strawberry
from strawberry import relay

from schema.main.partner_enums import DutySide, Escalation, IssueKind

KEY = "The same key twice: the first result."


@strawberry.input
class CreateRedPartnerInput:
    """A body that joins."""

    organization_id: relay.GlobalID
    since: date
    idempotency_key: str = strawberry.field(description=KEY)
    summary: str = strawberry.field(default="", description="Public; names nobody.")


@strawberry.input
class EndRedPartnerInput:
    """A partner that leaves on a day; no agreement may run any more."""

    partner_id: relay.GlobalID
    on: date
    reason: str = ""


@strawberry.input
class AgreementDutyInput:
    """One duty."""

    text: str
    side: DutySide = DutySide.PARTNER


@strawberry.input
class CreateCoBuildingAgreementInput:
    """A draft, with its duties in their order."""

    partner_id: relay.GlobalID
    title: str
    starts_on: date
    ends_on: date
    duties: list[AgreementDutyInput]
    idempotency_key: str = strawberry.field(description=KEY)
    signed_on: date | None = None
    remind_days: int = 30
    renews_id: relay.GlobalID | None = None
    remark: str = ""


@strawberry.input
class MoveCoBuildingAgreementInput:
    """An agreement to move to its next state."""

    agreement_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class OpenVanguardPostInput:
    """A post under an agreement in force."""

    agreement_id: relay.GlobalID
    name: str
    place: str
    since: date
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class CloseVanguardPostInput:
    """A post kept for the last time on a day."""

    post_id: relay.GlobalID
    on: date
    reason: str = ""


@strawberry.input
class PlanDutyShiftInput:
    """Who stands at a post on a day; a representative, a resident, or a bare name."""

    post_id: relay.GlobalID
    day: date
    starts_at: time
    ends_at: time = strawberry.field(description="Not part of the shift.")
    idempotency_key: str = strawberry.field(description=KEY)
    representative_id: relay.GlobalID | None = None
    resident_id: relay.GlobalID | None = None
    name: str = ""


@strawberry.input
class CancelDutyShiftInput:
    """A shift to be taken off the rota."""

    shift_id: relay.GlobalID


@strawberry.input
class ReportIncipientIssueInput:
    """Something found, at a post or elsewhere. The texts name nobody."""

    kind: IssueKind
    description: str
    found_on: date
    idempotency_key: str = strawberry.field(description=KEY)
    post_id: relay.GlobalID | None = None
    community: str = strawberry.field(
        default="", description="Code of the community, where no post says which."
    )
    place: str = ""
    found_by: str = ""


@strawberry.input
class DefuseIncipientIssueInput:
    """How an issue was settled on the spot."""

    issue_id: relay.GlobalID
    how: str
    on: date | None = strawberry.field(default=None, description="Today if left out.")


@strawberry.input
class EscalateIncipientIssueInput:
    """Where an issue goes on, and its code there."""

    issue_id: relay.GlobalID
    register: Escalation
    code: str = strawberry.field(
        default="", description="Left out for a demand: one is registered from the issue."
    )
    on: date | None = strawberry.field(default=None, description="Today if left out.")


@strawberry.input
class ReopenIncipientIssueInput:
    """An issue that was not settled after all."""

    issue_id: relay.GlobalID
    reason: str
