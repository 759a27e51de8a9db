"""Legal education: what was taught where, who came, and how many watched.

Registration, check-in and attendance are three different things, each in a file of its own. An
attendance says that somebody came; it never says that they had registered.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.core.personal import mask
from backend.education import rules, sign_in_rules
from backend.education.checkins import CheckIn
from backend.education.choices import (
    HEADS,
    PUBLISHED,
    EventFormat,
    EventStatus,
    HeadcountKind,
)
from backend.education.registrations import (
    Registration,
    places_left,
    places_taken,
    waitlist_count,
)
from backend.education.seats import EventFacts, count_of
from backend.education.states import EVENT_MACHINE
from backend.education.terms import RegistrationTerms
from backend.education.venue_models import Venue
from backend.people.choices import Gender
from backend.people.queries import names_in

# Guarded before they are published; the speaker is not public.
PUBLISHED_TEXTS = ("title", "topic", "summary")

__all__ = [
    "Attendance",
    "CheckIn",
    "HeadcountEntry",
    "LegalEducationEvent",
    "Registration",
    "Venue",
]


def attendance_count() -> Coalesce:
    """People who signed in at an event, with those who came along: heads (人次)."""
    return count_of(Attendance.objects.all(), models.Sum(F("companions") + 1))


def headcount_total() -> models.expressions.CombinedExpression:
    """Heads beyond the sign-in list; views of a recording are no heads.

    A count that includes the people on the list contributes only what goes beyond the list.
    """
    entries = HeadcountEntry.objects.filter(kind__in=HEADS)
    apart = count_of(entries.filter(includes_signed_in=False), models.Sum("count"))
    including = count_of(entries.filter(includes_signed_in=True), models.Sum("count"))
    return apart + Greatest(including - attendance_count(), models.Value(0))


def heads_total() -> models.expressions.CombinedExpression:
    """Attendance rows and head-counts together: heads (人次), none counted twice."""
    return attendance_count() + headcount_total()


class EventQuerySet(KeptQuerySet):
    """Events."""

    def with_places(self) -> Self:
        """Adds `places_taken` and `places_left` (people) and `waitlist_count` (registrations)."""
        return self.annotate(
            places_taken=places_taken(),
            places_left=places_left(),
            waitlist_count=waitlist_count(),
        )

    def with_heads(self) -> Self:
        """Adds `attendance_count`, `headcount_total` and `heads_total` (人次), as expressions."""
        return self.annotate(
            attendance_count=attendance_count(),
            headcount_total=headcount_total(),
            heads_total=heads_total(),
        )

    def heads_of(self, pk: int) -> int:
        """The heads (人次) of one event, none counted twice."""
        return int(self.with_heads().values_list("heads_total", flat=True).get(pk=pk))


class LegalEducationEvent(RegistrationTerms, CodedRecord):
    """普法活动: one talk, play, class or broadcast on the law; counted in 人次 (heads)."""

    area = "education"
    code_prefix = "pf"
    machine = EVENT_MACHINE
    parents = ("venue",)

    title = models.CharField(_("活动名称"), max_length=100)
    topic = models.CharField(
        _("主题"), max_length=60, blank=True, help_text=_("如 民法典、反诈、物业纠纷")
    )
    format = models.CharField(
        _("形式"), max_length=10, choices=EventFormat.choices, default=EventFormat.ONSITE
    )
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("阵地"), related_name="events")
    organizer = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("主办单位"),
        related_name="+",
    )
    speaker = models.CharField(_("主讲人"), max_length=40, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    capacity = models.PositiveIntegerField(
        _("名额"), null=True, blank=True, help_text=_("人；只限制报名，留空为不限")
    )
    summary = models.TextField(_("活动简介"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=EventStatus.choices,
        default=EventStatus.PLANNED,
        editable=False,
    )

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("普法活动")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=["community", "-starts_at"], name="education_event_recent"),
            models.Index(fields=["community", "updated_at"], name="education_event_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="education_event_interval",
                violation_error_code="event_ends_before_start",
                violation_error_message="结束时间应晚于开始时间，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="education_event_capacity",
                violation_error_code="capacity_invalid",
                violation_error_message="名额应是 1 以上的整数；不限名额请留空。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, user: Any) -> Q:
        """The whole calendar for staff, the published one for every member of the community."""
        staff = scope(user, "education.see")
        members = scope(user, "education.see_published").beyond(staff)
        if not members.anywhere:
            return cls.rows_in(staff)
        return cls.rows_in(staff) | (cls.rows_in(members) & Q(status__in=PUBLISHED))

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also which kinds of heads have been counted at each event, how many registered, and which
        names its new texts must not tell.
        """
        facts = EventFacts.gather(cls, records)
        known = frozenset(record.id for record in records if record.id is not None)
        facts.names = cls._names_beside(records)
        facts.note_beside(
            HeadcountEntry.objects.filter(event_id__among=known).values_list("event", "kind")
        )
        return facts

    @classmethod
    def _names_beside(cls, records: list[Any]) -> dict[Any, frozenset[str]]:
        """For published events whose texts change: a query for all, and one a community."""
        public = {r.id: r for r in records if r.id is not None and r.status in PUBLISHED}
        if not public:
            return {}
        rows = cls.objects.filter(pk__among=frozenset(public)).values_list("pk", *PUBLISHED_TEXTS)
        changed = [
            public[pk] for pk, *texts in rows.order_by() if tuple(texts) != public[pk].texts()
        ]
        found: dict[Any, frozenset[str]] = {}
        for community_id in {record.community_id for record in changed}:
            own = [record for record in changed if record.community_id == community_id]
            names = names_in(community_id, [text for record in own for text in record.texts()])
            found |= {record.id: names for record in own}
        return found

    def texts(self) -> tuple[str, str, str]:
        """What everybody reads of a published event, in the order of PUBLISHED_TEXTS."""
        # Asked before the fields are checked: whatever was typed in is looked at as text.
        return str(self.title or ""), str(self.topic or ""), str(self.summary or "")

    def invariants(self, facts: Any) -> None:
        if self.id in facts.names:
            rules.event_is_publishable(*self.texts(), facts.names[self.id])
        rules.event_ends_after_it_starts(self.starts_at, self.ends_at)
        rules.capacity_is_positive(self.capacity)
        rules.held_is_past(self.status, self.starts_at, timezone.now())
        self.terms_hold()
        rules.capacity_holds_registered(self.capacity, facts.taken.get(self.id, 0))
        for kind in facts.beside.get(self.id, ()):
            rules.headcount_suits_format(kind, self.format)
        venue = facts.parent(self, "venue")
        rules.venue_suits_format(venue.kind if venue else None, self.format)


