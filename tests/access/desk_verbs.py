"""Inputs for the verbs on accounts, wording, requests and history, as `verbs.ASKED` wants them."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings.models import MeetingSettings
from backend.meetings.word import DEFAULT
from backend.messaging.choices import DeliveryState
from backend.messaging.models import Delivery, MessageTemplate
from backend.messaging.templates import kind_of
from backend.people.models import CommunityRole, Organization, Representative, Resident, User
from backend.places.models import Community
from backend.privacy.choices import Identified, RequestKind
from backend.privacy.models import CommunityPrivacy, SubjectRequest
from backend.services.models import ServiceCategory
from tests.access.world import HOME

KEY = {"idempotencyKey": "cell"}
DAY = datetime.date(2025, 3, 1)
KIND = "event_registered"
Given = Callable[[], dict[str, Any]]


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def home() -> Community:
    return Community.objects.get(code=HOME)


def words() -> dict[str, Any]:
    """The words that a kind of message comes with, as an input."""
    kind = kind_of(KIND)
    return {"community": HOME, "kind": KIND, "title": kind.title, "body": kind.body}


def template() -> MessageTemplate:
    """A community's own words for it."""
    given = words() | {"community": home()}
    return gate.save(MessageTemplate(**given), by=SYSTEM)


def delivery(**other: Any) -> Delivery:
    """A message to somebody of the staff that could not be sent."""
    row = Delivery(
        **{
            "community": home(),
            "user": User.objects.get(username="worker"),
            "channel": "email",
            "template": KIND,
            "masked_to": "w***@example.org",
            "state": DeliveryState.GIVEN_UP,
            "once_key": uuid.uuid4().hex,
            "told_in": uuid.uuid4(),
        }
        | other
    )
    gate.keep_notes([row])
    return row


def neighbour() -> Resident:
    """Somebody on the roster who has not been erased."""
    return Resident.objects.filter(community=home()).present().order_by("pk")[0]


def request(kind: str = RequestKind.CORRECT) -> SubjectRequest:
    """What somebody asked at the desk."""
    row = SubjectRequest(
        community=home(),
        kind=kind,
        resident=neighbour(),
        identified=Identified.DOCUMENT,
        details="电话换了",
    )
    return gate.save(row, by=SYSTEM)


def representative() -> Representative:
    """Who speaks for a new body, and signs in by no account."""
    body = gate.save(Organization(community=home(), name="新商户", kind="merchant"), by=SYSTEM)
    row = Representative(community=home(), organization=body, name="钱若水", valid_from=DAY)
    return gate.save(row, by=SYSTEM)


def nobodys() -> User:
    """An account that is nobody anywhere yet."""
    return User.objects.create_user(f"new-{uuid.uuid4().hex[:8]}")


def category() -> ServiceCategory:
    """A kind of help that was renamed once: its revision is 2."""
    row = gate.save(ServiceCategory(community=home(), name="助新"), by=SYSTEM)
    row.name = "新助"
    return gate.save(row, by=SYSTEM)


def deleted() -> str:
    """The id that a kind of help had."""
    row = category()
    key = _id(row)
    gate.delete(row, by=SYSTEM)
    return key


def _closed() -> dict[str, Any]:
    User.objects.filter(username="worker").update(is_active=False)
    return {"username": "worker", "reason": "回来上班"}


def _worker() -> dict[str, Any]:
    return {"username": "worker", "reason": "手机丢了"}


def _rules() -> MeetingSettings:
    found = MeetingSettings.objects.filter(community=home()).first()
    return found or gate.save(MeetingSettings(community=home()), by=SYSTEM)


def _privacy() -> CommunityPrivacy:
    found = CommunityPrivacy.objects.filter(community=home()).first()
    return found or gate.save(CommunityPrivacy(community=home()), by=SYSTEM)


def word_file(content: bytes | None = None) -> SimpleUploadedFile:
    """A Word template of minutes: the one that is built in."""
    return SimpleUploadedFile("纪要.docx", content or DEFAULT.read_bytes())


def appointment() -> CommunityRole:
    """A new worker of the community, from a day on."""
    row = CommunityRole(user=nobodys(), role="worker", community=home(), valid_from=DAY)
    return gate.save(row, by=SYSTEM)


def _appointed() -> dict[str, Any]:
    return {
        "username": nobodys().username,
        "role": "WORKER",
        "community": HOME,
        "validFrom": "2025-03-01",
        **KEY,
    }


