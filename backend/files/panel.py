"""The panel under a record's form: what hangs on it, and the field for more."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backend.core.access import Actor
from backend.core.door import DOOR
from backend.core.models import Kept, Record
from backend.core.panels import Panel, panel
from backend.files import rules
from backend.files.models import Attachment
from backend.files.permissions import may_attach, may_remove
from backend.files.queries import attachments_on, restorable_from
from backend.files.targets import target_of


@panel
def attachments_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """The attachments of a record; None where there can be none, or the user may see no files."""
    if not isinstance(record, Record) or target_of(record._meta.label) is None:
        return None
    by = Actor.of(request.user, DOOR)
    kept = list(attachments_on(record, request.user))
    adding = may_attach(by, record)
    removed = restorable_from(record, by)
    if not kept and not removed and not adding:
        return None
    return Panel(
        "files/panel.html",
        {
            "cards": [_card(attachment, may_remove(by, attachment)) for attachment in kept],
            "removed": removed,
            "adding": adding,
            "add_url": reverse("attach_file", args=[record._meta.label_lower, record.pk]),
            "back": request.path,
            "max_files": rules.MAX_PER_RECORD,
            "max_megabytes": rules.MAX_FILE_BYTES // 2**20,
        },
    )


def _card(attachment: Attachment, removable: bool) -> dict[str, Any]:
    return {
        "attachment": attachment,
        "removable": removable,
        "url": reverse("attachment", args=[attachment.code]),
        "thumbnail_url": reverse("attachment_thumbnail", args=[attachment.code])
        if attachment.thumbnail
        else "",
        "day": timezone.localtime(attachment.created_at),
    }
