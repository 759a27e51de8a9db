"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DemandStatus(TextChoices):
    """办结 (closed) is not the same as 解决 (resolved)."""

    REGISTERED = "registered", _("已登记")
    ASSIGNED = "assigned", _("已派单")
    IN_PROGRESS = "in_progress", _("办理中")
    RETURNED = "returned", _("已退回")
    RESOLVED = "resolved", _("已解决")
    REOPENED = "reopened", _("需重办")
    CONFIRMED = "confirmed", _("已确认")
    UNRESOLVABLE_EXPLAINED = "unresolvable_explained", _("无法解决，已说明")
    CLOSED = "closed", _("已办结")
    DUPLICATE = "duplicate", _("重复")
    INVALID = "invalid", _("无效")


DEMAND_COLOURS = {
    DemandStatus.REGISTERED: "warning",
    DemandStatus.ASSIGNED: "info",
    DemandStatus.IN_PROGRESS: "info",
    DemandStatus.RETURNED: "danger",
    DemandStatus.RESOLVED: "success",
    DemandStatus.REOPENED: "danger",
    DemandStatus.CONFIRMED: "success",
    DemandStatus.UNRESOLVABLE_EXPLAINED: "warning",
    DemandStatus.CLOSED: "default",
    DemandStatus.DUPLICATE: "default",
    DemandStatus.INVALID: "default",
}

# The clock of the solution runs in these.
OPEN = (
    DemandStatus.REGISTERED,
    DemandStatus.ASSIGNED,
    DemandStatus.IN_PROGRESS,
    DemandStatus.RETURNED,
    DemandStatus.REOPENED,
)
# What is said of them stays.
SETTLED = (DemandStatus.CLOSED, DemandStatus.DUPLICATE, DemandStatus.INVALID)
# Left out wherever demands are counted.
NOT_COUNTED = (DemandStatus.DUPLICATE, DemandStatus.INVALID)


class Channel(TextChoices):
    """By which way a demand came in."""

    WINDOW = "window", _("诉求窗口")
    WECHAT_GROUP = "wechat_group", _("居民微信群")
    HOTLINE = "hotline", _("市民热线")
    PLATFORM = "platform", _("议事平台")
    PATROL = "patrol", _("巡查")
    VISIT = "visit", _("入户走访")
    APP = "app", _("自助提交")


class DemandKind(TextChoices):
    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    ENQUIRY = "enquiry", _("咨询")


class Urgency(TextChoices):
    URGENT = "urgent", _("紧急")
    ORDINARY = "ordinary", _("一般")
