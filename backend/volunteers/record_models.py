"""服务记录: which hours somebody says they have served, and what became of it."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord
from backend.volunteers import certificate_rules, rules
from backend.volunteers.assignment_models import Assignment
from backend.volunteers.certificate_choices import CertificateStatus
from backend.volunteers.choices import STANDING_RECORDS, RecordSource, RecordStatus
from backend.volunteers.facts import RecordFacts
from backend.volunteers.states import RECORD_MACHINE
from backend.volunteers.volunteer_models import Volunteer


class ServiceRecord(CodedRecord):
    """服务记录: one volunteer served in [starts_at, ends_at); what counts are its `minutes`."""

    area = "service_hours"
    code_prefix = "sc"
    estate_path = "volunteer__resident__building__estate"
    machine = RECORD_MACHINE
    parents = ("volunteer",)
    fixed = ("volunteer",)
    derived = ("minutes",)

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="service_records"
    )
    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("派工"),
        related_name="service_records",
    )
    event = models.ForeignKey(
        "education.LegalEducationEvent",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("普法活动"),
        related_name="service_records",
    )
    item = models.ForeignKey(
        "services.ServiceItem",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务项目"),
        related_name="service_records",
    )
    content = models.CharField(
        _("服务内容"), max_length=100, blank=True, help_text=_("请不要写被服务人的姓名、住址")
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    excluded_minutes = models.PositiveSmallIntegerField(
        _("扣除时长"), default=0, help_text=_("分钟；路途、休息和吃饭")
    )
    minutes = models.PositiveIntegerField(_("服务时长"), editable=False, help_text=_("分钟"))
    source = models.CharField(
        _("来源"), max_length=12, choices=RecordSource.choices, default=RecordSource.STAFF
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=RecordStatus.choices,
        default=RecordStatus.SUBMITTED,
        editable=False,
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("登记人"),
        related_name="+",
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("核实人"),
        related_name="+",
    )
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("服务时长记录")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=["volunteer", "status", "starts_at"], name="volunteers_rec_person"),
            models.Index(fields=["community", "-starts_at"], name="volunteers_rec_recent"),
            models.Index(fields=["community", "updated_at"], name="volunteers_rec_updated"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="volunteers_rec_interval",
                violation_error_code="ends_before_start",
                violation_error_message="结束时间应晚于开始时间，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="volunteers_rec_minutes",
                violation_error_code="nothing_left",
                violation_error_message="扣掉路途和休息后没有时长了，请核对。",
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status__in=STANDING_RECORDS),
                name="volunteers_rec_assignment",
                violation_error_code="assignment_recorded",
                violation_error_message="这项派工已登记过时长，请直接核对那一条。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {timezone.localtime(self.starts_at):%Y-%m-%d}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody sees the own ones."""
        return cls.rows_in(scope(user, "service_hours.see")) | Volunteer.own(user, "volunteer__")

    def derive(self, before: Any) -> None:
        if self.starts_at is not None and self.ends_at is not None:
            excluded = self.excluded_minutes if isinstance(self.excluded_minutes, int) else 0
            self.minutes = rules.minutes_of(self.starts_at, self.ends_at, excluded)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return RecordFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.interval_runs_forward(self.starts_at, self.ends_at)
        rules.minutes_are_left(self.minutes)
        rules.record_says_for_what(self.content, (self.assignment_id, self.event_id, self.item_id))
        now = (self.starts_at, self.ends_at, self.excluded_minutes)
        changed = self.id is not None and facts.stored.get(self.id, now) != now
        rules.hours_stay_as_judged(changed, self.status)
        if self.assignment_id is not None:
            own = facts.assigned.get(self.assignment_id) == self.volunteer_id
            rules.assignment_is_ones_own(own)
        if self.id is None or changed:
            rules.record_is_past(self.ends_at, timezone.now())
            volunteer = facts.parent(self, "volunteer")
            if volunteer is not None:
                rules.volunteer_has_not_left(volunteer.status)
        if self.status in STANDING_RECORDS:
            rules.records_do_not_overlap((self.starts_at, self.ends_at), facts.others(self))

    def before_taking_back(self, moves: Collection[str]) -> None:
        if "verify" in moves:
            counted: Any = self.certified  # type: ignore[attr-defined]
            valid = counted.filter(certificate__status=CertificateStatus.ISSUED).order_by("pk")
            certificate_rules.record_is_not_certified(
                list(valid.values_list("certificate__number", flat=True))
            )

    def before_delete(self, facts: Any) -> None:
        rules.record_may_go(self.status)
