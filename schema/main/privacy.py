"""What people ask of their own data: to see it, to have it corrected, to have it erased."""

from datetime import date, datetime

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core.errors import RuleViolation
from backend.privacy import actions, models, showing
from backend.privacy.choices import RequestKind, RequestStatus
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    actor,
    answer,
    moves_of,
    refuse_anonymous,
    refuse_keys,
    reread,
    viewer,
)
from schema.main.filters import one_of, updated_since
from schema.main.idempotency import once
from schema.main.labels import in_words

strawberry.enum(RequestKind, name="SubjectRequestKind", description="What somebody asks.")
strawberry.enum(RequestStatus, name="SubjectRequestStatus", description="How far a request is.")


@strawberry_django.filter_type(models.SubjectRequest)
class SubjectRequestFilter:
    """Filters of requests; nothing personal can be asked for."""

    status = one_of(RequestStatus, "status", "In one of these states.")
    updated_since = updated_since()


@strawberry_django.order_type(models.SubjectRequest)
class SubjectRequestOrder:
    """Orders of requests."""

    asked_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.SubjectRequest,
    filters=SubjectRequestFilter,
    ordering=SubjectRequestOrder,
    description="本人请求: somebody asks to see, correct or erase what is held about them.",
)
class SubjectRequest(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    kind: RequestKind
    status: RequestStatus
    asked_on: date
    created_at: datetime
    updated_at: datetime

    @strawberry_django.field(
        only=["status", "community_id", "kind"],
        description="What the desk may do with the request now; nothing for one's own.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)

    status_label = in_words(RequestStatus, "status", "The state in words.")


@strawberry.type(description="One value held about you.")
class HeldValue:
    label: str
    value: str


@strawberry.type(description="One record about you.")
class HeldRecord:
    values: list[HeldValue]


@strawberry.type(description="What one register holds about you, in full.")
class HeldTable:
    code: str = strawberry.field(description="Stable, for programs: attendance.")
    label: str = strawberry.field(description="What the register is called: 签到记录.")
    kept: str = strawberry.field(description="How long it is kept, in words.")
    records: list[HeldRecord]


@strawberry.type
class PrivacyQuery:
    subject_requests: Connection[SubjectRequest] = strawberry_django.connection(
        description="Your own requests; for the desk, those of the community."
    )

    @strawberry.field(
        description="Everything held about you, unmasked, by register; null if your account is"
        " tied to no resident."
    )
    def my_data(self, info: Info) -> list[HeldTable] | None:
        user = viewer(info)
        if not user.is_authenticated:
            return None
        refuse_keys(info)
        try:
            resident = actions.resident_of(user)
        except RuleViolation:
            return None
        return [
            HeldTable(
                code=table.code,
                label=table.label,
                kept=table.kept,
                records=[
                    HeldRecord(
                        values=[
                            HeldValue(label=label, value=value)
                            for label, value in zip(table.headings, row, strict=True)
                        ]
                    )
                    for row in table.rows
                ],
            )
            for table in showing.held_about(resident)
        ]


@strawberry.type
class SubjectRequestAnswer:
    """The request as taken down, or what was wrong."""

    errors: list[InputError]
    request: SubjectRequest | None = None


@strawberry.input(description="Asks for a copy of everything held about you.")
class RequestMyDataInput:
    idempotency_key: str


@strawberry.input(description="Asks for something about you to be put right.")
class RequestCorrectionInput:
    details: str = strawberry.field(description="Which item is wrong, and what it should be.")
    idempotency_key: str


@strawberry.input(description="Asks for everything about you to be erased; counts stay.")
class RequestErasureInput:
    details: str = ""
    idempotency_key: str


def _asked(
    info: Info, verb: str, kind: RequestKind, key: str, details: str = ""
) -> SubjectRequestAnswer:
    def do() -> dict[str, object]:
        refuse_anonymous(info)
        by = actor(info)
        record = once(
            verb,
            key,
            by,
            models.SubjectRequest,
            lambda: actions.ask_for_oneself(kind, by=by, details=details),
        )
        return {"request": reread(record, info, "request")}

    return answer(SubjectRequestAnswer, do)


@strawberry.type
class PrivacyMutation:
    @strawberry.mutation(description="Asks for a copy of your own data on paper.")
    def request_my_data(self, info: Info, input: RequestMyDataInput) -> SubjectRequestAnswer:
        return _asked(info, "requestMyData", RequestKind.SHOW, input.idempotency_key)

    @strawberry.mutation(description="Asks the community's office to correct your data.")
    def request_correction(self, info: Info, input: RequestCorrectionInput) -> SubjectRequestAnswer:
        return _asked(
            info, "requestCorrection", RequestKind.CORRECT, input.idempotency_key, input.details
        )

    @strawberry.mutation(
        description="Asks to be erased; the secretary confirms it, and it cannot be undone."
    )
    def request_erasure(self, info: Info, input: RequestErasureInput) -> SubjectRequestAnswer:
        return _asked(
            info, "requestErasure", RequestKind.ERASE, input.idempotency_key, input.details
        )
