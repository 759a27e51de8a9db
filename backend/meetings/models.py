"""联席会议: the meeting itself. Seats, roll, agenda, votes, outcomes and minutes have files of
their own.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord
from backend.meetings import rules
from backend.meetings.agenda import AgendaItem
from backend.meetings.choices import MeetingStatus
from backend.meetings.minutes import MinutesRevision
from backend.meetings.numbering import Numbering
from backend.meetings.outcomes import ActionItem, ActionProgress, Resolution
from backend.meetings.roll import MeetingAttendance
from backend.meetings.seats import RollSeat, Seat
from backend.meetings.states import MEETING_MACHINE
from backend.meetings.template_model import MinutesTemplate
from backend.meetings.terms import ConveningTerms, MeetingSettings
from backend.meetings.votes import Ballot, Vote

__all__ = [
    "ActionItem",
    "ActionProgress",
    "AgendaItem",
    "Ballot",
    "JointMeeting",
    "MeetingAttendance",
    "MeetingSettings",
    "MinutesRevision",
    "MinutesTemplate",
    "Numbering",
    "Resolution",
    "RollSeat",
    "Seat",
    "Vote",
]
# What people were told when they were called together.
_TOLD = ("title", "starts_at", "place")


class JointMeeting(ConveningTerms, CodedRecord):
    """联席会议: the party committee, the three bodies and others deliberate and decide together.

    The terms on which it can decide are copied from the settings when it is convened.
    """

    area = "meetings"
    code_prefix = "lx"
    machine = MEETING_MACHINE

    title = models.CharField(_("会议名称"), max_length=100)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True, editable=False)
    number = models.PositiveIntegerField(
        _("期号"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("本社区当年第几次；通知时编号"),
    )
    starts_at = models.DateTimeField(_("开会时间"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=15,
        choices=MeetingStatus.choices,
        default=MeetingStatus.DRAFT,
        editable=False,
    )
    noticed_at = models.DateTimeField(_("通知时间"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("开始时间"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("散会时间"), null=True, blank=True, editable=False)
    # What the room was like when it closed: in the words of the rule that held then.
    quorum_words = models.CharField(_("到会情况"), max_length=300, blank=True, editable=False)
    # Entered afterwards from a ledger: steps that nobody wrote down are inferred.
    from_ledger = models.BooleanField(_("补录"), default=False, editable=False)
    current_minutes = models.PositiveIntegerField(_("当前纪要稿次"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("联席会议")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=["community", "-starts_at"], name="meetings_meeting_recent"),
            models.Index(fields=["community", "updated_at"], name="meetings_meeting_updated"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "year", "number"],
                name="meetings_meeting_number",
                violation_error_code="number_taken",
                violation_error_message="期号重复了，请再试一次。",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True, number__isnull=True)
                | Q(year__isnull=False, number__isnull=False),
                name="meetings_meeting_numbered",
                violation_error_code="number_without_year",
                violation_error_message="期号和年份要一起编。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numbered} {self.title}".strip()

    @property
    def numbered(self) -> str:
        """How the meeting is numbered, in words; "" before it is convened."""
        return f"{self.year}年第{self.number}次" if self.number is not None else ""

    @property
    def held_on(self) -> Any:
        """The day on which it is held, here."""
        return timezone.localtime(self.starts_at).date()

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what people were told of each meeting."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", *_TOLD)
        facts.note_beside((pk, tuple(told)) for pk, *told in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        now = tuple(getattr(self, name) for name in _TOLD)
        if any(told != now for told in facts.beside.get(self.id, ())):
            rules.meeting_takes_changes(self.status)

    def before_delete(self, facts: Facts) -> None:
        rules.draft_may_be_deleted(self.status, self.number)
