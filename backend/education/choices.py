"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices


class VenueKind(TextChoices):
    STOOL_THEATRE = "stool_theatre", "小马扎剧场"
    ALL_AGE_CLASSROOM = "all_age_classroom", "全龄课堂"
    PEOPLES_STAGE = "peoples_stage", "百姓舞台"
    CLOUD_CLASSROOM = "cloud_classroom", "云课堂"
    OTHER = "other", "其他阵地"


class EventFormat(TextChoices):
    ONSITE = "onsite", "线下"
    ONLINE = "online", "线上"
    HYBRID = "hybrid", "线上线下"


class EventStatus(TextChoices):
    PLANNED = "planned", "筹备中"
    OPEN = "open", "开放报名"
    HELD = "held", "已举办"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已取消"


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
    CROWD = "crowd", "现场人群"
    LIVE_VIEWERS = "live_viewers", "直播观看"
    RECORDING_VIEWS = "recording_views", "回放播放"


# Views of a recording are no heads: one person may press play ten times.
HEADS = (HeadcountKind.CROWD, HeadcountKind.LIVE_VIEWERS)
