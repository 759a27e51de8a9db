"""Inputs for the verbs on people, as `verbs.ASKED` wants them."""

from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.people import actions
from backend.people.merging import merge_residents
from backend.people.models import Consent, Household, PrivacyNotice, Resident
from backend.places.models import Building, Community
from tests.access.world import HOME, row_of

WHY = "来电说明"


def _people(count: int) -> list[Resident]:
    """Some of the roster of 新河 who have no account."""
    rows = Resident.objects.present().filter(community__code=HOME, user__isnull=True)
    return list(rows.exclude(phone="").order_by("-pk")[:count])


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def new_person() -> dict[str, Any]:
    """Somebody whom no roster knows."""
    return {"community": HOME, "name": "钱若水", "phone": "13712345678", "idempotencyKey": "cell"}


def changed_person() -> dict[str, Any]:
    """A remark on somebody."""
    return {"residentId": _id(_people(1)[0]), "remark": "独居"}


def gone() -> dict[str, Any]:
    """Somebody, and today."""
    person = _people(1)[0]
    return {"residentId": _id(person), "on": timezone.localdate().isoformat(), "reason": WHY}


def back_again() -> dict[str, Any]:
    """Somebody who moved out."""
    person = actions.move_out(_people(1)[0], on=timezone.localdate(), by=SYSTEM)
    return {"residentId": _id(person), "on": timezone.localdate().isoformat(), "reason": WHY}


def alive() -> dict[str, Any]:
    """Somebody said to have died."""
    person = actions.record_death(_people(1)[0], on=timezone.localdate(), by=SYSTEM)
    return {"residentId": _id(person), "reason": WHY}


def two() -> dict[str, Any]:
    """Two rows."""
    keep, drop = _people(2)
    return {"keepId": _id(keep), "dropId": _id(drop), "reason": WHY}


def merged() -> dict[str, Any]:
    """A row into which another has been merged."""
    keep, drop = _people(2)
    merge_residents(keep, drop, by=SYSTEM, reason=WHY)
    return {"keepId": _id(keep), "reason": WHY}


def new_phone() -> dict[str, Any]:
    """A further phone."""
    return {"residentId": _id(_people(1)[0]), "phone": "13712345678", "idempotencyKey": "cell"}


def old_phone() -> dict[str, Any]:
    """A further phone that is there."""
    person = _people(1)[0]
    phone = actions.add_phone(person, phone="13712345678", kind="own", by=SYSTEM)
    return {"phoneId": _id(phone)}


def new_house() -> dict[str, Any]:
    """A door of the demo behind which nobody lives."""
    building = Building.objects.filter(community__code=HOME).order_by("pk")[0]
    door = f"{building.estate.name}{building.name}号楼9单元1909室"
    return {"community": HOME, "door": door, "occupied": False, "idempotencyKey": "cell"}


def house() -> dict[str, Any]:
    """A door behind which somebody lives."""
    home = Community.objects.get(code=HOME)
    return {"householdId": _id(Household.objects.filter(community=home)[0]), "occupied": True}


def household_gone() -> dict[str, Any]:
    """Such a door, and today."""
    return {"householdId": house()["householdId"], "on": timezone.localdate().isoformat()}


def consent() -> dict[str, Any]:
    """A consent of somebody else, which the desk enters."""
    person, notice = _people(1)[0], _notice()
    return {
        "noticeId": _id(notice),
        "residentId": _id(person),
        "purpose": "NOTICES",
        "means": "PAPER",
        "idempotencyKey": "cell",
    }


def consent_given() -> dict[str, Any]:
    """A consent of somebody else that stands."""
    person, notice = _people(1)[0], _notice()
    given = actions.give_consent(person, notice, purpose="notices", means="paper", by=SYSTEM)
    return {"consentId": _id(Consent.objects.get(pk=given.pk)), "reason": WHY}


def _notice() -> PrivacyNotice:
    notice = row_of(PrivacyNotice, HOME)
    assert isinstance(notice, PrivacyNotice)
    return notice
