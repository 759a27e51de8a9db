"""How many came: counted by stall, or for the whole festival, never both."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.festivals import rules
from backend.festivals.choices import CountingMethod


class HeadsFacts(Facts):
    """Also the counts that each festival has, kept up to date within a set, and what they were."""

    # Festival -> key of a count -> its stall, None for the whole.
    counts: dict[int, dict[Any, int | None]]
    # Key of a count -> the heads as stored, and why they were last corrected.
    were: dict[Any, tuple[int, str]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        facts.counts, facts.were = {}, {}
        festivals = frozenset({record.festival_id for record in records} - {None})
        rows = model._default_manager.filter(festival__among=festivals).order_by()
        columns = ("pk", "festival_id", "stall_id", "count", "correction")
        for pk, festival, stall, count, correction in rows.values_list(*columns):
            facts.counts.setdefault(festival, {})[pk] = stall
            facts.were[pk] = (count, correction)
        return facts

    def others(self, record: Any) -> list[int | None]:
        """The stalls of the festival's other counts."""
        known = self.counts.get(record.festival_id, {})
        return [stall for pk, stall in known.items() if pk != record.id]

    def admit(self, record: Any) -> None:
        """The next of a set is judged after this one."""
        super().admit(record)
        key = record.id if record.id is not None else object()
        self.counts.setdefault(record.festival_id, {})[key] = record.stall_id


class FestivalHeads(Record):
    """人次登记: how many came, at one stall or to the whole festival. With evidence."""

    area = "stalls"
    parents = ("festival", "stall")
    fixed = ("festival",)

    festival = models.ForeignKey(
        "festivals.NeighborFestival",
        models.PROTECT,
        verbose_name=_("邻里节"),
        related_name="heads",
    )
    stall = models.ForeignKey(
        "festivals.Stall",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("摊位"),
        related_name="heads",
        help_text=_("留空：全场。按摊位和按全场只能选一种，否则会重复计算"),
    )
    count = models.PositiveIntegerField(_("人次"), help_text=_("人次，不是人数"))
    method = models.CharField(
        _("怎么数的"),
        max_length=10,
        choices=CountingMethod.choices,
        default=CountingMethod.COUNTED,
    )
    evidence = models.CharField(
        _("依据"), max_length=200, help_text=_("照片、票根或签到表存放在哪里")
    )
    correction = models.CharField(
        _("更正原因"), max_length=200, blank=True, help_text=_("改人次时必须写明")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("邻里节人次")
        ordering = ("-festival_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["stall"],
                name="festivals_heads_stall",
                violation_error_code="heads_taken",
                violation_error_message="这个摊位已登记人次，请直接改那一条并写明原因。",
            ),
            models.UniqueConstraint(
                fields=["festival"],
                condition=models.Q(stall__isnull=True),
                name="festivals_heads_whole",
                violation_error_code="heads_taken",
                violation_error_message="全场人次已登记，请直接改那一条并写明原因。",
            ),
            models.CheckConstraint(
                condition=models.Q(count__gte=1),
                name="festivals_heads_positive",
                violation_error_code="heads_invalid",
                violation_error_message="人次应是 1 以上的整数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} 人次"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return HeadsFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        festival, stall = facts.parent(self, "festival"), facts.parent(self, "stall")
        rules.heads_are_taken(festival.status if festival else None)
        rules.heads_are_credible(self.count)
        rules.heads_have_evidence(self.evidence)
        if stall is not None:
            rules.heads_stall_is_here(stall.festival_id, self.festival_id, stall.absent)
        rules.heads_are_counted_one_way(self.stall_id, facts.others(self))
        was, why = facts.were.get(self.id, (None, ""))
        rules.correction_is_explained(was, self.count, why, self.correction)

    def before_delete(self, facts: Facts) -> None:
        festival = facts.parent(self, "festival")
        rules.heads_are_taken(festival.status if festival else None)
