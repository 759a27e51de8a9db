"""Stored values (never change) with their Chinese labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.roles import Role


class FoundingStatus(TextChoices):
    READ = "read", _("待看预览")
    REFUSED = "refused", _("要改表格")
    MADE = "made", _("已开通")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")


FOUNDING_COLOURS = {
    FoundingStatus.READ: "info",
    FoundingStatus.REFUSED: "warning",
    FoundingStatus.MADE: "success",
    FoundingStatus.UNDONE: "",
    FoundingStatus.DISCARDED: "",
}
# Whom a workbook may appoint: those who work in the community itself. A contact needs a body to
# speak for, a resident signs up alone, and nobody makes their own superiors.
POSTS = (Role.SECRETARY, Role.WORKER, Role.STEWARD, Role.MEDIATOR, Role.LEGAL_ADVISOR)
