"""Red partners: partners with their agreements and posts, the rota, and what is found."""

from backend.partners.issue_models import IncipientIssue
from backend.partners.partner_models import (
    AgreementDuty,
    CoBuildingAgreement,
    RedPartner,
    VanguardPost,
)
from backend.partners.report_models import ProgressItem, ProgressReport
from backend.partners.selection_models import StewardCandidate, StewardSelection
from backend.partners.shift_models import DutyShift

__all__ = [
    "AgreementDuty",
    "CoBuildingAgreement",
    "DutyShift",
    "IncipientIssue",
    "ProgressItem",
    "ProgressReport",
    "RedPartner",
    "StewardCandidate",
    "StewardSelection",
    "VanguardPost",
]
