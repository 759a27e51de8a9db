"""The ledger of the door: what was scanned, when, by which phone, and what came of it.

It only grows. Who attended is derived from it: a successful entry makes an attendance, once.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import Record
from backend.core.personal import mask
from backend.education import rules
from backend.education.choices import CheckInKind, CheckInSource
from backend.education.registrations import own_rows

# What becomes anonymous when its time is over; everything else stays as it was written.
_PERSONAL = {"name", "resident_id", "account_id", "reason"}


class CheckIn(Record):
    """签到台账: one scan at the door, let in or not."""

    area = "checkins"
    estate_path = "resident__building__estate"
    parents = ("event",)
    fixed = ("event",)
    personal = {"name": "name"}

    event = models.ForeignKey(
        "education.LegalEducationEvent",
        models.PROTECT,
        verbose_name=_("活动"),
        related_name="check_ins",
    )
    registration = models.ForeignKey(
        "education.Registration",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("报名"),
        related_name="check_ins",
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="check_ins",
    )
    name = models.CharField(_("姓名"), max_length=30, blank=True)
    companions = models.PositiveSmallIntegerField(
        _("同来人数"), default=0, help_text=_("人，不含本人")
    )
    kind = models.CharField(
        _("类型"), max_length=5, choices=CheckInKind.choices, default=CheckInKind.IN
    )
    source = models.CharField(
        _("方式"), max_length=10, choices=CheckInSource.choices, default=CheckInSource.MANUAL
    )
    device = models.CharField(_("设备"), max_length=60, blank=True)
    idempotency_key = models.CharField(_("幂等键"), max_length=80)
    occurred_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)
    success = models.BooleanField(_("成功"))
    refusal = models.CharField(_("未成功的原因"), max_length=40, blank=True)
    forced = models.BooleanField(_("强制"), default=False)
    reason = models.CharField(_("强制的原因"), max_length=200, blank=True)
    # An attendance that was there before (from a paper list) outlives a voided entry.
    made_attendance = models.BooleanField(_("记了签到"), default=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("操作账号"),
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("签到台账")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["event", "resident", "occurred_at"], name="education_checkin_who"),
            models.Index(fields=["community", "updated_at"], name="education_checkin_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "device", "idempotency_key"],
                name="education_checkin_once",
                violation_error_code="idempotency_key_taken",
                violation_error_message="这一笔已经记过了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {mask('name', self.name)}"

    @property
    def heads(self) -> int:
        """How many people the line is about."""
        return 1 + self.companions

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody their own and those of their registrations."""
        own = own_rows(user, cls.area, "registration__")
        return cls.rows_in(scope(user, "checkins.see")) | own

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what is written already: it stays."""
        facts = super().gather(records)
        names = _written_once()
        known = frozenset(record.id for record in records if record.id is not None)
        stored = cls._default_manager.filter(pk__among=known).values_list("pk", *names)
        facts.note_beside((pk, tuple(values)) for pk, *values in (stored if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        now = tuple(getattr(self, name) for name in _written_once())
        rules.ledger_only_grows(any(was != now for was in facts.beside.get(self.id, ())))

    def before_delete(self, facts: Facts) -> None:
        rules.ledger_only_grows(True)


def _written_once() -> list[str]:
    kept = _PERSONAL | {"id", "revision", "created_at", "updated_at"}
    return [f.attname for f in CheckIn._meta.concrete_fields if f.attname not in kept]
