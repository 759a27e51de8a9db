"""What comes of a meeting: resolutions, who is to do what by when, and how far it is."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.meetings import rules
from backend.meetings.choices import (
    UNFINISHED,
    ActionStatus,
    MeetingStatus,
    OwnerMatter,
    ResolutionKind,
)
from backend.meetings.states import ACTION_MACHINE
from backend.meetings.votes import TallySnapshot


class Resolution(TallySnapshot, CodedRecord):
    """决议: what a meeting decided, or recommended; numbered without a gap by community and year."""

    area = "meetings"
    code_prefix = "jy"
    parents = ("meeting",)
    fixed = ("meeting",)

    meeting = models.ForeignKey(
        "meetings.JointMeeting", models.PROTECT, verbose_name=_("会议"), related_name="resolutions"
    )
    item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("议题"),
        related_name="resolutions",
    )
    vote = models.OneToOneField(
        "meetings.Vote",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("表决"),
        related_name="resolution",
    )
    year = models.PositiveSmallIntegerField(_("年份"), editable=False)
    number = models.PositiveIntegerField(_("决议号"), editable=False)
    kind = models.CharField(
        _("类型"),
        max_length=15,
        choices=ResolutionKind.choices,
        default=ResolutionKind.DECISION,
    )
    owner_matter = models.CharField(
        _("业主共同决定事项"),
        max_length=15,
        choices=OwnerMatter.choices,
        blank=True,
        editable=False,
    )
    text = models.TextField(_("决议内容"), max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = _("决议")
        ordering = ("-year", "-number", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="meetings_res_updated"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "year", "number"],
                name="meetings_resolution_number",
                violation_error_code="number_taken",
                violation_error_message="决议号重复了，请再试一次。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.numbered} {self.text[:30]}"

    @property
    def numbered(self) -> str:
        """How the resolution is numbered, in words."""
        return f"{self.year}年第{self.number}号"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the text as it is stored: minutes that are confirmed name it."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", "text", "kind")
        facts.note_beside((pk, tuple(values)) for pk, *values in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.joint_meeting_only_recommends(self.owner_matter, self.kind)
        meeting = facts.parent(self, "meeting")
        if meeting is not None and (self.text, self.kind) not in facts.beside.get(self.id, ()):
            rules.outcome_takes_changes(meeting.status)

    def before_delete(self, facts: Facts) -> None:
        rules.number_stays()


def late(prefix: str = "") -> Q:
    """The action items that should have been done by now."""
    unfinished = {f"{prefix}status__in": UNFINISHED, f"{prefix}due_on__lt": timezone.localdate()}
    return Q(**unfinished) & ~Q(**{f"{prefix}meeting__status": MeetingStatus.VOID})


def action_is_overdue() -> Case:
    """Whether an action item should have been done by now, as an expression."""
    return Case(
        When(late(), then=Value(True)), default=Value(False), output_field=models.BooleanField()
    )


class ActionQuerySet(KeptQuerySet):
    """Action items."""

    def overdue(self) -> "ActionQuerySet":
        """Those that should have been done by now."""
        return self.filter(late())

    def with_overdue(self) -> "ActionQuerySet":
        """Adds `overdue_now`."""
        return self.annotate(overdue_now=action_is_overdue())


class ActionItem(CodedRecord):
    """落实事项: what one body answers for, by a day. Overdue is derived, never stored."""

    area = "action_items"
    own_path = "organization"
    code_prefix = "ls"
    parents = ("meeting",)
    fixed = ("meeting",)
    machine = ACTION_MACHINE

    meeting = models.ForeignKey(
        "meetings.JointMeeting",
        models.PROTECT,
        verbose_name=_("会议"),
        related_name="action_items",
    )
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("决议"),
        related_name="action_items",
    )
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        verbose_name=_("责任单位"),
        related_name="action_items",
    )
    title = models.CharField(_("落实事项"), max_length=200)
    details = models.TextField(_("具体要求"), max_length=2000, blank=True)
    due_on = models.DateField(_("完成时限"))
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=ActionStatus.choices,
        default=ActionStatus.OPEN,
        editable=False,
    )
    # Who said that it is done: somebody else verifies it.
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("报告办结的账号"),
        related_name="+",
    )
    done_at = models.DateTimeField(_("办结时间"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("落实事项")
        ordering = ("due_on", "pk")
        indexes = [
            models.Index(fields=["community", "status", "due_on"], name="meetings_action_due"),
            models.Index(fields=["community", "updated_at"], name="meetings_action_updated"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        # Of a meeting that is void nobody has anything to do.
        return super().rows_in(where) & ~Q(meeting__status=MeetingStatus.VOID)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what was agreed as it is stored: confirmed minutes name it."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", *_AGREED)
        facts.note_beside((pk, tuple(values)) for pk, *values in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        meeting = facts.parent(self, "meeting")
        if meeting is None:
            return
        rules.due_after_meeting(self.due_on, meeting.held_on)
        if tuple(getattr(self, name) for name in _AGREED) not in facts.beside.get(self.id, ()):
            rules.outcome_takes_changes(meeting.status)

    def before_delete(self, facts: Facts) -> None:
        meeting = facts.parent(self, "meeting")
        if meeting is not None:
            rules.outcome_takes_changes(meeting.status)


# What the meeting agreed on.
_AGREED = ("resolution_id", "organization_id", "title", "due_on")


class ActionProgress(Record):
    """落实进展: what was done about an action item, with evidence attached. The log only grows."""

    area = "action_progress"
    own_path = "action_item__organization"
    parents = ("action_item",)
    fixed = ("action_item",)

    action_item = models.ForeignKey(
        ActionItem, models.PROTECT, verbose_name=_("落实事项"), related_name="progress"
    )
    text = models.TextField(_("进展"), max_length=2000)
    occurred_on = models.DateField(_("日期"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("报告的账号"),
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("落实进展")
        ordering = ("-occurred_on", "-pk")

    def __str__(self) -> str:
        return self.text[:30]

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also which of them are written already: they stay."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", "text", "occurred_on")
        facts.note_beside((pk, tuple(values)) for pk, *values in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.report_says_something(self.text)
        now = (self.text, self.occurred_on)
        rules.written_once(any(was != now for was in facts.beside.get(self.id, ())))

    def before_delete(self, facts: Facts) -> None:
        rules.written_once(True)


# Resolutions that everybody may read: of meetings whose minutes are published.
PUBLISHED = Q(meeting__status=MeetingStatus.PUBLISHED)
