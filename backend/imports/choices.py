"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices


class BatchStatus(TextChoices):
    READING = "reading", "读取中"
    PLANNED = "planned", "待确认"
    REFUSED = "refused", "未能导入"
    COMMITTED = "committed", "已导入"
    UNDONE = "undone", "已撤销"
    DISCARDED = "discarded", "已放弃"


STATUS_COLOURS = {
    BatchStatus.READING: "info",
    BatchStatus.PLANNED: "warning",
    BatchStatus.REFUSED: "danger",
    BatchStatus.COMMITTED: "success",
    BatchStatus.UNDONE: "default",
    BatchStatus.DISCARDED: "default",
}


class Outcome(TextChoices):
    """What a row of a sheet comes to."""

    CREATE = "create", "新增"
    UPDATE = "update", "更新"
    UNCHANGED = "unchanged", "不变"
    SKIP = "skip", "跳过"
    REJECT = "reject", "退回"
