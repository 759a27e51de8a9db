"""The states of certificates and honours: one from/to table each."""

from backend.core.workflow import Machine, Move, from_any
from backend.volunteers.certificate_choices import CertificateStatus as C
from backend.volunteers.certificate_choices import HonourStatus as H

CERTIFICATE_MACHINE = Machine(
    field="status",
    moves=(Move("void", "作废", from_any(C.ISSUED), C.VOIDED, needs_reason=True, colour="danger"),),
)

HONOUR_MACHINE = Machine(
    field="status",
    moves=(
        Move(
            "revoke", "撤销荣誉", from_any(H.GRANTED), H.REVOKED, needs_reason=True, colour="danger"
        ),
    ),
)
