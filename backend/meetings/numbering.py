"""Numbers without a gap: of meetings and resolutions, for each community and year."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.numbering import NumberSeries


class Series(models.TextChoices):
    """What is numbered."""

    MEETING = "meeting", _("会议")
    RESOLUTION = "resolution", _("决议")


class Numbering(NumberSeries):
    """编号: the last number given in one series of one community and year. Bookkeeping."""

    series = models.CharField(_("编号类别"), max_length=12, choices=Series.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("编号")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "year"], name="meetings_numbering_one"
            )
        ]


next_number = Numbering.next_number
