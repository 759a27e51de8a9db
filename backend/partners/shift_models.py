"""The duty rota of a vanguard post."""

from collections.abc import Hashable
from datetime import date, time
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.core.personal import mask
from backend.partners import rules
from backend.partners.partner_models import VanguardPost


class ShiftFacts(Facts):
    """Also the other shifts of the same people on the same days, kept up to date within a set."""

    # (day, who) -> key of the row -> from, until.
    by_person: dict[tuple[date, Hashable], dict[Any, tuple[time, time]]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        facts.by_person = {}
        days = {r.day for r in records if isinstance(r.day, date)}
        places = {r.community_id for r in records}
        rows = model._default_manager.filter(day__in=days, community__in=places).order_by()
        columns = ("pk", "day", "representative_id", "resident_id", "name")
        for pk, day, representative, resident, name, starts, ends in rows.values_list(
            *columns, "starts_at", "ends_at"
        ):
            for who in people_of(representative, resident, name):
                facts.by_person.setdefault((day, who), {})[pk] = (starts, ends)
        return facts

    def others(self, record: Any) -> list[tuple[time, time]]:
        """The person's other shifts on that day."""
        found: dict[Any, tuple[time, time]] = {}
        for who in record.people():
            found |= self.by_person.get((record.day, who), {})
        return [times for pk, times in found.items() if pk != record.id]

    def admit(self, record: Any) -> None:
        """The next of a set is judged after this one."""
        super().admit(record)
        if record.id is not None:
            for rows in self.by_person.values():
                rows.pop(record.id, None)
        key = record.id if record.id is not None else object()
        for who in record.people():
            shifts = self.by_person.setdefault((record.day, who), {})
            shifts[key] = (record.starts_at, record.ends_at)


def people_of(
    representative: int | None, resident: int | None, name: str
) -> set[tuple[str, Hashable]]:
    """By what a person of the rota is known: keys where there are any, else the bare name."""
    keys: set[tuple[str, Hashable]] = set()
    if representative is not None:
        keys.add(("representative", representative))
    if resident is not None:
        keys.add(("resident", resident))
    return keys or {("name", name)}


class DutyShift(Record):
    """值班: one person at one post, on a day from a time until, but not including, another."""

    area = "duties"
    # The community first: one person may stand in two rotas that two people write at once.
    parents = ("community", "post")
    own_path = "post__agreement__partner__organization"
    personal = {"name": "name"}

    post = models.ForeignKey(
        VanguardPost, models.PROTECT, verbose_name=_("先锋岗"), related_name="shifts"
    )
    day = models.DateField(_("值班日期"))
    starts_at = models.TimeField(_("开始"))
    ends_at = models.TimeField(_("结束"), help_text=_("不含这一刻；夜班请在零点分成两班"))
    representative = models.ForeignKey(
        "people.Representative",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("单位代表"),
        related_name="shifts",
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="shifts",
    )
    name = models.CharField(
        _("姓名"), max_length=30, blank=True, help_text=_("选了代表或居民的可不填，自动带出")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("值班")
        ordering = ("-day", "starts_at", "pk")
        indexes = [
            models.Index(fields=["community", "day"], name="partners_shift_day"),
            models.Index(fields=["post", "day"], name="partners_shift_post"),
            models.Index(fields=["community", "updated_at"], name="partners_shift_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="partners_shift_interval",
                violation_error_code="shift_reversed",
                violation_error_message="值班结束时间应晚于开始时间；夜班请在零点分成两班。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at:%H:%M}–{self.ends_at:%H:%M} {mask('name', self.name)}"

    def people(self) -> set[tuple[str, Hashable]]:
        """By what the person is known."""
        return people_of(self.representative_id, self.resident_id, self.name)

    def derive(self, before: Any) -> None:
        if self.representative_id is not None:
            person = self.representative
            self.resident_id = person.resident_id or self.resident_id
            self.name = self.name or person.name
        elif self.resident_id is not None and self.name == "":
            self.name = self.resident.name

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return ShiftFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.shift_is_named(self.name)
        rules.shift_runs_forward(self.starts_at, self.ends_at)
        post = facts.parent(self, "post")
        if post is not None:
            rules.shift_while_post_stands(self.day, post.since, post.until)
        rules.shifts_do_not_overlap((self.starts_at, self.ends_at), facts.others(self))
