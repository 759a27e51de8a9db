"""The neighbourhood's places."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Kept, Record
from backend.places import rules


class Subdistrict(Kept):
    """街道: the lowest level of government, over several communities."""

    area = "places"
    of_installation = True

    code = models.SlugField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("街道")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        if where.everywhere:
            return models.Q()
        # Not a join: a subdistrict stands once, however many of its communities are in the scope.
        mine = Community.objects.filter(pk__in=where.communities | where.estate_communities)
        return models.Q(pk__in=mine.order_by().values("subdistrict"))

    @property
    def scope_community_id(self) -> int | None:
        return None


class Community(Kept):
    """社区: the neighbourhood that a party committee and a residents' committee serve."""

    area = "places"
    of_installation = True

    subdistrict = models.ForeignKey(
        Subdistrict, models.PROTECT, verbose_name=_("街道"), related_name="communities"
    )
    code = models.SlugField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("社区")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        if where.everywhere:
            return models.Q()
        return models.Q(pk__in=where.communities | where.estate_communities)

    @property
    def scope_community_id(self) -> int | None:
        return self.pk


class Estate(CodedRecord):
    """小区: a housing estate within a community."""

    area = "places"
    code_prefix = "xq"

    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("小区")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="places_estate_name",
                violation_error_code="estate_taken",
                violation_error_message="本社区已有同名小区，请核对名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Building(Record):
    """楼栋: one building of an estate, known by its number or letter."""

    area = "places"
    estate_path = "estate"
    parents = ("estate",)

    estate = models.ForeignKey(
        Estate, models.PROTECT, verbose_name=_("小区"), related_name="buildings"
    )
    name = models.CharField(_("楼号"), max_length=20, help_text=_("只写号，如 3 或 A"))

    class Meta:
        verbose_name = verbose_name_plural = _("楼栋")
        ordering = ("estate", "name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "name"],
                name="places_building_name",
                violation_error_code="building_taken",
                violation_error_message="该小区已有这个楼号，请核对。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}号楼"


class Grid(CodedRecord):
    """网格: the part of a community that one grid worker walks."""

    area = "places"
    code_prefix = "wg"

    estate = models.ForeignKey(
        Estate, models.PROTECT, null=True, blank=True, verbose_name=_("小区"), related_name="grids"
    )
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("网格")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class ResidentGroup(CodedRecord):
    """居民微信群: a chat group of residents, active from a day on until, perhaps, another."""

    area = "places"
    code_prefix = "qun"

    estate = models.ForeignKey(
        Estate, models.PROTECT, null=True, blank=True, verbose_name=_("小区"), related_name="groups"
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, verbose_name=_("网格"), related_name="groups"
    )
    name = models.CharField(_("群名"), max_length=60)
    started_on = models.DateField(_("建群日期"))
    ended_on = models.DateField(_("解散日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("居民微信群")
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="places_group_term",
                violation_error_code="term_reversed",
                violation_error_message="结束日期早于开始日期，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def invariants(self, facts: Facts) -> None:
        rules.term_runs_forward(self.started_on, self.ended_on)


class HolidayOverride(Kept):
    """工作日调整: one day that is worked, or not, otherwise than the national table says.

    Of one community, or, without one, of the whole installation; the community's word counts more.
    """

    area = "calendar"

    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("社区"),
        related_name="+",
        help_text=_("留空为所有社区"),
    )
    day = models.DateField(_("日期"))
    works = models.BooleanField(_("上班"), help_text=_("勾选为上班，不勾为放假"))
    note = models.CharField(_("说明"), max_length=100, help_text=_("如 2027 年国庆节放假"))

    class Meta:
        verbose_name = verbose_name_plural = _("工作日调整")
        ordering = ("-day", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "day"],
                name="places_holiday_day",
                violation_error_code="day_taken",
                violation_error_message="这一天已经登记过，请直接修改那一条。",
            ),
            models.UniqueConstraint(
                fields=["day"],
                condition=models.Q(community__isnull=True),
                name="places_holiday_everywhere",
                violation_error_code="day_taken",
                violation_error_message="这一天已经登记过，请直接修改那一条。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {_('上班') if self.works else _('放假')}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        if where.everywhere:
            return models.Q()
        here = models.Q(community__in=where.communities | where.estate_communities)
        # Whoever sees any calendar sees what holds everywhere.
        return here | models.Q(community__isnull=True) if where.anywhere else here

    @property
    def scope_community_id(self) -> int | None:
        return self.community_id
