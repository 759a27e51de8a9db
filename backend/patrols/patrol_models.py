"""Patrols: one round of a grid, and what was seen at each of the five points."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.stored import StoredFacts, told
from backend.demands.models import Demand
from backend.patrols import rules
from backend.patrols.choices import Handling, PatrolShift, PatrolStatus, PointKind, PointResult
from backend.patrols.states import PATROL_MACHINE
from backend.people.queries import names_in
from backend.places.models import Grid


class Patrol(CodedRecord):
    """五必查: one round of a grid, on a day, in a shift."""

    area = "patrols"
    code_prefix = "xc"
    machine = PATROL_MACHINE
    estate_path = "estate"
    parents = ("grid",)
    fixed = ("grid",)
    derived = ("estate",)

    grid = models.ForeignKey(Grid, models.PROTECT, verbose_name=_("网格"), related_name="patrols")
    # The grid's, kept here: stewards see the rows of their estate, and digests are an estate's.
    estate = models.ForeignKey(
        "places.Estate",
        models.PROTECT,
        verbose_name=_("小区"),
        related_name="patrols",
        editable=False,
    )
    day = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=10, choices=PatrolShift.choices)
    patroller = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("巡查人"),
        related_name="patrols",
    )
    started_at = models.DateTimeField(_("开始时间"), default=timezone.now)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=PatrolStatus.choices,
        default=PatrolStatus.OPEN,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("巡查")
        ordering = ("-day", "-started_at", "-pk")
        indexes = [
            models.Index(fields=["community", "-day"], name="patrols_patrol_recent"),
            models.Index(fields=["estate", "day"], name="patrols_patrol_estate"),
            models.Index(fields=["community", "updated_at"], name="patrols_patrol_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "day", "shift"],
                condition=~Q(status=PatrolStatus.CANCELLED),
                name="patrols_patrol_once",
                violation_error_code="patrol_taken",
                violation_error_message="这个网格这一班已经有人在巡查了，请打开那一次接着查。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%m-%d} {self.get_shift_display()}"

    def derive(self, before: Any) -> None:
        if self.grid_id is not None:
            # A grid without an estate is told by the verb that begins a round.
            self.estate_id = self.grid.estate_id  # type: ignore[assignment]

    def invariants(self, facts: Any) -> None:
        rules.patrol_is_past(self.day, timezone.localdate())


class PointQuerySet(KeptQuerySet):
    """Answers."""

    def issues(self) -> Self:
        """What was found, in rounds that count."""
        rows = self.filter(result=PointResult.ISSUE)
        return rows.exclude(patrol__status=PatrolStatus.CANCELLED)

    def with_times(self) -> Self:
        """Adds `times`: how often the grid had an issue of that point in the month up to today."""
        return self.annotate(
            times=Coalesce(
                Subquery(
                    _of_the_month().values("patrol__grid").annotate(n=Count("pk")).values("n"),
                    output_field=IntegerField(),
                ),
                0,
            )
        )

    def recurring(self) -> Self:
        """The last issue of each point of a grid that had `OFTEN` of them in a month."""
        later = _of_the_month().filter(
            Q(patrol__day__gt=OuterRef("patrol__day"))
            | Q(patrol__day=OuterRef("patrol__day"), pk__gt=OuterRef("pk"))
        )
        since = timezone.localdate() - rules.MONTH
        return (
            self.issues()
            .with_times()
            .filter(~Exists(later), times__gte=rules.OFTEN, patrol__day__gt=since)
        )


def _of_the_month() -> Any:
    """The issues of a row's grid and point in the month up to today."""
    since = timezone.localdate() - rules.MONTH
    rows = PatrolPoint.objects.issues().order_by()
    return rows.filter(
        patrol__grid=OuterRef("patrol__grid"), kind=OuterRef("kind"), patrol__day__gt=since
    )


class PatrolPoint(CodedRecord):
    """巡查结果: what was seen at one of the five points, and what became of it. It names nobody."""

    area = "patrols"
    code_prefix = "xd"
    estate_path = "patrol__estate"
    parents = ("patrol",)
    fixed = ("patrol",)
    derived = ("handling",)
    KEPT = ("kind", "result", "note", "fixed_how", "demand_id")

    patrol = models.ForeignKey(
        Patrol, models.PROTECT, verbose_name=_("巡查"), related_name="points"
    )
    kind = models.CharField(_("必查项"), max_length=12, choices=PointKind.choices)
    result = models.CharField(_("结果"), max_length=6, choices=PointResult.choices)
    note = models.CharField(
        _("情况"), max_length=200, blank=True, help_text=_("写事不写人：不写姓名、电话、门牌")
    )
    fixed_how = models.CharField(_("当场怎样解决"), max_length=200, blank=True)
    # What could not be mended on the spot: one demand for each.
    demand = models.ForeignKey(
        Demand,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("转为诉求"),
        related_name="patrol_points",
        editable=False,
    )
    # Made from the others: what lists filter by.
    handling = models.CharField(
        _("处理"),
        max_length=10,
        choices=Handling.choices,
        default=Handling.NONE,
        editable=False,
    )

    objects: ClassVar[Any] = PointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("巡查结果")
        ordering = ("-patrol__day", "-pk")
        indexes = [
            models.Index(fields=["community", "result", "handling"], name="patrols_point_handling"),
            models.Index(fields=["community", "updated_at"], name="patrols_point_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patrol", "kind"],
                name="patrols_point_once",
                violation_error_code="point_taken",
                violation_error_message="这一项已经查过了，请刷新页面后改那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_result_display()}"

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts that must name nobody."""
        return {
            "note": ("情况", str(self.note or "")),
            "fixed_how": ("当场怎样解决", str(self.fixed_how or "")),
        }

    @property
    def is_passed_on(self) -> bool:
        """Whether it has become a demand."""
        return self.demand_id is not None

    def derive(self, before: Any) -> None:
        self.handling = rules.handling_of(self.result, self.fixed_how or "", self.is_passed_on)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the names of the roster that occur in the texts: a query a community."""
        facts = StoredFacts.gather(cls, records)
        by_community: dict[int, list[str]] = {}
        for record in records:
            texts = {text for _label, text in record.texts().values() if text}
            by_community.setdefault(record.community_id, []).extend(texts)
        facts.names = {
            community: names_in(community, texts) for community, texts in by_community.items()
        }
        return facts

    def invariants(self, facts: Any) -> None:
        rules.answer_is_whole(self.result, self.note or "", self.fixed_how or "", self.is_passed_on)
        patrol = facts.parent(self, "patrol")
        if patrol is not None:
            rules.told_of_open_patrol_alone(patrol.status, facts.before(self), told(self))
        rules.texts_tell_nobody(self.texts(), facts.names.get(self.community_id, ()))


def points_answered() -> Any:
    """How many of the five points of a patrol were answered: an expression over patrols."""
    return _points(Q())


def issues_found() -> Any:
    """How many of its points had an issue: an expression over patrols."""
    return _points(Q(result=PointResult.ISSUE))


def _points(which: Q) -> Any:
    rows = PatrolPoint.objects.filter(which, patrol=OuterRef("pk")).order_by()
    counted = rows.values("patrol").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
