"""选聘: rounds in which outstanding property stewards are chosen, by points or by votes."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.core.personal import mask
from backend.core.stored import StoredFacts, told
from backend.partners import rules, selection_rules
from backend.partners.choices import SelectionMethod, SelectionStatus
from backend.partners.report_models import ReportFacts
from backend.partners.states import SELECTION_MACHINE
from backend.places.rules import term_runs_forward


class StewardSelection(CodedRecord):
    """选聘: one round; its announcement is public and names nobody."""

    area = "selections"
    code_prefix = "xp"
    machine = SELECTION_MACHINE
    KEPT = ("method", "places", "criteria")

    title = models.CharField(_("评选名称"), max_length=80)
    method = models.CharField(
        _("评选办法"),
        max_length=10,
        choices=SelectionMethod.choices,
        default=SelectionMethod.SCORE,
    )
    places = models.PositiveSmallIntegerField(
        _("名额"), validators=[MinValueValidator(1), MaxValueValidator(50)], help_text=_("人")
    )
    criteria = models.TextField(_("评选标准"), max_length=1000, blank=True)
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"))
    announcement = models.TextField(
        _("公布内容"),
        max_length=1000,
        blank=True,
        help_text=_("公开显示：写几名、来自哪个单位，不写姓名"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=SelectionStatus.choices,
        default=SelectionStatus.DRAFT,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("优秀管家选聘")
        ordering = ("-opens_on", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="partners_selection_updated"),
        ]

    def __str__(self) -> str:
        return self.title

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts that everybody reads once the result is announced."""
        return {
            "title": ("评选名称", str(self.title or "")),
            "announcement": ("公布内容", str(self.announcement or "")),
        }

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the names of the roster and of the candidates that occur in the texts."""
        facts: Any = ReportFacts.gather(cls, records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = StewardCandidate.objects.filter(selection_id__among=known).order_by()
        candidates = rows.values_list("selection", "name") if known else ()
        facts.note_beside(candidates)
        found: Facts = facts
        return found

    def invariants(self, facts: Any) -> None:
        term_runs_forward(self.opens_on, self.closes_on, field="closes_on")
        before = facts.before(self)
        if before is not None:
            selection_rules.round_stays(self.status, before, told(self))
        names = facts.names[self.community_id] | facts.beside.get(self.id, set())
        rules.issue_texts_tell_nobody(self.texts(), names)


class StewardCandidate(Record):
    """候选管家: somebody who stands for it, with what they got."""

    area = "selections"
    parents = ("selection",)
    fixed = ("selection",)
    personal = {"name": "name"}
    KEPT = ("name", "organization_id", "score", "votes")

    selection = models.ForeignKey(
        StewardSelection, models.PROTECT, verbose_name=_("选聘"), related_name="candidates"
    )
    name = models.CharField(_("姓名"), max_length=30)
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        verbose_name=_("单位"),
        related_name="+",
    )
    # In hundredths, so that it is compared exactly.
    score = models.PositiveIntegerField(
        _("得分（百分之一分）"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(selection_rules.HIGHEST_SCORE)],
        help_text=_("95.5 分填 9550"),
    )
    votes = models.PositiveIntegerField(_("票数"), null=True, blank=True)
    chosen = models.BooleanField(_("当选"), default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("候选管家")
        ordering = ("selection", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "name", "organization"],
                name="partners_candidate_once",
                violation_error_code="candidate_taken",
                violation_error_message="这一轮已有同单位同名的候选人，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(votes__isnull=True),
                name="partners_candidate_count",
                violation_error_code="count_of_other_method",
                violation_error_message="这一轮按评分的只填得分，按投票的只填票数，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return mask("name", self.name)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StoredFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        selection = facts.parent(self, "selection")
        if selection is None:
            return
        selection_rules.candidates_stay(selection.status, facts.before(self) or (), told(self))
        selection_rules.count_suits_method(selection.method, self.score, self.votes)

    def before_delete(self, facts: Facts) -> None:
        selection_rules.candidates_stay(facts.parent(self, "selection").status, told(self), ())
