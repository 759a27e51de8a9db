"""Red partners, what was agreed with them, and the posts they keep."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.core.stored import StoredFacts, told
from backend.partners import rules
from backend.partners.choices import AgreementStatus, DutySide
from backend.partners.states import AGREEMENT_MACHINE
from backend.places.rules import term_runs_forward

LONGEST_NOTICE = 365


class StandingQuerySet(KeptQuerySet):
    """Rows that stand from a day on until, perhaps, another."""

    def standing_on(self, day: date) -> Self:
        """Those that stand on `day`; both ends belong to it."""
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))


class RedPartner(CodedRecord):
    """红色合伙人: a body's standing as a partner of the community, from a day on."""

    area = "partners"
    code_prefix = "hz"
    parents = ("organization",)
    fixed = ("organization",)
    own_path = "organization"

    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        verbose_name=_("单位"),
        related_name="standings",
    )
    since = models.DateField(_("加入日期"))
    until = models.DateField(_("退出日期"), null=True, blank=True)
    summary = models.CharField(
        _("参与内容"), max_length=200, blank=True, help_text=_("公开显示，不要写个人信息")
    )

    objects: ClassVar[Any] = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("红色合伙人")
        ordering = ("-since", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="partners_partner_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(until__isnull=True),
                name="partners_partner_once",
                violation_error_code="partner_taken",
                violation_error_message="这个单位已经是红色合伙人，不用重复登记。",
            ),
            models.UniqueConstraint(
                fields=["organization", "since"],
                name="partners_partner_since",
                violation_error_code="partner_taken",
                violation_error_message="这个单位这一天的加入已经登记过，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the agreements that still run with each."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        running = (AgreementStatus.SIGNED, AgreementStatus.ACTIVE)
        rows = CoBuildingAgreement.objects.filter(partner_id__among=known, status__in=running)
        facts.note_beside(rows.order_by().values_list("partner", "pk") if known else ())
        return facts

    def invariants(self, facts: Facts) -> None:
        term_runs_forward(self.since, self.until, field="until")
        rules.texts_are_public({"summary": ("参与内容", str(self.summary or ""))})
        if self.until is not None:
            rules.partner_may_leave(len(facts.beside.get(self.id, ())))


class AgreementQuerySet(KeptQuerySet):
    """Agreements."""

    def near_their_end(self, day: date) -> Self:
        """Those in force about whose end somebody is reminded by `day`."""
        return self.filter(status=AgreementStatus.ACTIVE, remind_from__lte=day)


class CoBuildingAgreement(CodedRecord):
    """共建协议: what a partner and the community promise each other, for a term."""

    area = "partners"
    code_prefix = "gj"
    machine = AGREEMENT_MACHINE
    parents = ("partner",)
    own_path = "partner__organization"
    derived = ("remind_from",)

    partner = models.ForeignKey(
        RedPartner, models.PROTECT, verbose_name=_("红色合伙人"), related_name="agreements"
    )
    title = models.CharField(_("协议名称"), max_length=80)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    starts_on = models.DateField(_("生效日期"))
    ends_on = models.DateField(_("到期日期"), help_text=_("这一天仍在协议期内"))
    remind_days = models.PositiveSmallIntegerField(
        _("提前提醒"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_NOTICE)],
        help_text=_("天；到期前这么多天开始提醒续签"),
    )
    # The first day of reminders, so that lists can be filtered by it.
    remind_from = models.DateField(_("开始提醒"), null=True, blank=True, editable=False)
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("续签自"),
        related_name="renewals",
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=AgreementStatus.choices,
        default=AgreementStatus.DRAFT,
        editable=False,
    )

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()
    # What is signed, and stays so.
    KEPT = ("partner_id", "title", "signed_on", "starts_on", "ends_on")

    class Meta:
        verbose_name = verbose_name_plural = _("共建协议")
        ordering = ("-starts_on", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="partners_agreement_updated"),
            models.Index(fields=["status", "ends_on"], name="partners_agreement_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="partners_agreement_term",
                violation_error_code="agreement_term_reversed",
                violation_error_message="到期日期应晚于生效日期，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days_left(self) -> int | None:
        """Days to the last one, 0 on it; None for what is not in force."""
        if self.status != AgreementStatus.ACTIVE:
            return None
        return (self.ends_on - timezone.localdate()).days

    def derive(self, before: Any) -> None:
        # Asked before the fields are checked: what is no date and no number has no reminder.
        told = isinstance(self.ends_on, date) and self.remind_days.__class__ is int
        self.remind_from = (
            self.ends_on - timedelta(days=self.remind_days)
            if told and 0 < self.remind_days <= LONGEST_NOTICE
            else None
        )

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StoredFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.agreement_term(self.starts_on, self.ends_on)
        rules.renews_another(self.id, self.renews_id)
        before = facts.before(self)
        if before is not None:
            rules.signed_text_stays(self.status, before, told(self))
        partner = facts.parent(self, "partner")
        rules.partner_stands(partner.until if partner else None, self.starts_on)

    def before_delete(self, facts: Facts) -> None:
        rules.draft_alone_goes(self.status)


class AgreementDuty(Record):
    """共建职责: one duty of an agreement, in its place in the order."""

    area = "partners"
    parents = ("agreement",)
    fixed = ("agreement",)
    own_path = "agreement__partner__organization"

    agreement = models.ForeignKey(
        CoBuildingAgreement, models.PROTECT, verbose_name=_("共建协议"), related_name="duties"
    )
    position = models.PositiveSmallIntegerField(_("序号"), default=1)
    side = models.CharField(
        _("责任方"), max_length=10, choices=DutySide.choices, default=DutySide.PARTNER
    )
    text = models.CharField(_("职责内容"), max_length=300)

    KEPT = ("position", "side", "text")

    class Meta:
        verbose_name = verbose_name_plural = _("共建职责")
        ordering = ("agreement", "position", "pk")

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StoredFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        agreement = facts.parent(self, "agreement") if self.agreement_id is not None else None
        if agreement is not None:
            rules.signed_text_stays(agreement.status, facts.before(self) or (), told(self))

    def before_delete(self, facts: Facts) -> None:
        rules.signed_text_stays(facts.parent(self, "agreement").status, told(self), ())


class VanguardPost(CodedRecord):
    """党员先锋岗: a post that a partner keeps where people pass, such as an estate's service desk."""

    area = "partners"
    code_prefix = "gw"
    parents = ("agreement",)
    own_path = "agreement__partner__organization"

    agreement = models.ForeignKey(
        CoBuildingAgreement, models.PROTECT, verbose_name=_("共建协议"), related_name="posts"
    )
    name = models.CharField(_("岗位名称"), max_length=60)
    estate = models.ForeignKey(
        "places.Estate",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("小区"),
        related_name="vanguard_posts",
    )
    place = models.CharField(_("地点"), max_length=100, help_text=_("如 万达华府物业服务台"))
    since = models.DateField(_("设岗日期"))
    until = models.DateField(_("撤岗日期"), null=True, blank=True)

    objects: ClassVar[Any] = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("党员先锋岗")
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="partners_post_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=Q(until__isnull=True),
                name="partners_post_name",
                violation_error_code="post_taken",
                violation_error_message="本社区已有同名的先锋岗，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        term_runs_forward(self.since, self.until, field="until")
        agreement = facts.parent(self, "agreement")
        if agreement is not None:
            rules.post_has_agreement(
                agreement.status, agreement.starts_on, agreement.ends_on, self.since, self.until
            )
