"""派工: which volunteer is asked to help where, and when."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord
from backend.education.choices import EventStatus
from backend.festivals.choices import FestivalStatus
from backend.people.rules import is_alive
from backend.services.choices import ItemStatus, SlotStatus
from backend.volunteers import rules
from backend.volunteers.choices import BUSY, AssignmentStatus
from backend.volunteers.facts import AssignmentFacts
from backend.volunteers.states import ASSIGNMENT_MACHINE
from backend.volunteers.volunteer_models import Volunteer

# To which one of these an assignment is. What comes later (a case) is a line here.
TARGETS = ("event", "item", "slot", "stall")
# Those of them that have a time.
TIMED = ("event", "slot", "stall")
# In which states each still takes place.
_ON = {
    "event": (EventStatus.PLANNED, EventStatus.OPEN, EventStatus.HELD),
    "item": (ItemStatus.OPEN,),
    "slot": (SlotStatus.OPEN,),
    "stall": (FestivalStatus.PLANNED, FestivalStatus.ANNOUNCED, FestivalStatus.HELD),
}


def occasion(name: str, target: Any) -> Any:
    """What has a time and a state: the target itself, or the festival of a stall."""
    return target.festival if name == "stall" else target


def _exactly_one(names: tuple[str, ...]) -> Q:
    """One of these foreign keys is set, and no other."""
    return reduce(
        or_, (Q(**{f"{name}__isnull": name != chosen for name in names}) for chosen in names)
    )


class Assignment(CodedRecord):
    """派工: one volunteer, one thing to help with, [starts_at, ends_at)."""

    area = "assignments"
    code_prefix = "pg"
    estate_path = "volunteer__resident__building__estate"
    machine = ASSIGNMENT_MACHINE
    # What is moved or called off is locked first, the volunteer last: the order of all locks.
    parents = (*TARGETS, "volunteer")
    fixed = ("volunteer",)

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, verbose_name=_("志愿者"), related_name="assignments"
    )
    event = models.ForeignKey(
        "education.LegalEducationEvent",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("普法活动"),
        related_name="assignments",
    )
    item = models.ForeignKey(
        "services.ServiceItem",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务项目"),
        related_name="assignments",
    )
    slot = models.ForeignKey(
        "services.Slot",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务时段"),
        related_name="assignments",
    )
    stall = models.ForeignKey(
        "festivals.Stall",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("邻里节摊位"),
        related_name="assignments",
    )
    task = models.CharField(_("岗位或任务"), max_length=60, help_text=_("如 签到引导、理发"))
    starts_at = models.DateTimeField(
        _("开始时间"), blank=True, help_text=_("留空：用活动、时段或邻里节的时间")
    )
    ends_at = models.DateTimeField(_("结束时间"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("派工人"),
        related_name="+",
    )
    checked_in_at = models.DateTimeField(_("到岗时间"), null=True, blank=True, editable=False)
    checked_out_at = models.DateTimeField(_("离岗时间"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=AssignmentStatus.choices,
        default=AssignmentStatus.PLANNED,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("志愿者派工")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=["volunteer", "starts_at"], name="volunteers_asg_person"),
            models.Index(fields=["community", "starts_at"], name="volunteers_asg_calendar"),
            models.Index(fields=["community", "updated_at"], name="volunteers_asg_updated"),
            models.Index(fields=["status", "starts_at"], name="volunteers_asg_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="volunteers_asg_interval",
                violation_error_code="ends_before_start",
                violation_error_message="结束时间应晚于开始时间，请核对。",
            ),
            models.CheckConstraint(
                condition=_exactly_one(TARGETS),
                name="volunteers_asg_target",
                violation_error_code="target_twice",
                violation_error_message="一次派工只能派到一处。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.task}"

    @property
    def target_name(self) -> str:
        """Which of TARGETS it is to; "" for one that is not whole yet."""
        return next((n for n in TARGETS if getattr(self, f"{n}_id") is not None), "")

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody sees what they are asked for."""
        return cls.rows_in(scope(user, "assignments.see")) | Volunteer.own(user, "volunteer__")

    def derive(self, before: Any) -> None:
        if self.starts_at is not None and self.ends_at is not None:
            return
        name = self.target_name
        if name in TIMED:
            target = occasion(name, getattr(self, name))
            self.starts_at = self.starts_at or target.starts_at
            self.ends_at = self.ends_at or target.ends_at

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return AssignmentFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.target_is_one(getattr(self, f"{name}_id") for name in TARGETS)
        rules.interval_runs_forward(self.starts_at, self.ends_at)
        if self.id is None:
            volunteer = facts.parent(self, "volunteer")
            if volunteer is not None:
                rules.volunteer_is_active(volunteer.status)
                is_alive(volunteer.resident_id in facts.dead)
            status = facts.status_of_target(self)
            if status is not None:
                rules.target_is_on(status in _ON[self.target_name])
        if self.status in BUSY:
            rules.assignment_is_free((self.starts_at, self.ends_at), facts.others(self))


def is_to_come(now: Any = None) -> Q:
    """A filter: what has not ended yet."""
    return Q(ends_at__gt=now or timezone.now())