VERBS: dict[str, tuple[Any, ...]] = {
    # In person, and an administrator's alone: no community's role carries it.
    "createAccount": (
        "accounts.edit",
        lambda: {"username": "qianruoshui", "name": "钱若水", "onStaff": True, **KEY},
    ),
    "appointRole": ("accounts.edit", _appointed, ("places.see",)),
    "updateRoleAppointment": (
        "accounts.edit",
        lambda: {"appointmentId": _id(appointment()), "validTo": "2026-01-31"},
        ("accounts.see",),
    ),
    "endRoleAppointment": (
        "accounts.edit",
        lambda: {"appointmentId": _id(appointment()), "on": "2025-12-31"},
        ("accounts.see",),
    ),
    "removeRoleAppointment": (
        "accounts.delete",
        lambda: {"appointmentId": _id(appointment())},
        ("accounts.see",),
    ),
    "signOutEverywhere": ("accounts.edit", _worker, ("accounts.see",)),
    "takeSecondFactors": ("accounts.edit", _worker, ("accounts.see",)),
    "closeAccount": ("accounts.edit", _worker, ("accounts.see",)),
    "reopenAccount": ("accounts.edit", _closed, ("accounts.see",)),
    "createMessageTemplate": ("messaging.edit", lambda: words() | KEY, ("places.see",)),
    "updateMessageTemplate": (
        "messaging.edit",
        lambda: {"templateId": _id(template()), "bySms": False},
        ("messaging.see",),
    ),
    "resetMessageTemplate": (
        "messaging.edit",
        lambda: {"templateId": _id(template())},
        ("messaging.see",),
    ),
    "tryMessageTemplate": ("messaging.edit", words, ("places.see",)),
    "retryDelivery": (
        "messaging.move",
        lambda: {"deliveryId": _id(delivery())},
        ("messaging.see",),
    ),
    "recordSubjectRequest": (
        "requests.edit",
        lambda: {
            "residentId": _id(neighbour()),
            "kind": "CORRECT",
            "identified": "DOCUMENT",
            "details": "电话换了",
            **KEY,
        },
        ("people.see",),
    ),
    "finishSubjectRequest": (
        "requests.move",
        lambda: {"requestId": _id(request())},
        ("requests.see",),
    ),
    "refuseSubjectRequest": (
        "requests.move",
        lambda: {"requestId": _id(request()), "reason": "不是本人"},
        ("requests.see",),
    ),
    "createMeetingSettings": (
        "meeting_rules.edit",
        lambda: {"community": HOME, "noticeDays": 5, **KEY},
        ("places.see",),
    ),
    "updateMeetingSettings": (
        "meeting_rules.edit",
        lambda: {"settingsId": _id(_rules()), "proxiesMost": 0},
        ("meeting_rules.see",),
    ),
    "createCommunityPrivacy": (
        "privacy.edit",
        lambda: {"community": HOME, "partyMembershipOn": True, **KEY},
        ("places.see",),
    ),
    "updateCommunityPrivacy": (
        "privacy.edit",
        lambda: {"privacyId": _id(_privacy()), "identityNumbersOn": True},
        ("privacy.see",),
    ),
    "replaceWordTemplate": (
        "meeting_rules.edit",
        lambda: {"community": HOME, "of": "MINUTES", "file": word_file()},
        ("places.see",),
    ),
    "dropWordTemplate": (
        "meeting_rules.edit",
        lambda: {"community": HOME, "of": "MINUTES"},
        ("places.see",),
    ),
    "setUsualHonourLevels": (
        "honour_levels.edit",
        lambda: {"community": HOME},
        ("places.see",),
    ),
    "tieRepresentativeAccount": (
        "organizations.edit",
        lambda: {
            "representativeId": _id(representative()),
            "username": nobodys().username,
        },
        ("organizations.see",),
    ),
    "untieRepresentativeAccount": (
        "organizations.edit",
        lambda: {"representativeId": _id(representative())},
        ("organizations.see",),
    ),
    "restoreVersion": (
        "services.edit",
        lambda: {
            "id": _id(category()),
            "revision": 1,
            "expectedRevision": 2,
            "reason": "改错了",
        },
        ("services.see",),
    ),
    # Who reads the history, and edits there.
    "bringBack": (
        "history.see",
        lambda: {"id": deleted(), "reason": "删错了"},
        ("services.edit",),
    ),
}
