"""志愿服务证明: certificates, what each of them counts, and the community's own Word template."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import Record
from backend.core.numbering import NumberSeries
from backend.volunteers import certificate_rules as rules
from backend.volunteers.certificate_choices import CertificateStatus
from backend.volunteers.certificate_states import CERTIFICATE_MACHINE
from backend.volunteers.record_models import ServiceRecord
from backend.volunteers.volunteer_models import Volunteer

CERTIFICATE = "certificate"


class CertificateNumbering(NumberSeries):
    """证明编号: the last number given in one community and year. Bookkeeping."""

    class Meta:
        verbose_name = verbose_name_plural = _("证明编号")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "year"], name="volunteers_numbering_one"
            )
        ]


class Certificate(Record):
    """志愿服务证明: the hours verified of one volunteer in some days, as they stood on one of them.

    What it says never changes; its number is never given again. It holds no name: that stands on the
    resident's row alone, and is read when the paper is made.
    """

    area = "certificates"
    machine = CERTIFICATE_MACHINE
    estate_path = "volunteer__resident__building__estate"
    parents = ("volunteer",)
    fixed = ("volunteer",)
    personal = {"void_reason": "hidden"}

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="certificates"
    )
    number = models.CharField(
        _("证明编号"), max_length=64, unique=True, help_text=_("公开可查；连续编号，作废也不再用")
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    sequence = models.PositiveIntegerField(_("序号"))
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"), help_text=_("这一天也算在内"))
    minutes = models.PositiveIntegerField(_("服务时长"), help_text=_("分钟；出具时已核实的"))
    services = models.PositiveIntegerField(_("服务次数"))
    issuer = models.CharField(_("出具单位"), max_length=100)
    issued_on = models.DateField(_("出具日期"), default=timezone.localdate)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("经办人"),
        related_name="+",
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=CertificateStatus.choices,
        default=CertificateStatus.ISSUED,
        editable=False,
    )
    voided_on = models.DateField(_("作废日期"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("作废原因"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务证明")
        ordering = ("-year", "-sequence", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="volunteers_cert_updated"),
            models.Index(fields=["volunteer", "status"], name="volunteers_cert_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "year", "sequence"],
                name="volunteers_cert_sequence",
                violation_error_code="number_taken",
                violation_error_message="证明编号重复了，请再试一次。",
            ),
            models.UniqueConstraint(
                fields=["volunteer", "starts_on", "ends_on"],
                condition=Q(status=CertificateStatus.ISSUED),
                name="volunteers_cert_period",
                violation_error_code="certificate_taken",
                violation_error_message="这段时间已有一份有效的证明，请直接下载那一份。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="volunteers_cert_days",
                violation_error_code="period_backwards",
                violation_error_message="截止日期早于开始日期，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="volunteers_cert_minutes",
                violation_error_code="nothing_to_certify",
                violation_error_message="没有已核实的时长，不能出具证明。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def valid(self) -> bool:
        """Whether it still stands."""
        return self.status == CertificateStatus.ISSUED

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody sees the own ones."""
        return cls.rows_in(scope(user, "certificates.see")) | Volunteer.own(user, "volunteer__")

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what each known one says: it stays."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", *_FIXED)
        facts.note_beside((pk, tuple(said)) for pk, *said in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        if self.id is None:
            rules.period_is_over(self.starts_on, self.ends_on, timezone.localdate())
            rules.there_are_hours(self.minutes)
            return
        now = tuple(getattr(self, name) for name in _FIXED)
        rules.certificate_says_the_same(now in facts.beside.get(self.id, {now}))


_FIXED = ("number", "year", "sequence", "starts_on", "ends_on", "minutes", "services") + (
    "issuer",
    "issued_on",
)


class CertifiedRecord(Record):
    """证明所列的服务记录: that a certificate counts a record, and for how long."""

    area = "certificates"
    estate_path = "certificate__volunteer__resident__building__estate"
    parents = ("certificate",)
    fixed = ("certificate", "record")

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, verbose_name=_("志愿服务证明"), related_name="counted"
    )
    record = models.ForeignKey(
        ServiceRecord, models.PROTECT, verbose_name=_("服务记录"), related_name="certified"
    )
    minutes = models.PositiveIntegerField(_("服务时长"), help_text=_("分钟"))

    class Meta:
        verbose_name = verbose_name_plural = _("证明所列的服务记录")
        ordering = ("certificate", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["certificate", "record"],
                name="volunteers_certified_once",
                violation_error_code="record_counted_twice",
                violation_error_message="一份证明里同一条服务记录只能算一次。",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)


class CertificateTemplate(models.Model):
    """证明模板: replaces the default Word template for a community. Bookkeeping."""

    community = models.OneToOneField(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    name = models.CharField(_("文件名"), max_length=100)
    content = models.BinaryField(_("文件"))
    replaced_at = models.DateTimeField(_("更换时间"), default=timezone.now)
    replaced_by = models.CharField(_("更换人账号"), max_length=150)

    class Meta:
        verbose_name = verbose_name_plural = _("证明模板")

    def __str__(self) -> str:
        return self.name
