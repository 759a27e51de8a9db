"""Whether a number is a certificate's, and whether it stands: nothing that is about a person."""

from typing import Any

import graphene

from backend.volunteers.certificate_queries import checked


class CertificateCheck(graphene.ObjectType):
    """志愿服务证明, as anybody may check it by the number on the paper: it names nobody."""

    number = graphene.String(required=True)
    issuer = graphene.String(required=True, description="出具单位: the community.")
    issued_on = graphene.Date(required=True)
    minutes = graphene.Int(required=True, description="Verified minutes, as they stood that day.")
    hours = graphene.Float(required=True, description="The same in hours: 90 minutes are 1.5.")
    valid = graphene.Boolean(required=True, description="False once it was made void.")
    voided_on = graphene.Date(description="When it was made void; null while it stands.")


def certificate(root: Any, info: Any, number: str) -> CertificateCheck | None:
    """The certificate with that number; null for one that was never issued."""
    found = checked(number)
    if found is None:
        return None
    return CertificateCheck(
        number=found.number,
        issuer=found.issuer,
        issued_on=found.issued_on,
        minutes=found.minutes,
        hours=round(found.minutes / 60, 2),
        valid=found.valid,
        voided_on=found.voided_on,
    )
