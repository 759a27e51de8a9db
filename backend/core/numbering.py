"""Numbers without a gap, for each community and year; each app that gives some keeps its own table.

The row that knows the last number is locked until the transaction ends: who comes second waits, and
a transaction that is rolled back has used none.
"""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from backend.core import gate


class NumberSeries(models.Model):
    """编号: the last number given in one series of one community and year. Bookkeeping.

    Its table is unique by community, series and year.
    """

    community = models.ForeignKey(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    series = models.CharField(_("编号类别"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"

    @classmethod
    def next_number(cls, series: str, community_id: int, year: int) -> int:
        """The next number, taken. Call it in the transaction that writes it."""
        return cls.next_numbers(series, community_id, year, 1)

    @classmethod
    def next_numbers(cls, series: str, community_id: int, year: int, count: int) -> int:
        """The first of the next `count` numbers, all taken. Call it as `next_number`."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a number is given in the transaction that writes it")
        key: dict[str, Any] = {"community_id": community_id, "series": series, "year": year}
        rows = cls._default_manager.filter(**key)
        if not rows.exists():
            # Two may make the row together: one of them does, the other waits, then both count on.
            gate.keep_new_notes([cls(**key)])
        last = rows.select_for_update(no_key=True).values_list("last", flat=True).get()
        gate.change_notes(rows, last=last + count)
        return last + 1
