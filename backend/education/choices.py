"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VenueKind(TextChoices):
    STOOL_THEATRE = "stool_theatre", _("小马扎剧场")
    ALL_AGE_CLASSROOM = "all_age_classroom", _("全龄课堂")
    PEOPLES_STAGE = "peoples_stage", _("百姓舞台")
    CLOUD_CLASSROOM = "cloud_classroom", _("云课堂")
    OTHER = "other", _("其他阵地")


class EventFormat(TextChoices):
    ONSITE = "onsite", _("线下")
    ONLINE = "online", _("线上")
    HYBRID = "hybrid", _("线上线下")


class EventStatus(TextChoices):
    PLANNED = "planned", _("筹备中")
    OPEN = "open", _("开放报名")
    HELD = "held", _("已举办")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


STATUS_COLOURS = {
    EventStatus.PLANNED: "info",
    EventStatus.OPEN: "success",
    EventStatus.HELD: "warning",
    EventStatus.ARCHIVED: "default",
    EventStatus.CANCELLED: "danger",
}

# What members of the community may see of the calendar.
PUBLISHED = (EventStatus.OPEN, EventStatus.HELD, EventStatus.ARCHIVED)


class HeadcountKind(TextChoices):
    CROWD = "crowd", _("现场人群")
    LIVE_VIEWERS = "live_viewers", _("直播观看")
    RECORDING_VIEWS = "recording_views", _("回放播放")


# Views of a recording are no heads: one person may press play ten times.
HEADS = (HeadcountKind.CROWD, HeadcountKind.LIVE_VIEWERS)


class RegistrationStatus(TextChoices):
    PENDING = "pending", _("待审核")
    CONFIRMED = "confirmed", _("报名成功")
    WAITLISTED = "waitlisted", _("候补中")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已取消报名")


REGISTRATION_COLOURS = {
    RegistrationStatus.PENDING: "info",
    RegistrationStatus.CONFIRMED: "success",
    RegistrationStatus.WAITLISTED: "warning",
    RegistrationStatus.REJECTED: "danger",
    RegistrationStatus.WITHDRAWN: "default",
}

# Who takes places; the waitlisted take none, and never show as participants.
TAKING = (RegistrationStatus.PENDING, RegistrationStatus.CONFIRMED)
# One of these a person and event; the others let people register again.
ACTIVE = (*TAKING, RegistrationStatus.WAITLISTED)


class RegistrationSource(TextChoices):
    APP = "app", _("自助报名")
    STAFF = "staff", _("窗口登记")
    PHONE = "phone", _("电话登记")


class CheckInKind(TextChoices):
    IN = "in", _("签到")
    OUT = "out", _("离场")
    VOID = "void", _("撤销签到")


class CheckInSource(TextChoices):
    QR = "qr", _("扫码")
    LIST = "list", _("名单")
    MANUAL = "manual", _("手工")
    OFFLINE = "offline", _("离线补传")
