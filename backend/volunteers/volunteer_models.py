"""Volunteers: who they are, in which teams, and when they are free."""

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, reaches_own, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.people.rules import is_alive, is_not_erased, phone_is_normal
from backend.services.choices import Weekday
from backend.volunteers import rules
from backend.volunteers.choices import (
    PartOfDay,
    PoliticalStatus,
    RecordStatus,
    Standing,
    VolunteerStatus,
)
from backend.volunteers.facts import MemberFacts, TeamFacts, VolunteerFacts
from backend.volunteers.states import VOLUNTEER_MACHINE

# A working lifetime of hours, in minutes: more than that is a slip of the pen.
MOST_CARRIED = 60 * 20_000


class VolunteerTeam(CodedRecord):
    """服务队: volunteers who do one kind of work together."""

    area = "volunteer_teams"
    code_prefix = "fwd"

    name = models.CharField(_("服务队"), max_length=40)
    work = models.CharField(
        _("服务领域"), max_length=100, blank=True, help_text=_("如 纠纷劝解、义诊、巡逻；公开显示")
    )
    leader = models.ForeignKey(
        "volunteers.Volunteer",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("队长"),
        related_name="leads",
    )
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务队")
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="volunteers_team_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="volunteers_team_name",
                violation_error_code="team_taken",
                violation_error_message="本社区已有同名的服务队，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what each leader is now."""
        return TeamFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        if facts.leader_changes(self):
            rules.leader_serves(facts.statuses.get(self.leader_id))


class VolunteerQuerySet(KeptQuerySet):
    """Volunteers."""

    def with_hours(self) -> Self:
        """Adds `verified_minutes` and `waiting_minutes` (of service records), as expressions."""
        return self.annotate(
            verified_minutes=verified_minutes(), waiting_minutes=_minutes(RecordStatus.SUBMITTED)
        )

    def free_on(self, weekday: int, part: str) -> Self:
        """Those who have said that they are free on that part of that day of the week."""
        return self.filter(
            pk__in=Availability.objects.filter(weekday=weekday, part=part).values("volunteer")
        )


def verified_minutes() -> Coalesce:
    """The sum of somebody's verified minutes, as an expression over volunteers: the one balance.

    Hours carried in from an old roster are no part of it.
    """
    return _minutes(RecordStatus.VERIFIED)


def members_serving() -> Coalesce:
    """How many members of a team serve now, as an expression over teams.

    A query of its own: where teams are read as those of some volunteers, a count over the members
    would count these alone.
    """
    members: Any = VolunteerTeam._meta.get_field("members").related_model
    rows: QuerySet[Any] = members._default_manager.filter(
        team=OuterRef("pk"), volunteer__status=VolunteerStatus.ACTIVE
    )
    counted = rows.order_by().values("team").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _minutes(status: str) -> Coalesce:
    records: Any = Volunteer._meta.get_field("service_records").related_model
    rows: QuerySet[Any] = records._default_manager.filter(volunteer=OuterRef("pk"), status=status)
    summed = rows.order_by().values("volunteer").annotate(n=Sum("minutes")).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


