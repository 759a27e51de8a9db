"""Bookings: who wants which slot, who has it, and what became of it."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, home, reaches_own, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.personal import mask
from backend.people.rules import is_alive, is_not_erased, phone_is_normal
from backend.services import helping, rules
from backend.services.choices import ACTIVE, TAKING, BookingSource, BookingStatus
from backend.services.seats import BookingFacts
from backend.services.states import BOOKING_MACHINE


def own_rows(user: Any) -> Q:
    """The bookings that are a user's own: for themselves, or made in the app."""
    if not reaches_own(user, "bookings.see"):
        return Q(pk__in=[])
    where = home(user)
    there = where.rows() | Q(community__in=where.estate_communities)
    return (Q(account=user.pk, source=BookingSource.APP) & there) | Q(resident__user=user.pk)


class BookingQuerySet(KeptQuerySet):
    """Bookings."""

    def in_line(self) -> Self:
        """Those who wait, first come first."""
        return self.filter(status=BookingStatus.WAITLISTED).order_by("queue_number")

    def with_position(self) -> Self:
        """Adds `position`, the place in line (1 is next), None for those who do not wait."""
        return self.annotate(position=position())


def position() -> Case:
    """The place in line, as an expression over bookings."""
    ahead = (
        ServiceBooking.objects.filter(
            slot=OuterRef("slot"),
            status=BookingStatus.WAITLISTED,
            queue_number__lte=OuterRef("queue_number"),
        )
        .order_by()
        .values("slot")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    return Case(
        When(
            status=BookingStatus.WAITLISTED,
            then=Coalesce(Subquery(ahead, output_field=IntegerField()), 0),
        ),
        default=Value(None),
        output_field=IntegerField(null=True),
    )


class ServiceBooking(CodedRecord):
    """服务预约: one person, one place in one slot."""

    area = "bookings"
    code_prefix = "yy"
    estate_path = "resident__building__estate"
    own_path = "slot__item__provider"
    machine = BOOKING_MACHINE
    parents = ("slot",)
    fixed = ("slot",)
    personal = {
        "name": "name",
        "phone": "phone",
        "address": "hidden",
        "note": "hidden",
        "proxy_name": "name",
        "proxy_phone": "phone",
        "comment": "hidden",
    }

    slot = models.ForeignKey(
        "services.Slot", models.PROTECT, verbose_name=_("服务时段"), related_name="bookings"
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="bookings",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("预约账号"),
        related_name="bookings",
    )
    name = models.CharField(
        _("预约人"),
        max_length=30,
        blank=True,
        help_text=_("选了居民可以不填；花名册里没有的人请填写"),
    )
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, validators=[phone_is_normal])
    address = models.CharField(_("楼栋房号"), max_length=100, blank=True, help_text=_("上门服务用"))
    proxy_name = models.CharField(
        _("代约人"), max_length=30, blank=True, help_text=_("替别人约的，写代约人")
    )
    proxy_phone = models.CharField(
        _("代约人电话"), max_length=20, blank=True, validators=[phone_is_normal]
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(
        _("预约方式"),
        max_length=10,
        choices=BookingSource.choices,
        default=BookingSource.STAFF,
    )
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=BookingStatus.choices,
        default=BookingStatus.BOOKED,
        editable=False,
    )
    # Given under the slot's lock when somebody joins the line, and never again to anybody.
    queue_number = models.PositiveIntegerField(_("候补号"), null=True, blank=True, editable=False)
    held_until = models.DateTimeField(_("保留到"), null=True, blank=True, editable=False)
    booked_at = models.DateTimeField(_("预约时间"), default=timezone.now, editable=False)
    rating = models.PositiveSmallIntegerField(
        _("评分"),
        null=True,
        blank=True,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(rules.HIGHEST_RATING)],
    )
    comment = models.CharField(_("评价"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务预约")
        ordering = ("-slot__starts_at", "pk")
        indexes = [
            models.Index(fields=["slot", "status", "queue_number"], name="services_booking_line"),
            models.Index(fields=["community", "updated_at"], name="services_booking_updated"),
            models.Index(fields=["status", "held_until"], name="services_booking_held"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "resident"],
                condition=Q(status__in=ACTIVE),
                name="services_booking_person",
                violation_error_code="booking_taken",
                violation_error_message="这位居民已经约了这个时段，不用重复预约。",
            ),
            # Else one account could take every place.
            models.UniqueConstraint(
                fields=["slot", "account"],
                condition=Q(status__in=ACTIVE, source=BookingSource.APP),
                name="services_booking_account",
                violation_error_code="booking_taken",
                violation_error_message="您已经约了这个时段，不用重复预约。",
            ),
            models.UniqueConstraint(
                fields=["slot", "name", "phone"],
                condition=Q(status__in=ACTIVE, resident__isnull=True) & ~Q(phone=""),
                name="services_booking_name",
                violation_error_code="booking_taken",
                violation_error_message="同名同电话的人已经约了这个时段，不用重复预约。",
            ),
            models.UniqueConstraint(
                fields=["slot", "queue_number"],
                name="services_booking_turn",
                violation_error_code="queue_number_taken",
                violation_error_message="候补号重复了，请再试一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {mask('name', self.name)}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        # Not those of the whole community: a steward sees the people of the own estate.
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; whoever provides a service, or helps there, those who come to
        it; everybody their own, and those they made in the app.
        """
        provided = cls.own_rows(user, "see")
        if reaches_own(user, "bookings.see"):
            provided |= helping.helped_by(user, "slot")
        provided &= Q(status__in=TAKING)
        return cls.rows_in(scope(user, "bookings.see")) | provided | own_rows(user)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return BookingFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        slot = facts.parent(self, "slot")
        rules.booker_is_named(self.name, self.source == BookingSource.APP)
        rules.proxy_is_reachable(self.proxy_name, self.proxy_phone)
        rules.rating_is_credible(self.rating, facts.own.get(self.id, self.status))
        if slot is None or self.id is not None:
            return
        # Judged as of when it was booked: a ledger tells later of what was.
        now, item = self.booked_at, facts.items[slot.item_id]
        if slot.ends_at > timezone.now():
            # That it is paused today says nothing of a service that was there.
            rules.item_takes_bookings(item.status)
        rules.slot_takes_bookings(slot.status, slot.ends_at, now)
        is_not_erased(self.resident_id in facts.erased)
        is_alive(self.resident_id in facts.dead)
        if self.source == BookingSource.APP:
            starts_on = timezone.localdate(slot.starts_at)
            rules.may_book_oneself(
                slot.starts_at, starts_on, item.days_ahead, now, timezone.localdate(now)
            )
        found = facts.seats[slot.pk]
        line = (found.free(slot.capacity), found.waiting)
        if self.queue_number is None:
            rules.there_is_room(*line)
        else:
            rules.waitlist_takes(item.waitlist_on, *line)
