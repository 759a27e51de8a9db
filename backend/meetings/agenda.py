"""议题: what a meeting talks about, in order."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.meetings import rules
from backend.meetings.choices import ItemKind, ItemStatus, OwnerMatter
from backend.meetings.states import ITEM_MACHINE

# What stands on the agenda that people were sent.
_TOLD = ("position", "title", "kind", "presenter", "owner_matter")


class AgendaItem(Record):
    """议题: one matter of one meeting; where it came from is said by a label and a code."""

    area = "meetings"
    parents = ("meeting",)
    fixed = ("meeting",)
    machine = ITEM_MACHINE

    meeting = models.ForeignKey(
        "meetings.JointMeeting", models.PROTECT, verbose_name=_("会议"), related_name="items"
    )
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("议题"), max_length=200)
    kind = models.CharField(
        _("类型"), max_length=15, choices=ItemKind.choices, default=ItemKind.DELIBERATION
    )
    presenter = models.CharField(
        _("汇报单位"), max_length=80, blank=True, help_text=_("由谁汇报，写单位即可")
    )
    owner_matter = models.CharField(
        _("业主共同决定事项"),
        max_length=15,
        choices=OwnerMatter.choices,
        blank=True,
        help_text=_("民法典第二百七十八条的事项，联席会议只能提出建议"),
    )
    # A demand, a hotline month, a patrol, a partner's issue: the register's label and the code there.
    # Where it was chosen from a register, that one's kind; empty for what somebody wrote.
    origin_kind = models.CharField(max_length=40, blank=True, editable=False)
    origin_label = models.CharField(
        _("来源"), max_length=30, blank=True, help_text=_("如 居民诉求、热线、巡查、合伙人")
    )
    origin_code = models.CharField(
        _("来源编号"), max_length=60, blank=True, help_text=_("编号，或期间，如 2026年10月")
    )
    # A figure that no register here holds yet, such as a month's hotline calls.
    origin_count = models.PositiveIntegerField(
        _("来源件数"), null=True, blank=True, help_text=_("件；如这个月的热线来电")
    )
    background = models.TextField(_("背景情况"), max_length=2000, blank=True)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("上次未议完的议题"),
        related_name="carried_to",
    )
    about_action = models.ForeignKey(
        "meetings.ActionItem",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("上次的落实事项"),
        related_name="carried_into",
    )
    note = models.TextField(_("讨论情况"), max_length=4000, blank=True)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ItemStatus.choices,
        default=ItemStatus.WAITING,
        editable=False,
    )
    started_at = models.DateTimeField(_("开始审议"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("审议结束"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("议题")
        ordering = ("meeting", "position", "pk")
        indexes = [
            models.Index(fields=["origin_kind", "origin_code"], name="meetings_item_origin"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="meetings_item_position",
                violation_error_code="position_taken",
                violation_error_message="这个序号已有议题，请换一个序号。",
            ),
            models.UniqueConstraint(
                fields=["meeting", "origin_kind", "origin_code"],
                condition=~Q(origin_kind=""),
                name="meetings_item_origin_once",
                violation_error_code="origin_on_agenda",
                violation_error_message="这件事已经列入本次会议的议题。",
            ),
            models.UniqueConstraint(
                fields=["meeting", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="meetings_item_carried_once",
                violation_error_code="item_carried",
                violation_error_message="这项议题已经转到本次会议。",
            ),
            models.UniqueConstraint(
                fields=["meeting", "about_action"],
                condition=Q(about_action__isnull=False),
                name="meetings_item_about_once",
                violation_error_code="item_carried",
                violation_error_message="这项落实事项已经列入本次会议。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def origin(self) -> str:
        """Where it came from, in words."""
        count = f"（{self.origin_count} 件）" if self.origin_count is not None else ""
        return " ".join(filter(None, (self.origin_label, self.origin_code))) + count

    @property
    def matter(self) -> tuple[Any, ...]:
        """By what the same matter is known on two agendas: its record, or the item itself."""
        if self.about_action_id is not None:
            return ("about", self.about_action_id)
        if self.origin_kind:
            return (self.origin_kind, self.origin_code)
        return ("item", self.pk)

    def derive(self, before: Any) -> None:
        # Written over by hand: from there on it is what somebody wrote, and points at no record.
        if before is not None and before.origin_kind == self.origin_kind != "":
            now = (self.origin_label, self.origin_code)
            if now != (before.origin_label, before.origin_code):
                self.origin_kind = ""

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what stood on the agenda that people were sent."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).values_list("pk", *_TOLD)
        facts.note_beside((pk, tuple(told)) for pk, *told in (rows if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        now = tuple(getattr(self, name) for name in _TOLD)
        stored = facts.beside.get(self.id, ())
        meeting = facts.parent(self, "meeting")
        if meeting is not None and now not in stored:
            rules.meeting_takes_changes(meeting.status)

    def before_delete(self, facts: Facts) -> None:
        meeting = facts.parent(self, "meeting")
        if meeting is not None:
            rules.meeting_takes_changes(meeting.status)
