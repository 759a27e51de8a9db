"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FestivalStatus(TextChoices):
    PLANNED = "planned", _("筹备中")
    ANNOUNCED = "announced", _("已公布")
    HELD = "held", _("已举办")
    CLOSED = "closed", _("已归档")
    CANCELLED = "cancelled", _("已取消")


FESTIVAL_COLOURS = {
    FestivalStatus.PLANNED: "info",
    FestivalStatus.ANNOUNCED: "success",
    FestivalStatus.HELD: "warning",
    FestivalStatus.CLOSED: "default",
    FestivalStatus.CANCELLED: "danger",
}

# What every member of the community sees, and the open data with them.
PUBLISHED = (
    FestivalStatus.ANNOUNCED,
    FestivalStatus.HELD,
    FestivalStatus.CLOSED,
    FestivalStatus.CANCELLED,
)
# What took place: figures count these.
TOOK_PLACE = (FestivalStatus.HELD, FestivalStatus.CLOSED)


class CountingMethod(TextChoices):
    """How heads were counted."""

    COUNTED = "counted", _("现场清点")
    TICKETS = "tickets", _("领票、集章")
    SIGNED = "signed", _("签到")
    ESTIMATED = "estimated", _("估算")
