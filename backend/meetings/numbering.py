"""Numbers without a gap: of meetings and resolutions, for each community and year.

The row that knows the last number is locked until the transaction ends: who comes second waits, and
a transaction that is rolled back has used none.
"""

from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from backend.core import gate


class Series(models.TextChoices):
    """What is numbered."""

    MEETING = "meeting", _("会议")
    RESOLUTION = "resolution", _("决议")


class Numbering(models.Model):
    """编号: the last number given in one series of one community and year. Bookkeeping."""

    community = models.ForeignKey(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    series = models.CharField(_("编号类别"), max_length=12, choices=Series.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("编号")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "year"], name="meetings_numbering_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


def next_number(series: str, community_id: int, year: int) -> int:
    """The next number, taken. Call it in the transaction that writes it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is given in the transaction that writes it")
    key: dict[str, Any] = {"community_id": community_id, "series": series, "year": year}
    rows = Numbering.objects.filter(**key)
    if not rows.exists():
        # Two may make the row together: one of them does, the other waits, then both count on.
        gate.keep_new_notes([Numbering(**key)])
    last = rows.select_for_update(no_key=True).values_list("last", flat=True).get()
    gate.change_notes(rows, last=last + 1)
    return last + 1
