"""Inputs for the verbs on rounds of selection, as `verbs.ASKED` wants them."""

import datetime
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.partners.models import RedPartner, StewardCandidate, StewardSelection
from backend.people.models import Organization
from tests.access.world import HOME

DAY = datetime.timedelta(days=1)


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **wanted: Any) -> Any:
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk")[0]


def _new_round() -> dict[str, Any]:
    """A further round."""
    today = timezone.localdate()
    return {
        "community": HOME,
        "title": "下半年优秀管家",
        "places": 1,
        "opensOn": today.isoformat(),
        "closesOn": (today + 20 * DAY).isoformat(),
        "idempotencyKey": "cell",
    }


def _draft_round() -> StewardSelection:
    home, today = _of(RedPartner).community, timezone.localdate()
    row = StewardSelection(
        community=home, title="优秀管家", places=1, opens_on=today, closes_on=today + DAY
    )
    return gate.save(row, by=SYSTEM)


def _changed_round() -> dict[str, Any]:
    """A draft, with criteria."""
    return {"selectionId": _id(_draft_round()), "criteria": "居民满意"}


def _new_candidate() -> dict[str, Any]:
    """Somebody for a draft."""
    body = _of(Organization, kind="property_company")
    return {
        "selectionId": _id(_draft_round()),
        "candidate": {"name": "管家丁", "organizationId": _id(body)},
        "idempotencyKey": "cell",
    }


def _candidate() -> dict[str, Any]:
    """Somebody of a draft."""
    selection = _draft_round()
    row = StewardCandidate(
        community=selection.community,
        selection=selection,
        name="管家戊",
        organization=_of(Organization, kind="property_company"),
    )
    return {"candidateId": _id(gate.save(row, by=SYSTEM))}


def _scored() -> dict[str, Any]:
    """Such a one, and what they got."""
    return _candidate() | {"score": 9000}


def _choosing() -> dict[str, Any]:
    """A round: the rules may refuse the move."""
    return {"selectionId": _id(_of(StewardSelection)), "reason": "核对后办理"}


VERBS: dict[str, tuple[Any, ...]] = {
    **{
        f"{verb}StewardSelection": ("selections.move", _choosing, ("selections.see",))
        for verb in ("open", "decide", "recount", "announce", "cancel")
    },
    "createStewardSelection": ("selections.edit", _new_round, ("places.see",)),
    "updateStewardSelection": ("selections.edit", _changed_round, ("selections.see",)),
    "addStewardCandidate": (
        "selections.edit",
        _new_candidate,
        ("selections.see", "organizations.see"),
    ),
    "updateStewardCandidate": ("selections.edit", _scored, ("selections.see",)),
    "removeStewardCandidate": ("selections.delete", _candidate, ("selections.see",)),
}
