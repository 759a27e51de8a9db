"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class StationStatus(TextChoices):
    OPEN = "open", _("开放")
    PAUSED = "paused", _("暂停开放")
    CLOSED = "closed", _("已关闭")


STATION_COLOURS = {
    StationStatus.OPEN: "success",
    StationStatus.PAUSED: "warning",
    StationStatus.CLOSED: "default",
}


class Weekday(IntegerChoices):
    """As `date.weekday()` numbers them."""

    MONDAY = 0, _("星期一")
    TUESDAY = 1, _("星期二")
    WEDNESDAY = 2, _("星期三")
    THURSDAY = 3, _("星期四")
    FRIDAY = 4, _("星期五")
    SATURDAY = 5, _("星期六")
    SUNDAY = 6, _("星期日")


class OnHoliday(TextChoices):
    """What a station does on a public holiday."""

    KEEP = "keep", _("照常开放")
    REST = "rest", _("放假不开")


class EntryKind(TextChoices):
    """What an entry of the ledger stands for."""

    IN = "in", _("入库")
    OUT = "out", _("领用")
    CORRECTION = "correction", _("更正")


ENTRY_COLOURS = {
    EntryKind.IN: "success",
    EntryKind.OUT: "info",
    EntryKind.CORRECTION: "warning",
}


class RefillStatus(TextChoices):
    OPEN = "open", _("待补货")
    DONE = "done", _("已补货")
    DROPPED = "dropped", _("不补了")


REFILL_COLOURS = {
    RefillStatus.OPEN: "warning",
    RefillStatus.DONE: "success",
    RefillStatus.DROPPED: "default",
}