class Attendance(Record):
    """签到: somebody came to an event. One row a person and event.

    A row that names a person whom nobody could identify is tied to no resident.
    """

    area = "attendance"
    estate_path = "resident__building__estate"
    parents = ("event",)
    fixed = ("event",)
    personal = {"name": "name", "remark": "hidden"}

    event = models.ForeignKey(
        LegalEducationEvent, models.PROTECT, verbose_name=_("活动"), related_name="attendances"
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="attendances",
    )
    name = models.CharField(_("姓名"), max_length=30, help_text=_("签到表上的姓名"))
    # Of people with one name whom nobody could identify, in one event: the second is 2.
    namesake = models.PositiveSmallIntegerField(
        _("同名序号"), default=1, db_default=1, editable=False
    )
    gender = models.CharField(_("性别"), max_length=6, choices=Gender.choices, blank=True)
    age = models.PositiveSmallIntegerField(
        _("年龄"), null=True, blank=True, help_text=_("岁，活动当天")
    )
    signed_in_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    signed = models.BooleanField(_("已签名"), null=True, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    companions = models.PositiveSmallIntegerField(
        _("同来人数"),
        default=0,
        db_default=0,
        help_text=_("人，不含本人；只数自己没有另行签到的，否则会重复计算"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("签到记录")
        # By the key, not by the events' own order: that would need a join.
        ordering = ("-event_id", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="education_att_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "resident"],
                condition=Q(resident__isnull=False),
                name="education_attendance_person",
                violation_error_code="attendance_taken",
                violation_error_message="这位居民在本活动已有签到，不用重复登记。",
            ),
            models.UniqueConstraint(
                fields=["event", "name", "namesake"],
                condition=Q(resident__isnull=True),
                name="education_attendance_name",
                violation_error_code="attendance_name_taken",
                violation_error_message="本活动已有同名且未对应居民的签到；请补上电话或住址以区分。",
            ),
        ]

    def __str__(self) -> str:
        return mask("name", self.name)

    def invariants(self, facts: Facts) -> None:
        event = facts.parent(self, "event")
        rules.event_takes_attendance(event.status if event else None)
        if self.signed_in_at is not None and event is not None:
            sign_in_rules.signed_in_by_then(
                timezone.localdate(self.signed_in_at),
                timezone.localdate(event.starts_at),
                timezone.localdate(),
            )

    def before_delete(self, facts: Facts) -> None:
        event = facts.parent(self, "event")
        rules.event_takes_attendance(event.status if event else None)

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("community", cls.estate_path)


class HeadcountEntry(Record):
    """人次登记: heads that signed no list: a crowd, or viewers of a broadcast. With evidence."""

    area = "attendance"
    parents = ("event",)
    fixed = ("event",)

    event = models.ForeignKey(
        LegalEducationEvent, models.PROTECT, verbose_name=_("活动"), related_name="headcounts"
    )
    kind = models.CharField(_("类型"), max_length=20, choices=HeadcountKind.choices)
    count = models.PositiveIntegerField(_("人次"), help_text=_("人次，不是人数"))
    includes_signed_in = models.BooleanField(
        _("含已签到的人"),
        default=False,
        help_text=_("清点现场时连同签到的人一起数了：统计时自动减去签到人次，不重复计算。"),
    )
    evidence = models.CharField(
        _("依据"), max_length=200, help_text=_("照片、截图或记录存放在哪里")
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("人次登记")
        # By the key, not by the events' own order: that would need a join.
        ordering = ("-event_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(includes_signed_in=True),
                name="education_headcount_including",
                violation_error_code="headcount_included_twice",
                violation_error_message="本活动已有一条“含已签到的人”的人次，不能再加一条，否则会重复计算。",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1),
                name="education_headcount_positive",
                violation_error_code="headcount_invalid",
                violation_error_message="人次应是 1 以上的整数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.count} 人次"

    def invariants(self, facts: Facts) -> None:
        event = facts.parent(self, "event")
        rules.event_takes_attendance(event.status if event else None)
        rules.headcount_suits_format(self.kind, event.format if event else None)
        rules.headcount_is_credible(self.count)
        rules.headcount_has_evidence(self.evidence)
        rules.headcount_counts_signed_in_once(self.kind, self.includes_signed_in)

    def before_delete(self, facts: Facts) -> None:
        event = facts.parent(self, "event")
        rules.event_takes_attendance(event.status if event else None)
