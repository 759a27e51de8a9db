"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchStatus(TextChoices):
    READING = "reading", _("读取中")
    PLANNED = "planned", _("待确认")
    REFUSED = "refused", _("未能导入")
    COMMITTED = "committed", _("已导入")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")


STATUS_COLOURS = {
    BatchStatus.READING: "info",
    BatchStatus.PLANNED: "warning",
    BatchStatus.REFUSED: "danger",
    BatchStatus.COMMITTED: "success",
    BatchStatus.UNDONE: "default",
    BatchStatus.DISCARDED: "default",
}


# Problems that ask for a look before one confirms; nobody asks once it is done.
BEFORE_CONFIRMING = frozenset(
    {"event_title_differs", "event_day_differs", "column_guessed", "answers_recalled"}
)


class Outcome(TextChoices):
    """What a row of a sheet comes to."""

    CREATE = "create", _("新增")
    UPDATE = "update", _("更新")
    UNCHANGED = "unchanged", _("不变")
    SKIP = "skip", _("跳过")
    REJECT = "reject", _("退回")
