"""Seats: who sits in the joint meeting, from when until when; and the roll of one meeting."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Kept, KeptQuerySet
from backend.core.personal import mask
from backend.meetings import rules
from backend.meetings.choices import SeatHolder, SeatTier
from backend.meetings.quorum import RolledSeat
from backend.people.models import Organization
from backend.places.rules import term_runs_forward

FOREVER = date.max


class SeatQuerySet(KeptQuerySet):
    """Seats."""

    def held_on(self, day: date) -> Self:
        """Those whose mandate holds on `day`; both ends belong to it."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Seat(CodedRecord):
    """席位: a dated mandate in the joint meeting, of a body or of a person; one vote each."""

    area = "seats"
    code_prefix = "xw"
    parents = ("organization",)
    personal = {"person_name": "name"}

    tier = models.CharField(_("席位类别"), max_length=12, choices=SeatTier.choices)
    holder = models.CharField(
        _("由谁担任"),
        max_length=15,
        choices=SeatHolder.choices,
        default=SeatHolder.ORGANIZATION,
    )
    organization = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("单位"),
        related_name="seats",
    )
    representative = models.ForeignKey(
        "people.Representative",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("单位代表"),
        related_name="seats",
        help_text=_("平时由谁出席；谁到会以点名为准"),
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="seats",
        help_text=_("个人席位：花名册里有的人请选择"),
    )
    person_name = models.CharField(
        _("个人姓名"), max_length=30, blank=True, help_text=_("选了居民的可不填，自动带出")
    )
    valid_from = models.DateField(_("任期开始"))
    valid_to = models.DateField(_("任期结束"), null=True, blank=True)

    objects: ClassVar[Any] = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("席位")
        ordering = ("tier", "pk")
        indexes = [
            models.Index(fields=["community", "valid_from"], name="meetings_seat_term"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the seat is called; a person by the mask."""
        if self.organization is not None:
            return str(self.organization)
        # As the form may still be empty: whatever was chosen.
        holder = SeatHolder(self.holder).label if self.holder in SeatHolder.values else ""
        return f"{holder} {mask('name', self.person_name)}".strip()

    def derive(self, before: Any) -> None:
        if self.person_name == "" and self.resident is not None:
            self.person_name = self.resident.name

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also who sat at the same time: the same body, or in the one core seat."""
        facts = super().gather(records)
        rows = cls.objects.filter(community__in={r.community_id for r in records})
        wanted = Q(tier=SeatTier.CORE) | Q(
            organization__in={r.organization_id for r in records} - {None}
        )
        known = list(rows.filter(wanted)) if records else []
        facts.beside = {"seats": set(known)}
        return facts

    def invariants(self, facts: Facts) -> None:
        body: Organization | None = facts.parent(self, "organization")
        rules.seat_has_one_holder(self.holder, body is not None, self.person_name)
        rules.seat_suits_holder(self.tier, self.holder, body.kind if body else None)
        rules.representative_is_theirs(
            self.organization_id,
            self.representative.organization_id if self.representative is not None else None,
        )
        term_runs_forward(self.valid_from, self.valid_to)
        others = [seat for seat in facts.beside.get("seats", ()) if self._clashes(seat)]
        rules.mandates_do_not_overlap(len(others))

    def _clashes(self, other: "Seat") -> bool:
        """Whether another mandate is of the same chair and of the same time."""
        if other.pk == self.pk or other.community_id != self.community_id:
            return False
        same_body = self.organization_id is not None and (
            self.organization_id == other.organization_id
        )
        both_core = self.tier == other.tier == SeatTier.CORE
        if not (same_body or both_core):
            return False
        return self.valid_from <= (other.valid_to or FOREVER) and other.valid_from <= (
            self.valid_to or FOREVER
        )

    def rolled(self) -> RolledSeat:
        """The seat as a meeting's roll knows it."""
        body = str(self.organization.kind) if self.organization is not None else ""
        return RolledSeat(self.pk, self.tier, body, self.label)


class RollSeat(Kept):
    """会议席位名册: a seat that belongs to one meeting, as it was when people were called together.

    A mandate that is changed later changes no quorum of the past. A person stands here masked.
    """

    area = "meetings"
    parents = ("meeting",)
    fixed = ("meeting",)

    meeting = models.ForeignKey(
        "meetings.JointMeeting",
        models.PROTECT,
        verbose_name=_("会议"),
        related_name="roll",
    )
    seat = models.ForeignKey(Seat, models.PROTECT, verbose_name=_("席位"), related_name="rolls")
    tier = models.CharField(_("席位类别"), max_length=12, choices=SeatTier.choices)
    body = models.CharField(_("单位类型"), max_length=30, blank=True)
    name = models.CharField(_("名称"), max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = _("会议席位名册")
        ordering = ("tier", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                name="meetings_roll_once",
                violation_error_code="seat_on_roll",
                violation_error_message="这个席位已在名册上。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("meeting__community")

    @property
    def scope_community_id(self) -> int | None:
        return self.meeting.community_id

    def rolled(self) -> RolledSeat:
        """For the quorum."""
        return RolledSeat(self.seat_id, self.tier, self.body, self.name)
