"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemStatus(TextChoices):
    OPEN = "open", _("开放预约")
    PAUSED = "paused", pgettext_lazy("state", "暂停预约")


ITEM_COLOURS = {ItemStatus.OPEN: "success", ItemStatus.PAUSED: "warning"}


class SlotStatus(TextChoices):
    OPEN = "open", _("可预约")
    CANCELLED = "cancelled", _("已取消")


SLOT_COLOURS = {SlotStatus.OPEN: "success", SlotStatus.CANCELLED: "danger"}


class BookingStatus(TextChoices):
    BOOKED = "booked", _("待确认")
    CONFIRMED = "confirmed", _("预约成功")
    WAITLISTED = "waitlisted", _("候补中")
    OFFERED = "offered", _("候补到位，待本人确认")
    SERVED = "served", _("已服务")
    RATED = "rated", _("已评价")
    NO_SHOW = "no_show", _("未到")
    CANCELLED = "cancelled", _("已取消预约")
    DECLINED = "declined", _("未受理")
    LAPSED = "lapsed", _("过时未确认")


BOOKING_COLOURS = {
    BookingStatus.BOOKED: "info",
    BookingStatus.CONFIRMED: "success",
    BookingStatus.WAITLISTED: "warning",
    BookingStatus.OFFERED: "warning",
    BookingStatus.SERVED: "success",
    BookingStatus.RATED: "success",
    BookingStatus.NO_SHOW: "danger",
    BookingStatus.CANCELLED: "default",
    BookingStatus.DECLINED: "danger",
    BookingStatus.LAPSED: "default",
}

# Who holds a place; an offered one is held until its time is up, a used one stays used.
TAKING = (
    BookingStatus.BOOKED,
    BookingStatus.CONFIRMED,
    BookingStatus.OFFERED,
    BookingStatus.SERVED,
    BookingStatus.RATED,
    BookingStatus.NO_SHOW,
)
# One of these a person and slot; the others let people book again.
ACTIVE = (
    BookingStatus.BOOKED,
    BookingStatus.CONFIRMED,
    BookingStatus.WAITLISTED,
    BookingStatus.OFFERED,
)
# What counts against a person's quota: whatever took a place, or waits for one.
COUNTED = (*TAKING, BookingStatus.WAITLISTED)


class BookingSource(TextChoices):
    APP = "app", _("自助预约")
    STAFF = "staff", _("窗口登记")
    PHONE = "phone", _("电话登记")


class Frequency(TextChoices):
    WEEKLY = "weekly", _("每周")
    FORTNIGHTLY = "fortnightly", _("每两周")
    MONTHLY = "monthly", _("每月第几个")


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
    """What a repeating rule does on a public holiday."""

    SKIP = "skip", _("停一次")
    KEEP = "keep", _("照常")
    NEXT = "next", _("顺延到下一个工作日")


class ExceptionKind(TextChoices):
    SKIP = "skip", _("停一次")
    EXTRA = "extra", _("加一次")
