"""Inputs for the verbs on attachments, as `verbs.ASKED` wants them."""

from typing import Any

from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.files.actions import attach, remove
from backend.files.models import Attachment
from tests.access.world import HOME
from tests.files.making import scan, upload


def _open_event() -> LegalEducationEvent:
    return LegalEducationEvent.objects.filter(community__code=HOME, status="open")[0]


def _attach() -> dict[str, Any]:
    return {
        "recordId": to_base64("LegalEducationEvent", _open_event().pk),
        "file": upload("scan.png", scan()),
        "idempotencyKey": "cell",
    }


def _attachment() -> dict[str, Any]:
    made = attach(_open_event(), upload("scan.png", scan()), by=SYSTEM)
    return {"attachmentId": to_base64("Attachment", made.pk)}


def _removed() -> dict[str, Any]:
    given = _attachment()
    remove(Attachment.objects.order_by("-pk")[0], by=SYSTEM)
    return given


VERBS: dict[str, tuple[Any, ...]] = {
    "attachFile": ("education.edit", _attach, ("files.edit",)),
    "removeAttachment": ("files.delete", _attachment, ("files.see",)),
    "updateAttachment": (
        "files.delete",
        lambda: _attachment() | {"title": "现场"},
        ("files.see",),
    ),
    "restoreAttachment": ("files.delete", _removed, ("files.see",)),
}
