"""物业服务进展: what a property company reports of its work, a month or a quarter at a time."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import add_working_days
from backend.core.errors import RuleViolation
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.core.stored import StoredFacts, told
from backend.partners import report_rules, rules
from backend.partners.choices import ItemState, PeriodKind, ReportStatus
from backend.partners.states import REPORT_MACHINE
from backend.people.queries import names_in
from backend.places.queries import day_overrides


class ReportFacts(StoredFacts):
    """Also the names of the roster that occur in the texts, by community."""

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Any:
        """As StoredFacts, and a query a community."""
        facts = super().gather(model, records)
        by_community: dict[int, list[str]] = {}
        for record in records:
            texts = [text for _, text in record.texts().values()]
            by_community.setdefault(record.community_id, []).extend(texts)
        facts.names = {
            community: names_in(community, texts) for community, texts in by_community.items()
        }
        return facts


class ProgressReport(CodedRecord):
    """物业服务进展: one report of one company, of one month or quarter; it names nobody."""

    area = "progress"
    code_prefix = "jz"
    machine = REPORT_MACHINE
    parents = ("organization",)
    fixed = ("organization",)
    own_path = "organization"
    derived = ("due_on",)
    KEPT = ("period_kind", "year", "number", "summary")

    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        verbose_name=_("物业公司"),
        related_name="progress_reports",
    )
    period_kind = models.CharField(
        _("周期"), max_length=10, choices=PeriodKind.choices, default=PeriodKind.MONTH
    )
    year = models.PositiveSmallIntegerField(
        _("年份"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    number = models.PositiveSmallIntegerField(
        _("期数"),
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("几月，或第几季度"),
    )
    summary = models.TextField(_("总体情况"), max_length=2000, blank=True)
    # Made from the period's end when it is written; whether it is overdue is asked of today.
    due_on = models.DateField(_("应提交日期"), null=True, blank=True, editable=False)
    heard_at = models.CharField(
        _("听取场合"), max_length=100, blank=True, help_text=_("如 月月说事、联席会议")
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ReportStatus.choices,
        default=ReportStatus.DRAFT,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("物业服务进展")
        ordering = ("-year", "-number", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="partners_report_updated"),
            models.Index(fields=["community", "status", "due_on"], name="partners_report_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "period_kind", "year", "number"],
                name="partners_report_period",
                violation_error_code="report_taken",
                violation_error_message="这个单位这一期的报告已经有了，请直接修改那一份。",
            )
        ]

    def __str__(self) -> str:
        kind = "季度" if self.period_kind == PeriodKind.QUARTER else "月"
        return f"{self.year} 年 {self.number} {kind}"

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts that must name nobody."""
        return {
            "summary": ("总体情况", str(self.summary or "")),
            "heard_at": ("听取场合", str(self.heard_at or "")),
        }

    def derive(self, before: Any) -> None:
        self.due_on = None
        if self.year.__class__ is not int or self.number.__class__ is not int:
            return
        try:
            _first, last = report_rules.period(self.period_kind, self.year, self.number)
        except RuleViolation:
            return  # Told by the rules below.
        said = day_overrides(self.community_id)
        self.due_on = add_working_days(last, report_rules.REPORT_WORKING_DAYS, said)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        facts: Facts = ReportFacts.gather(cls, records)
        return facts

    def invariants(self, facts: Any) -> None:
        report_rules.period(self.period_kind, self.year, self.number)
        organization = facts.parent(self, "organization")
        report_rules.is_a_property_company(organization.kind if organization else None)
        before = facts.before(self)
        if before is not None:
            report_rules.submitted_text_stays(self.status, before, told(self))
        rules.issue_texts_tell_nobody(self.texts(), facts.names[self.community_id])

    def before_delete(self, facts: Facts) -> None:
        report_rules.draft_report_alone_goes(self.status)


class ProgressItem(Record):
    """进展事项: one matter of a report, in its place in the order."""

    area = "progress"
    parents = ("report",)
    fixed = ("report",)
    own_path = "report__organization"
    KEPT = ("position", "subject", "told", "state")

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, verbose_name=_("物业服务进展"), related_name="items"
    )
    position = models.PositiveSmallIntegerField(_("序号"), default=1)
    subject = models.CharField(_("事项"), max_length=60)
    told = models.CharField(_("进展"), max_length=500, blank=True)
    state = models.CharField(
        _("完成情况"), max_length=10, choices=ItemState.choices, default=ItemState.UNDER_WAY
    )

    class Meta:
        verbose_name = verbose_name_plural = _("进展事项")
        ordering = ("report", "position", "pk")

    def __str__(self) -> str:
        return f"{self.position}. {self.subject}"

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts that must name nobody."""
        return {
            "subject": ("事项", str(self.subject or "")),
            "told": ("进展", str(self.told or "")),
        }

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        facts: Facts = ReportFacts.gather(cls, records)
        return facts

    def invariants(self, facts: Any) -> None:
        report = facts.parent(self, "report")
        if report is not None:
            report_rules.submitted_text_stays(report.status, facts.before(self) or (), told(self))
        # An inline row is asked before it has its community: the gate asks again.
        rules.issue_texts_tell_nobody(self.texts(), facts.names.get(self.community_id, ()))

    def before_delete(self, facts: Facts) -> None:
        report_rules.submitted_text_stays(facts.parent(self, "report").status, told(self), ())
