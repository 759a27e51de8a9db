"""Demands: what residents bring forward, who takes it on, by when, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, home, reaches_own, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.stored import StoredFacts, told
from backend.demands import rules
from backend.demands.choices import (
    NOT_COUNTED,
    OPEN,
    Channel,
    DemandKind,
    DemandStatus,
    Urgency,
)
from backend.demands.states import DEMAND_MACHINE
from backend.demands.terms import DemandCategory, DemandNumbering, DemandSettings, Reckoning
from backend.people.departed import departed
from backend.people.rules import is_not_erased, phone_is_normal

__all__ = ["Demand", "DemandCategory", "DemandNumbering", "DemandSettings", "own_rows"]

# Soon due: within this many days.
SOON = 1


def own_rows(user: Any) -> Q:
    """The demands that a user has brought forward: as somebody of the roster, or by the account."""
    if not reaches_own(user, "demands.bring"):
        return Q(pk__in=[])
    where = home(user)
    there = where.rows() | Q(community__in=where.estate_communities)
    return (Q(account=user.pk) & there) | Q(resident__user=user.pk)


class DemandQuerySet(KeptQuerySet):
    """Demands."""

    def counted(self) -> Self:
        """Those that are counted: duplicates and invalid ones are left out."""
        return self.exclude(status__in=NOT_COUNTED)

    def open(self) -> Self:
        """Those that are still to be solved."""
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime | None = None) -> Self:
        """Those that should have been solved by now."""
        return self.filter(late(now))

    def unanswered(self, now: datetime | None = None) -> Self:
        """Those whose reporter should have had a first answer by now."""
        return self.filter(unanswered(now))


def late(now: datetime | None = None, prefix: str = "") -> Q:
    """Overdue, as a condition over demands; `prefix` is the path to them."""
    return Q(**{f"{prefix}status__in": OPEN, f"{prefix}due_at__lt": now or timezone.now()})


def unanswered(now: datetime | None = None, prefix: str = "") -> Q:
    """Without a first answer although its time is over, as a condition over demands."""
    return Q(
        **{
            f"{prefix}status__in": OPEN,
            f"{prefix}first_response_at__isnull": True,
            f"{prefix}respond_by__lt": now or timezone.now(),
        }
    )


def holds(condition: Q) -> Case:
    """A condition as an expression that is true or false."""
    return Case(
        When(condition, then=Value(True)),
        default=Value(False),
        output_field=models.BooleanField(),
    )


class DemandFacts(StoredFacts):
    """Also in which estates the buildings and grids stand, and who has been erased."""

    estates: dict[str, dict[int, int | None]]
    erased: frozenset[int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As StoredFacts, and at most four queries more."""
        facts = super().gather(model, records)
        facts.estates = {}
        for name in ("building", "grid"):
            keys = frozenset(getattr(record, f"{name}_id") for record in records) - {None}
            target: Any = model._meta.get_field(name).related_model
            rows = target._default_manager.filter(pk__among=keys).order_by()
            facts.estates[name] = dict(rows.values_list("pk", "estate_id")) if keys else {}
        _, facts.erased = departed(r.resident_id for r in records if r.id is None)
        return facts


