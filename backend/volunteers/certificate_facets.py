"""What of certificates and honours is shown where."""

from typing import Any

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.volunteers.models import Certificate, CertifiedRecord, Honour, HonourLevel

CERTIFICATE = register(
    Facets(
        Certificate,
        form=(
            "number",
            "volunteer",
            "starts_on",
            "ends_on",
            "minutes",
            "services",
            "issuer",
            "issued_on",
            "status",
            "voided_on",
            "void_reason",
        ),
        listed=(
            "number",
            "volunteer",
            "starts_on",
            "ends_on",
            "minutes",
            "issued_on",
            "status",
        ),
        searched=("=number", "=volunteer__code", "=volunteer__resident__name"),
        filtered=("status", "year", "community"),
        exported=(
            "number",
            "volunteer",
            "starts_on",
            "ends_on",
            "minutes",
            "services",
            "issuer",
            "issued_on",
            "status",
            "voided_on",
            "void_reason",
        ),
        attachments=False,
    )
)
register(Facets(CertifiedRecord, attachments=False))
LEVEL = register(
    Facets(
        HonourLevel,
        form=("community", "name", "minutes", "active"),
        listed=("name", "minutes", "active", "community"),
        searched=("name",),
        filtered=("active", "community"),
        exported=("name", "minutes", "active"),
        attachments=False,
    )
)
HONOUR = register(
    Facets(
        Honour,
        form=("volunteer", "level", "minutes", "granted_on", "status"),
        listed=("level", "volunteer", "minutes", "granted_on", "status"),
        searched=("=volunteer__code", "=volunteer__resident__name", "level__name"),
        filtered=("status", "level", "community"),
        exported=("volunteer", "level", "minutes", "granted_on", "status"),
        attachments=False,
    )
)


def _nothing(row: Any) -> dict[str, Any]:
    """It names nobody: whose it was, the volunteer's row alone could tell."""
    return {}


hold(
    Holding(
        code="certificates",
        model=Certificate,
        resident="volunteer__resident",
        shown=(
            "number",
            "starts_on",
            "ends_on",
            "minutes",
            "services",
            "issuer",
            "issued_on",
            "status",
            "voided_on",
            "void_reason",
        ),
        anonymous=lambda row: {"void_reason": ""},
        label="志愿服务证明",
    )
)
hold(
    Holding(
        code="certified_records",
        model=CertifiedRecord,
        resident="certificate__volunteer__resident",
        shown=("certificate", "record", "minutes"),
        anonymous=_nothing,
        label="证明所列的服务记录",
    )
)
hold(
    Holding(
        code="honours",
        model=Honour,
        resident="volunteer__resident",
        shown=("level", "minutes", "granted_on", "status"),
        anonymous=_nothing,
        label="志愿者荣誉",
    )
)
