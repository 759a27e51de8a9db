"""Attachments: files that belong to a record of any register."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Kept, KeptQuerySet, Record
from backend.files import rules
from backend.files.choices import AttachmentKind
from backend.files.targets import target_of, targets

FOLDER = "attachments"


class AttachmentQuerySet(KeptQuerySet):
    """Attachments."""

    def of(self, model_label: str, pks: Any) -> Self:
        """Those of the records of one model with these keys, removed ones too."""
        return self.filter(target_model=model_label, target_id__in=pks)

    def on(self, record: Kept) -> Self:
        """Those of one record, removed ones too."""
        return self.of(record._meta.label, [record.pk])

    def kept(self) -> Self:
        """Those that nobody has removed."""
        return self.filter(removed_at__isnull=True)


class Attachment(CodedRecord):
    """附件: a photo, a scan or a PDF that hangs on one record, and is seen by whom sees the record."""

    # Who sees it hangs on another row: see `visible`.
    told_when_gone = False
    area = "files"
    code_prefix = "fj"

    # A label and a key: a foreign key to every register there will ever be is not to be had.
    target_model = models.CharField(_("登记簿"), max_length=80)
    target_id = models.BigIntegerField(_("记录"))
    kind = models.CharField(
        _("类型"), max_length=10, choices=AttachmentKind.choices, default=AttachmentKind.PHOTO
    )
    title = models.CharField(_("标题"), max_length=rules.MAX_NAME, blank=True)
    original_name = models.CharField(_("原文件名"), max_length=rules.MAX_NAME, blank=True)
    stored = models.CharField(_("存放位置"), max_length=100, unique=True, editable=False)
    thumbnail = models.CharField(_("缩略图"), max_length=100, blank=True, editable=False)
    size = models.PositiveIntegerField(_("大小"), help_text=_("字节"))
    # Of the file as it came: the same photo sent twice is known again, whatever became of its bytes.
    sha256 = models.CharField(max_length=64, editable=False)
    content_type = models.CharField(_("内容类型"), max_length=40)
    width = models.PositiveIntegerField(_("宽"), null=True, blank=True, help_text=_("像素"))
    height = models.PositiveIntegerField(_("高"), null=True, blank=True, help_text=_("像素"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("上传人"),
        related_name="+",
    )
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["target_model", "target_id"], name="files_attachment_target"),
            models.Index(fields=["removed_at"], name="files_attachment_removed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target_model", "target_id", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="files_attachment_once",
                violation_error_code="attachment_twice",
                violation_error_message="这条记录已经有同一个文件，不用重复上传。",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.original_name or self.code

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Exactly those whose record the user may see, where they may see files at all."""
        return cls.of_seen_records(user) & Q(removed_at__isnull=True)

    @classmethod
    def of_seen_records(cls, user: Any, among: Collection[str] | None = None) -> Q:
        """As `visible`, removed ones too; `among`: on records of these models alone.

        One look at a key for each attachment that is asked for: what else a register holds is
        not read. A register of which the user sees nothing falls out of the statement.
        """
        seen = Q(pk__in=[])
        for label, model in targets().items():
            if among is not None and label not in among:
                continue
            rows: Any = model._default_manager
            record = rows.visible_to(user).order_by().filter(pk=OuterRef("target_id"))
            seen |= Q(Exists(record), target_model=label)
        return cls.rows_in(scope(user, cls.action("see"))) & seen

    @property
    def is_image(self) -> bool:
        """Whether it can be shown in a page."""
        return self.content_type.startswith("image/")

    def record(self) -> Record | None:
        """The record it hangs on; None if that is gone."""
        model = target_of(self.target_model)
        found: Any = model._default_manager.filter(pk=self.target_id).first() if model else None
        return found

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the records they hang on, what hangs there already, and whether new files are there."""
        facts = super().gather(records)
        wanted: dict[str, set[int]] = defaultdict(set)
        for record in records:
            wanted[record.target_model].add(record.target_id)
        for label, pks in wanted.items():
            facts.note_beside(
                ((label, pk), other)
                for pk, other in cls.objects.of(label, pks).kept().values_list("target_id", "pk")
            )
            model = target_of(label)
            if model is not None:
                rows = model._default_manager.filter(pk__in=pks).values_list("pk", "community")
                facts.note_beside((("community", label, pk), found) for pk, found in rows)
        known = {record.id for record in records if record.id is not None}
        there = set(cls.objects.filter(pk__in=known).values_list("pk", flat=True)) if known else ()
        facts.note_beside(
            ("stored", name)
            for record in records
            if record.id not in there
            for name in record.files
            if default_storage.exists(name)
        )
        facts.note_beside(("old", pk) for pk in there)
        return facts

    @property
    def files(self) -> list[str]:
        """The names under which its bytes are stored."""
        return [name for name in (self.stored, self.thumbnail) if name]

    def invariants(self, facts: Facts) -> None:
        beside = facts.beside
        place = (self.target_model, self.target_id)
        if self.id not in beside.get("old", ()):
            # Not of those that stand: a record may go, and its files are then put away.
            communities = beside.get(("community", *place), set())
            rules.target_is_there(self.community_id in communities)
            rules.file_is_there(beside.get("stored", set()) >= set(self.files))
        if self.removed_at is None:
            others = beside.get(place, set())
            rules.record_has_room(len(others - {self.id}))
            # The next of the set finds this one there.
            facts.note_beside([(place, self.id or self.stored)])