class Demand(CodedRecord):
    """诉求: one matter that somebody has brought forward, with its two clocks: answer and solution.

    What the community counts; who brought it is known to those who handle it, and to nobody else.
    """

    area = "demands"
    code_prefix = "sq"
    machine = DEMAND_MACHINE
    # Locked before it is pointed at: an original does not become a duplicate meanwhile.
    parents = ("duplicate_of",)
    estate_path = "estate"
    own_path = "assigned_to"
    by_estate = True
    personal = {
        "reporter_name": "name",
        "reporter_phone": "phone",
        "unit": "hidden",
        "room": "hidden",
        "address": "hidden",
        "first_contact": "name",
        "remark": "hidden",
    }
    KEPT = (
        "received_at",
        "channel",
        "kind",
        "category_id",
        "urgency",
        "content",
        "estate_id",
        "building_id",
        "grid_id",
    )

    # Given by registering alone: `code` says the same in words.
    year = models.PositiveSmallIntegerField(_("年份"), editable=False)
    number = models.PositiveIntegerField(_("序号"), editable=False)
    received_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    channel = models.CharField(
        _("来源"), max_length=20, choices=Channel.choices, default=Channel.WINDOW
    )
    group = models.ForeignKey(
        "places.ResidentGroup",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("微信群"),
        related_name="+",
        help_text=_("来源是微信群时选"),
    )
    kind = models.CharField(
        _("性质"), max_length=20, choices=DemandKind.choices, default=DemandKind.HELP
    )
    category = models.ForeignKey(
        DemandCategory,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("类别"),
        related_name="demands",
    )
    urgency = models.CharField(
        _("紧急程度"), max_length=10, choices=Urgency.choices, default=Urgency.ORDINARY
    )
    content = models.TextField(
        _("内容"), max_length=2000, help_text=_("写事：什么地方、怎么了、想怎样解决")
    )
    estate = models.ForeignKey(
        "places.Estate",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("小区"),
        related_name="+",
    )
    building = models.ForeignKey(
        "places.Building",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("楼栋"),
        related_name="+",
    )
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    room = models.CharField(_("室"), max_length=10, blank=True)
    address = models.CharField(
        _("地点"), max_length=100, blank=True, help_text=_("没有楼栋的写在这里，如 北门、车棚")
    )
    grid = models.ForeignKey(
        "places.Grid",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("网格"),
        related_name="+",
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="demands",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("提交账号"),
        related_name="demands",
    )
    reporter_name = models.CharField(
        _("反映人"), max_length=30, blank=True, help_text=_("选了居民可以不填；不愿留名的留空")
    )
    reporter_phone = models.CharField(
        _("电话"), max_length=20, blank=True, validators=[phone_is_normal]
    )
    reporter_hidden = models.BooleanField(
        _("对承办单位匿名"), default=False, help_text=_("勾选后承办单位看不到是谁反映的")
    )
    first_contact = models.CharField(
        _("首接人"), max_length=30, blank=True, help_text=_("留空为登记人")
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("登记账号"),
        related_name="+",
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    # By the verbs alone.
    status = models.CharField(
        _("状态"),
        max_length=24,
        choices=DemandStatus.choices,
        default=DemandStatus.REGISTERED,
        editable=False,
    )
    respond_by = models.DateTimeField(_("首次回复期限"), null=True, editable=False)
    due_at = models.DateTimeField(_("办理期限"), null=True, editable=False)
    extended_days = models.PositiveSmallIntegerField(
        _("延期"), default=0, editable=False, help_text=_("工作日")
    )
    assigned_to = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("承办单位"),
        related_name="demands",
    )
    assigned_at = models.DateTimeField(_("派单时间"), null=True, editable=False)
    first_response_at = models.DateTimeField(_("首次回复时间"), null=True, editable=False)
    response = models.TextField(_("首次回复"), max_length=500, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("解决时间"), null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("登记解决的账号"),
        related_name="+",
    )
    result = models.TextField(_("办理结果"), max_length=500, blank=True, editable=False)
    satisfied = models.BooleanField(_("是否满意"), null=True, editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("原诉求"),
        related_name="duplicates",
    )
    from_ledger = models.BooleanField(_("补录"), default=False, editable=False)

    objects: ClassVar[Any] = DemandQuerySet.as_manager()
    # Set by whoever writes a set: else each row asks for its community's deadlines itself.
    reckoning: Reckoning | None = None

    class Meta:
        verbose_name = verbose_name_plural = _("诉求")
        ordering = ("-received_at", "-pk")
        indexes = [
            models.Index(fields=["community", "-received_at"], name="demands_demand_recent"),
            models.Index(fields=["community", "status", "due_at"], name="demands_demand_due"),
            models.Index(fields=["community", "updated_at"], name="demands_demand_updated"),
            models.Index(fields=["assigned_to", "status"], name="demands_demand_handler"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "year", "number"],
                name="demands_demand_number",
                violation_error_code="number_taken",
                violation_error_message="诉求编号重复了，请再试一次。",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="demands_demand_original",
                violation_error_code="original_is_itself",
                violation_error_message="不能与自己重复，请选择另一条诉求。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"

    @property
    def is_late(self) -> bool:
        """Whether it should have been solved by now."""
        return self.due_at is not None and rules.is_overdue(
            self.status, self.due_at, timezone.now()
        )

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        # A steward sees those of the own estate, and not those that nobody has placed.
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of their place; a handler those assigned to the own body; everybody the
        own ones.
        """
        seen = cls.rows_in(scope(user, "demands.see"))
        return seen | cls.own_rows(user, "see") | own_rows(user)

    def derive(self, before: Any) -> None:
        if self.estate_id is None and self.building_id is not None:
            building: Any = self.building
            self.estate_id = building.estate_id
        if self.received_at.__class__ is not datetime or self.community_id is None:
            return  # Told by the fields themselves.
        if self.received_at > timezone.now():
            return  # Told by the rules.
        asked = ("received_at", "urgency", "extended_days")
        same = before is not None and all(
            getattr(before, name) == getattr(self, name) for name in asked
        )
        if same and self.due_at is not None:
            # A later change of the deadlines changes no demand that has begun.
            return
        reckoning = self.reckoning or Reckoning(self.community_id)
        self.respond_by, self.due_at = reckoning.clocks(
            self.received_at, self.urgency, self.extended_days
        )

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        facts: Facts = DemandFacts.gather(cls, records)
        return facts

    def invariants(self, facts: Any) -> None:
        before = facts.before(self)
        if before is not None:
            rules.settled_stays(self.status, before, told(self))
        rules.was_received(self.received_at, timezone.now())
        rules.something_is_said(self.content)
        rules.group_fits(self.channel, self.group_id)
        for name in ("building", "grid"):
            of_place = facts.estates[name].get(getattr(self, f"{name}_id"))
            rules.place_agrees(self.estate_id, of_place, name)
        is_not_erased(self.resident_id in facts.erased)

    @classmethod
    def untold(cls, user: Any) -> tuple[frozenset[str], Q] | None:
        """A handler does not learn who brought forward a demand whose reporter asked for that."""
        staff = cls.rows_in(scope(user, "demands.see"))
        told = staff | Q(reporter_hidden=False) | own_rows(user)
        return frozenset({"reporter_name", "reporter_phone"}), ~told

    def unnamed(self, reader: Any) -> Mapping[int, str]:
        """Nor by what the reporter did with it: bringing it, confirming it, asking for it again."""
        if not self.reporter_hidden:
            return {}
        found = self.untold(reader)
        assert found is not None
        rows: Any = Demand.objects
        if not rows.filter(found[1], pk=self.pk).exists():
            return {}
        person = self.resident
        accounts = (self.account_id, person.user_id if person is not None else None)
        return {pk: gettext("反映人") for pk in accounts if pk is not None}
