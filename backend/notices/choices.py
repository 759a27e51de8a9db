"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(TextChoices):
    """What a notice asks of who reads it."""

    # Neighbours may object until its last day.
    OPEN_TO_OBJECTIONS = "open_to_objections", _("公示")
    NOTICE = "notice", pgettext_lazy("kind of notice", "通知")
    ANNOUNCEMENT = "announcement", _("公告")
    RECRUITMENT = "recruitment", _("招募")


class NoticeStatus(TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


class OnBoard(TextChoices):
    """Where a notice is: its state, and of a published one whether its last day is over. Derived."""

    DRAFT = "draft", _("草稿")
    CURRENT = "current", _("公布中")
    ENDED = "ended", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤下")


STANDING_COLOURS = {
    OnBoard.DRAFT: "info",
    OnBoard.CURRENT: "success",
    OnBoard.ENDED: "default",
    OnBoard.WITHDRAWN: "danger",
}
NOTICE_COLOURS = {
    NoticeStatus.DRAFT: "info",
    NoticeStatus.PUBLISHED: "success",
    NoticeStatus.WITHDRAWN: "danger",
}
