"""Stored values (never change) with their Chinese labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttachmentKind(TextChoices):
    PHOTO = "photo", _("照片")
    SCAN = "scan", _("扫描件")
    DOCUMENT = "document", _("文档")


# Unless somebody says what it is: only pictures of few colours are kept as PNG.
KIND_BY_CONTENT = {
    "image/jpeg": AttachmentKind.PHOTO,
    "image/png": AttachmentKind.SCAN,
    "application/pdf": AttachmentKind.DOCUMENT,
}
