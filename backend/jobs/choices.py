"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    """Where a piece of background work stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


OPEN = (JobState.QUEUED, JobState.RUNNING)
RETRIABLE = (JobState.FAILED, JobState.CANCELLED)
STATE_COLOURS = {
    JobState.QUEUED: "default",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "warning",
}


class Phase(TextChoices):
    """What a job is at; a kind may say another word of its own."""

    READ = "read", _("读取和核对")
    WRITE = "write", _("写入")
    FILE = "file", _("生成文件")
