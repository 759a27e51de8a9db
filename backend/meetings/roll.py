"""点名: who was there, line by line. The log only grows; what holds at a moment is derived."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.core.personal import mask
from backend.meetings import rules
from backend.meetings.choices import Capacity, PresenceKind
from backend.meetings.quorum import Entry

# What becomes anonymous when its time is over; everything else stays as it was written.
_PERSONAL = {"attendee", "representative_id"}


class MeetingAttendance(Record):
    """点名记录: from a moment on, a seat (or a body that sits in) is there, away, or represented."""

    area = "roll"
    parents = ("meeting",)
    fixed = ("meeting",)
    personal = {"attendee": "name"}

    meeting = models.ForeignKey(
        "meetings.JointMeeting", models.PROTECT, verbose_name=_("会议"), related_name="attendances"
    )
    seat = models.ForeignKey(
        "meetings.Seat",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("席位"),
        related_name="attendances",
    )
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("列席单位"),
        related_name="+",
    )
    representative = models.ForeignKey(
        "people.Representative",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("单位代表"),
        related_name="+",
    )
    attendee = models.CharField(
        _("到会人"), max_length=80, blank=True, help_text=_("不是平时的代表，或没有席位的人")
    )
    kind = models.CharField(_("情况"), max_length=10, choices=PresenceKind.choices)
    capacity = models.CharField(
        _("身份"), max_length=10, choices=Capacity.choices, default=Capacity.VOTING
    )
    proxy = models.ForeignKey(
        "meetings.Seat",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("受托席位"),
        related_name="+",
    )
    online = models.BooleanField(_("线上参会"), default=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("点名记录")
        ordering = ("-meeting", "occurred_at", "pk")
        indexes = [
            models.Index(fields=["meeting", "occurred_at"], name="meetings_roll_moment"),
        ]

    def __str__(self) -> str:
        who = self.seat or self.organization or mask("name", self.attendee)
        return f"{who} {self.get_kind_display()}"

    def derive(self, before: Any) -> None:
        if not self.attendee and self.representative is not None:
            self.attendee = self.representative.name

    def entry(self) -> Entry:
        """For the rules of presence."""
        return Entry(
            seat=self.seat_id or 0,
            kind=self.kind,
            at=self.occurred_at,
            order=self.pk or 0,
            proxy=self.proxy_id,
            votes=self.capacity == Capacity.VOTING,
        )

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what is written already: it stays."""
        facts = super().gather(records)
        names = _written_once()
        known = frozenset(record.id for record in records if record.id is not None)
        stored = cls._default_manager.filter(pk__among=known).values_list("pk", *names)
        facts.note_beside((pk, tuple(values)) for pk, *values in (stored if known else ()))
        return facts

    def invariants(self, facts: Facts) -> None:
        now = tuple(getattr(self, name) for name in _written_once())
        rules.written_once(any(was != now for was in facts.beside.get(self.id, ())))
        if self.id is None or self.attendee:
            # Of whose name the time is over, the line alone is kept.
            rules.roll_names_somebody(
                self.seat_id, self.organization_id, self.attendee, self.capacity
            )
        if self.id is None:
            if self.representative is not None:
                body = self.seat.organization_id if self.seat else self.organization_id
                rules.representative_is_theirs(body, self.representative.organization_id)
            meeting = facts.parent(self, "meeting")
            rules.roll_is_called(meeting.status if meeting else None, self.kind)

    def before_delete(self, facts: Facts) -> None:
        rules.written_once(True)


def _written_once() -> list[str]:
    kept = _PERSONAL | {"id", "revision", "created_at", "updated_at"}
    return [f.attname for f in MeetingAttendance._meta.concrete_fields if f.attname not in kept]
