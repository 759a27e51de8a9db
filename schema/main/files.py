"""Attachments in the main API: files that hang on records, served at their own addresses."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from strawberry import relay
from strawberry.file_uploads import Upload as UploadScalar
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_found
from backend.core.models import Record
from backend.files import actions, models
from backend.files.attached import prefetched
from backend.files.choices import AttachmentKind
from backend.files.examining import examine
from backend.files.queries import attachments_on, restorable_from
from backend.files.storing import staged
from backend.files.targets import targets
from schema.main.base import InputError, Seen, actor, answer, chosen, viewer
from schema.main.changes import SEEN as SEEN_REVISION
from schema.main.changes import put
from schema.main.idempotency import once
from schema.main.verbs import Verbs

strawberry.enum(AttachmentKind, description="照片 / 扫描件 / 文档")
# What the optimizer has fetched for a whole list of records.
SEEN = "attachments_seen"


@strawberry_django.type(
    models.Attachment,
    description="附件: a photo, a scan or a PDF on a record; seen by those who see the record.",
)
class Attachment(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    kind: AttachmentKind
    title: str
    original_name: str = strawberry_django.field(
        description="The file's own name, phones and identity numbers masked."
    )
    content_type: str = strawberry_django.field(
        description="As it is served: image/jpeg, image/png or application/pdf."
    )
    size: int = strawberry_django.field(description="Bytes, as it is served.")
    width: int | None = strawberry_django.field(description="Pixels; null for a PDF.")
    height: int | None = strawberry_django.field(description="Pixels; null for a PDF.")
    created_at: datetime
    updated_at: datetime

    @strawberry_django.field(
        only=["code"],
        description="Where the file is, on this host; it asks for the same sign-in as the API.",
    )
    def url(self) -> str:
        return reverse("attachment", args=[self.code])

    @strawberry_django.field(
        only=["code", "thumbnail"], description="A small picture, at most 320 pixels; or null."
    )
    def thumbnail_url(self) -> str | None:
        has_one = self.thumbnail  # type: ignore[attr-defined]
        return reverse("attachment_thumbnail", args=[self.code]) if has_one else None


@strawberry.type
class HasAttachments:
    """A node on whose record files can hang: one statement for a whole list of them."""

    @strawberry_django.field(
        prefetch_related=[lambda info: prefetched(viewer(info), SEEN)],
        description="附件 that the caller may see, the oldest first; at most 30.",
    )
    def attachments(self, info: Info) -> list[Attachment]:
        fetched: Any = getattr(self, SEEN, None)
        return list(attachments_on(self, viewer(info))) if fetched is None else fetched  # type: ignore[arg-type]


def _record(given: relay.GlobalID, info: Info) -> Record:
    """The record that an id names, of whatever register. Raises: not_found."""
    node = info.schema.get_type_by_name(given.type_name)
    definition = getattr(getattr(node, "origin", None), "__strawberry_django_definition__", None)
    model = targets().get(definition.model._meta.label) if definition is not None else None
    if model is None:
        raise not_found("这条记录")
    record: Record = chosen(model, given, info)
    return record


@strawberry.input
class AttachFileInput:
    """A file for a record."""

    record_id: relay.GlobalID = strawberry.field(description="Any object that takes attachments.")
    file: UploadScalar = strawberry.field(
        description="By the multipart request specification: JPEG, PNG, WebP, GIF or PDF, to 20 MB."
    )
    idempotency_key: str = strawberry.field(description="The same key twice: the first result.")
    title: str = ""
    kind: AttachmentKind | None = strawberry.field(
        default=None, description="By content if left out: a picture is a photo."
    )


@strawberry.input
class RemoveAttachmentInput:
    """An attachment to take away."""

    attachment_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class UpdateAttachmentInput:
    """What changes of an attachment; a field left out stays. Numbers in the title are masked."""

    attachment_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN_REVISION)


@strawberry.input
class RestoreAttachmentInput:
    """An attachment that was taken away: one of `removedAttachments`."""

    attachment_id: relay.GlobalID


@strawberry.type
class AttachmentAnswer:
    """The attachment, or what was wrong."""

    errors: list[InputError]
    attachment: Attachment | None = None


@strawberry.type
class FilesQuery:
    @strawberry_django.field(
        description="What hangs on one record; empty if the record is not the caller's."
    )
    def attachments(self, info: Info, record_id: relay.GlobalID) -> list[Attachment]:
        try:
            record = _record(record_id, info)
        except RuleViolation:
            # Of what does not exist for the caller there are no attachments either.
            return []
        return list(attachments_on(record, viewer(info)))

    @strawberry_django.field(
        description="What was taken off one record and the caller may bring back, the latest "
        "first; their addresses answer 404 until then."
    )
    def removed_attachments(self, info: Info, record_id: relay.GlobalID) -> list[Attachment]:
        try:
            record = _record(record_id, info)
            return list(restorable_from(record, actor(info)))  # type: ignore[arg-type]
        except RuleViolation:
            return []


FILES = Verbs(models.Attachment, AttachmentAnswer, "attachment")


@strawberry.type
class FilesMutation:
    @strawberry.mutation(
        description="Puts a file on a record. Pictures are made anew, without position and device."
    )
    def attach_file(self, info: Info, input: AttachFileInput) -> AttachmentAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            record = _record(input.record_id, info)
            return {"attachment": _attached(record, input, by)}

        return answer(AttachmentAnswer, do)

    @strawberry.mutation(
        description="Takes an attachment away; staff can bring it back within 30 days."
    )
    def remove_attachment(self, info: Info, input: RemoveAttachmentInput) -> AttachmentAnswer:
        def do() -> dict[str, Any]:
            found = chosen(models.Attachment, input.attachment_id, info)
            removed = actions.remove(found, by=actor(info), reason=input.reason)
            return {"attachment": removed}

        return answer(AttachmentAnswer, do)

    @strawberry.mutation(description="Puts another title on an attachment.")
    def update_attachment(self, info: Info, input: UpdateAttachmentInput) -> AttachmentAnswer:
        def change(row: models.Attachment, by: Actor) -> None:
            put(row, input, ("title",))
            actions.retitle(row, row.title, by=by)

        return FILES.on(info, input.attachment_id, change)

    @strawberry.mutation(
        description="Brings an attachment back that was taken away, within 30 days."
    )
    def restore_attachment(self, info: Info, input: RestoreAttachmentInput) -> AttachmentAnswer:
        def do(by: Actor) -> models.Attachment:
            on_seen = models.Attachment.of_seen_records(by.user)
            removed = models.Attachment.objects.filter(on_seen, removed_at__isnull=False)
            return actions.restore(
                chosen(models.Attachment, input.attachment_id, info, removed), by=by
            )

        return FILES.done(info, do)


def _attached(record: Record, given: AttachFileInput, by: Actor) -> models.Attachment:
    # Asked before the file is opened; and opened before the transaction that waits for others.
    actions.require_attachable(record, by=by)
    upload: Any = given.file
    if not isinstance(upload, UploadedFile):
        raise RuleViolation("required", "没有收到文件，请按 multipart 规范上传。", field="file")
    with staged(examine(upload)) as files:
        return once(
            "attachFile",
            given.idempotency_key,
            by,
            models.Attachment,
            lambda: actions.attach_staged(
                record, files, by=by, name=str(upload.name), title=given.title, kind=given.kind
            ),
        )