class Volunteer(CodedRecord):
    """志愿者: a resident who helps. Name, phone, age and address stand on the resident's row alone."""

    area = "volunteers"
    code_prefix = "zy"
    estate_path = "resident__building__estate"
    machine = VOLUNTEER_MACHINE
    parents = ("resident",)
    fixed = ("resident",)
    personal = {
        "political_status": "hidden",
        "guardian_name": "name",
        "guardian_phone": "phone",
        "remark": "hidden",
    }

    # Null for one who was erased: the hours stay for the counts.
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        verbose_name=_("居民"),
        related_name="volunteers",
    )
    standing = models.CharField(
        _("达人身份"),
        max_length=20,
        choices=Standing.choices,
        blank=True,
        help_text=_("没有可不选"),
    )
    political_status = models.CharField(
        _("政治面貌"),
        max_length=20,
        choices=PoliticalStatus.choices,
        blank=True,
        help_text=_("本社区启用后才能登记"),
    )
    skills = models.CharField(
        _("特长"), max_length=200, blank=True, help_text=_("如 理发、法律咨询，用顿号分开")
    )
    applied_on = models.DateField(_("申请日期"), default=timezone.localdate)
    guardian_name = models.CharField(
        _("监护人姓名"), max_length=30, blank=True, help_text=_("未满 18 周岁的必填")
    )
    guardian_phone = models.CharField(
        _("监护人电话"), max_length=20, blank=True, validators=[phone_is_normal]
    )
    # Hours told by an old roster: no records behind them, so apart from what is verified.
    carried_minutes = models.PositiveIntegerField(
        _("结转时长"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_CARRIED)],
        help_text=_("分钟；旧花名册上的累计时长，不计入已核实时长，不上证书"),
    )
    carried_as_of = models.DateField(_("结转截至"), null=True, blank=True)
    carried_source = models.CharField(
        _("结转出处"), max_length=100, blank=True, help_text=_("如 2024 年底志愿者花名册")
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=VolunteerStatus.choices,
        default=VolunteerStatus.APPLIED,
        editable=False,
    )
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True, editable=False)
    teams: Any = models.ManyToManyField(
        VolunteerTeam,
        through="volunteers.TeamMember",
        verbose_name=_("服务队"),
        related_name="volunteers",
    )

    objects: ClassVar[Any] = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿者")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["community", "status"], name="volunteers_vol_status"),
            models.Index(fields=["community", "updated_at"], name="volunteers_vol_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=~Q(status=VolunteerStatus.LEFT) & Q(resident__isnull=False),
                name="volunteers_vol_person",
                violation_error_code="volunteer_taken",
                violation_error_message="这位居民已是志愿者或已申请，不用重复登记。",
            )
        ]

    def __str__(self) -> str:
        # Who it is, where that has been read: a name is not worth a query.
        resident: Any = self._state.fields_cache.get("resident")
        return f"{self.code} {resident}" if resident is not None else self.code

    @property
    def emptied(self) -> bool:
        return self.resident_id is None

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        # Not those of the whole community: a steward sees the people of the own estate.
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody sees what they are themselves."""
        return cls.rows_in(scope(user, "volunteers.see")) | cls.own(user)

    @classmethod
    def own(cls, user: Any, path: str = "") -> Q:
        """The rows that are a user's own; `path` leads from another table to the volunteer."""
        if not reaches_own(user, "volunteers.see"):
            return Q(pk__in=[])
        return Q(**{f"{path}resident__user": user.pk})

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also who of the people is under age, or gone, and what the community has turned on."""
        return VolunteerFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        person = facts.parent(self, "resident")
        if self.id is None:
            rules.volunteer_is_somebody(self.resident_id)
            is_not_erased(self.resident_id in facts.erased)
            is_alive(self.resident_id in facts.dead)
        if facts.political_status_changes(self):
            rules.political_status_is_on(self.community_id in facts.party_on, self.political_status)
        if person is not None:
            rules.minor_has_guardian(
                person.birth_month, self.applied_on, self.guardian_name, self.guardian_phone
            )
        today = timezone.localdate()
        rules.day_is_not_to_come(self.applied_on, today, "applied_on")
        rules.carried_hours_are_told(self.carried_minutes, self.carried_as_of, self.carried_source)
        rules.day_is_not_to_come(self.carried_as_of, today, "carried_as_of")


class TeamMember(Record):
    """服务队成员: that a volunteer belongs to a team."""

    area = "volunteers"
    estate_path = "volunteer__resident__building__estate"
    parents = ("team", "volunteer")
    fixed = ("volunteer",)

    team = models.ForeignKey(
        VolunteerTeam, models.PROTECT, verbose_name=_("服务队"), related_name="members"
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="memberships"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("服务队成员")
        ordering = ("team", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "team"],
                name="volunteers_member_once",
                violation_error_code="member_taken",
                violation_error_message="这位志愿者已在这支服务队，不用重复登记。",
            )
        ]

    def __str__(self) -> str:
        # On the team's page who it is, on the volunteer's own which team: what has been read.
        read = self._state.fields_cache
        found: Any = read.get("volunteer") or read.get("team")
        return str(found) if found is not None else f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        return cls.rows_in(scope(user, "volunteers.see")) | Volunteer.own(user, "volunteer__")

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return MemberFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        team, volunteer = facts.parent(self, "team"), facts.parent(self, "volunteer")
        if team is not None and volunteer is not None and facts.is_new(self):
            rules.team_takes_members(team.active, volunteer.status)


class Availability(Record):
    """空闲时间: a part of a day of the week on which a volunteer is usually free."""

    area = "volunteers"
    estate_path = "volunteer__resident__building__estate"
    parents = ("volunteer",)
    fixed = ("volunteer",)

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="availabilities"
    )
    weekday = models.SmallIntegerField(_("星期几"), choices=Weekday.choices)
    part = models.CharField(_("时段"), max_length=10, choices=PartOfDay.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("空闲时间")
        ordering = ("weekday", "pk")
        indexes = [
            models.Index(fields=["weekday", "part"], name="volunteers_free_when"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "weekday", "part"],
                name="volunteers_free_once",
                violation_error_code="availability_taken",
                violation_error_message="这个空闲时间已经登记过，不用重复填写。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}{self.get_part_display()}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        return cls.rows_in(scope(user, "volunteers.see")) | Volunteer.own(user, "volunteer__")


__all__ = [
    "Availability",
    "TeamMember",
    "Volunteer",
    "VolunteerTeam",
    "verified_minutes",
]
