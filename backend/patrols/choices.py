"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PatrolShift(TextChoices):
    MORNING = "morning", _("早班")
    AFTERNOON = "afternoon", _("午班")
    EVENING = "evening", _("晚班")


class PatrolStatus(TextChoices):
    OPEN = "open", _("巡查中")
    FINISHED = "finished", _("已完成")
    CANCELLED = "cancelled", _("已作废")


PATROL_COLOURS = {
    PatrolStatus.OPEN: "warning",
    PatrolStatus.FINISHED: "success",
    PatrolStatus.CANCELLED: "default",
}


class PointKind(TextChoices):
    """五必查: what is looked at on every round, in the order of the round."""

    SANITATION = "sanitation", _("环境卫生")
    SAFETY = "safety", _("安全隐患")
    FACILITIES = "facilities", _("设施维护")
    REQUESTS = "requests", _("居民诉求")
    CIVILITY = "civility", _("文明劝导")


class PointResult(TextChoices):
    OK = "ok", _("正常")
    ISSUE = "issue", _("有问题")


class Handling(TextChoices):
    """What became of what was found."""

    NONE = "none", _("不用处理")
    WAITING = "waiting", _("待处理")
    FIXED = "fixed", _("当场解决")
    PASSED_ON = "passed_on", _("已转诉求")


class DigestStatus(TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEWED = "reviewed", _("已审核")
    PUBLISHED = "published", _("已发布")
    CORRECTED = "corrected", _("已更正")


DIGEST_COLOURS = {
    DigestStatus.DRAFT: "info",
    DigestStatus.REVIEWED: "warning",
    DigestStatus.PUBLISHED: "success",
    DigestStatus.CORRECTED: "default",
}
# The states in which neighbours have read it.
OUT = (DigestStatus.PUBLISHED, DigestStatus.CORRECTED)
