"""Certificates and honours in the main API: what is asked, and what is done."""

from datetime import date
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info
from strawberry_django.optimizer import optimize

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.volunteers import certifying, honouring, models, queries
from schema.main.base import (
    Connection,
    InputError,
    actor,
    answer,
    chosen,
    input_error,
    one_row,
    reread_all,
    viewer,
    visible,
)
from schema.main.certificate_types import Certificate, Honour, HonourLevel
from schema.main.verbs import Verbs

MOST_AT_ONCE = 100
_KEY = "The same key twice: the first result."


@strawberry.type
class CertificatesQuery:
    certificates: Connection[Certificate] = strawberry_django.connection(
        description="Certificates: staff those of others, everybody the own."
    )
    honours: Connection[Honour] = strawberry_django.connection(
        description="Honours: staff those of others, everybody the own."
    )
    honour_levels: Connection[HonourLevel] = strawberry_django.connection(
        description="The levels of the caller's community, the lowest first unless ordered."
    )

    @strawberry_django.field(description="One by its number; null if it is not the caller's.")
    @one_row()
    def certificate(self, info: Info, number: str) -> Certificate | None:
        rows = visible(models.Certificate, info).filter(number=number.strip().upper())
        return rows  # type: ignore[return-value]

    @strawberry_django.field(description="The caller's own, the latest first; void ones too.")
    def my_certificates(self, info: Info) -> list[Certificate]:
        own = queries.is_ones_own(viewer(info), "volunteer__")
        rows: Any = models.Certificate.objects.filter(own).order_by("-issued_on", "-pk")
        return optimize(rows, info)  # type: ignore[return-value]


@strawberry.input
class IssueCertificateInput:
    """Whose hours, of which days: both belong to it. The same days again: the same certificate."""

    volunteer_id: relay.GlobalID
    starts_on: date
    ends_on: date
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class IssueCertificatesInput:
    """Certificates of some days for several: 100 at most. Asked again, they are the same ones."""

    volunteer_ids: list[relay.GlobalID]
    starts_on: date
    ends_on: date


@strawberry.input
class VoidCertificateInput:
    """A certificate, and why it is void."""

    certificate_id: relay.GlobalID
    reason: str


@strawberry.input
class GrantHonourInput:
    """Who is given which level."""

    volunteer_id: relay.GlobalID
    level_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class RevokeHonourInput:
    """An honour, and why it is taken back."""

    honour_id: relay.GlobalID
    reason: str


@strawberry.type
class CertificateAnswer:
    """The certificate as it now stands, or what was wrong."""

    errors: list[InputError]
    certificate: Certificate | None = None


@strawberry.type
class CertificatesAnswer:
    """The certificates; `errors` say why others have none."""

    errors: list[InputError]
    certificates: list[Certificate] = strawberry.field(default_factory=list)


@strawberry.type
class HonourAnswer:
    """The honour as it now stands, or what was wrong."""

    errors: list[InputError]
    honour: Honour | None = None


CERTIFICATES = Verbs(models.Certificate, CertificateAnswer, "certificate")
HONOURS = Verbs(models.Honour, HonourAnswer, "honour")


@strawberry.type
class CertificatesMutation:
    @strawberry.mutation(
        description="Issues a certificate, of verified hours alone, to somebody else."
    )
    def issue_certificate(self, info: Info, input: IssueCertificateInput) -> CertificateAnswer:
        def make(by: Actor) -> Any:
            volunteer = chosen(models.Volunteer, input.volunteer_id, info)
            return certifying.issue_certificate(volunteer, input.starts_on, input.ends_on, by=by)

        return CERTIFICATES.made(info, input, "issueCertificate", make)

    @strawberry.mutation(description="Issues certificates of the same days to several.")
    def issue_certificates(self, info: Info, input: IssueCertificatesInput) -> CertificatesAnswer:
        def do() -> dict[str, Any]:
            if len(input.volunteer_ids) > MOST_AT_ONCE:
                raise RuleViolation(
                    "too_many", f"一次最多 {MOST_AT_ONCE} 位，请分几次。", field="volunteer_ids"
                )
            rows = [chosen(models.Volunteer, key, info) for key in input.volunteer_ids]
            done = certifying.issue_certificates(
                rows, input.starts_on, input.ends_on, by=actor(info)
            )
            keys = [row.pk for row in done.certificates]
            return {
                "certificates": reread_all(keys, models.Certificate, info, "certificates"),
                "errors": [input_error(violation) for violation in done.left_out.values()],
            }

        return answer(CertificatesAnswer, do)

    @strawberry.mutation(description="Makes a certificate void: its number stays, and says so.")
    def void_certificate(self, info: Info, input: VoidCertificateInput) -> CertificateAnswer:
        return CERTIFICATES.move(
            info, input.certificate_id, certifying.void_certificate, input.reason
        )

    @strawberry.mutation(
        description="Gives a level to somebody else whose verified hours reach it."
    )
    def grant_honour(self, info: Info, input: GrantHonourInput) -> HonourAnswer:
        def make(by: Actor) -> Any:
            volunteer = chosen(models.Volunteer, input.volunteer_id, info)
            level = chosen(models.HonourLevel, input.level_id, info)
            return honouring.grant_honour(volunteer, level, by=by)

        return HONOURS.made(info, input, "grantHonour", make)

    @strawberry.mutation(description="Takes an honour back; needs a reason.")
    def revoke_honour(self, info: Info, input: RevokeHonourInput) -> HonourAnswer:
        return HONOURS.move(info, input.honour_id, honouring.revoke_honour, input.reason)
