"""Registrations: who wants to come. Not yet who came, and not yet who was let in."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, home, reaches_own, scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.personal import mask
from backend.education import rules
from backend.education.choices import ACTIVE, TAKING, RegistrationSource, RegistrationStatus
from backend.education.seats import SeatFacts, count_of
from backend.education.states import REGISTRATION_MACHINE
from backend.people.rules import is_alive, is_not_erased, phone_is_normal


def own_rows(user: Any, area: str, registration: str = "") -> Q:
    """The rows that are a user's own: about themselves, or of what they registered in the app.

    What they entered for others at the desk is the desk's. Who comes by an API key sees of them
    what the key names. `registration` is the prefix that leads to the row's registration.
    """
    if not reaches_own(user, f"{area}.see"):
        return Q(pk__in=[])
    by_app = {
        f"{registration}account": user.pk,
        f"{registration}source": RegistrationSource.APP,
    }
    where = home(user)
    there = where.rows() | Q(community__in=where.estate_communities)
    return (Q(**by_app) & there) | Q(resident__user=user.pk)


class RegistrationQuerySet(KeptQuerySet):
    """Registrations."""

    def in_line(self) -> Self:
        """Those who wait, first come first."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by("queue_number")

    def with_position(self) -> Self:
        """Adds `position`, the place in line (1 is next), None for those who do not wait."""
        return self.annotate(position=position())


def position() -> Case:
    """The place in line, as an expression over registrations."""
    ahead = (
        Registration.objects.filter(
            event=OuterRef("event"),
            status=RegistrationStatus.WAITLISTED,
            queue_number__lte=OuterRef("queue_number"),
        )
        .order_by()
        .values("event")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    return Case(
        When(
            status=RegistrationStatus.WAITLISTED,
            then=Coalesce(Subquery(ahead, output_field=IntegerField()), 0),
        ),
        default=Value(None),
        output_field=IntegerField(null=True),
    )


class Registration(CodedRecord):
    """活动报名: somebody wants to come to an event, alone or with others; counted in people."""

    area = "registrations"
    code_prefix = "bm"
    estate_path = "resident__building__estate"
    machine = REGISTRATION_MACHINE
    parents = ("event",)
    fixed = ("event",)
    personal = {"name": "name", "phone": "phone", "note": "hidden"}

    event = models.ForeignKey(
        "education.LegalEducationEvent",
        models.PROTECT,
        verbose_name=_("活动"),
        related_name="registrations",
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="registrations",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("报名账号"),
        related_name="registrations",
    )
    name = models.CharField(
        _("姓名"),
        max_length=30,
        blank=True,
        help_text=_("选了居民可以不填；花名册里没有的人请填写"),
    )
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, validators=[phone_is_normal])
    size = models.PositiveSmallIntegerField(
        _("人数"),
        default=1,
        help_text=_("人，连同本人；按人数占名额"),
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(
        _("报名方式"),
        max_length=10,
        choices=RegistrationSource.choices,
        default=RegistrationSource.STAFF,
    )
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.PENDING,
        editable=False,
    )
    # Given under the event's lock when somebody joins the line, and never again to anybody.
    queue_number = models.PositiveIntegerField(_("候补号"), null=True, blank=True, editable=False)
    registered_at = models.DateTimeField(_("报名时间"), default=timezone.now, editable=False)

    objects: ClassVar[Any] = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("活动报名")
        ordering = ("-event_id", "pk")
        indexes = [
            models.Index(
                fields=["event", "status", "queue_number"], name="education_registration_line"
            ),
            models.Index(fields=["community", "updated_at"], name="education_reg_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "resident"],
                condition=Q(status__in=ACTIVE),
                name="education_registration_person",
                violation_error_code="registration_taken",
                violation_error_message="这位居民已经报过这场活动，不用重复报名。",
            ),
            # Else one account could take every place.
            models.UniqueConstraint(
                fields=["event", "account"],
                condition=Q(status__in=ACTIVE, source=RegistrationSource.APP),
                name="education_registration_account",
                violation_error_code="registration_taken",
                violation_error_message="您已经报过这场活动；同去的人请写在同一份报名里。",
            ),
            models.UniqueConstraint(
                fields=["event", "name", "phone"],
                condition=Q(status__in=ACTIVE, resident__isnull=True) & ~Q(phone=""),
                name="education_registration_name",
                violation_error_code="registration_taken",
                violation_error_message="同名同电话的人已经报过这场活动，不用重复报名。",
            ),
            models.UniqueConstraint(
                fields=["event", "queue_number"],
                name="education_registration_turn",
                violation_error_code="queue_number_taken",
                violation_error_message="候补号重复了，请再试一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{mask('name', self.name)} × {self.size}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        # Not those of the whole community: a steward sees the people of the own estate.
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> Q:
        """Staff see those of others; everybody their own and those they entered in the app."""
        return cls.rows_in(scope(user, "registrations.see")) | own_rows(user, cls.area)

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return SeatFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        event = facts.parent(self, "event")
        rules.registrant_is_named(self.name, self.source == RegistrationSource.APP)
        if event is None:
            return
        seats = facts.seats[event.pk]
        if self.id is not None:
            status, size = facts.own.get(self.id, (self.status, self.size))
            if self.size != size:
                rules.group_size_fits(self.size, event.max_group_size)
            if status in TAKING:
                rules.group_grows_within(self.size - size, seats.free(event.capacity))
            return
        rules.event_takes_registrations(event.status)
        is_not_erased(self.resident_id in facts.erased)
        is_alive(self.resident_id in facts.dead)
        if self.source == RegistrationSource.APP:
            rules.registration_is_on(
                event.registration_opens_at, event.registration_closes_at, timezone.now()
            )
        rules.group_size_fits(self.size, event.max_group_size)
        line = (seats.free(event.capacity), seats.waiting, event.small_groups_pass)
        if self.queue_number is None:
            rules.there_is_room(self.size, *line)
        else:
            rules.waitlist_takes(event.waitlist_on, self.size, *line)


def places_taken() -> Coalesce:
    """People for whom places are taken: those registered, not those who wait."""
    return count_of(Registration.objects.filter(status__in=TAKING), models.Sum("size"))


def places_left() -> Case:
    """Places still free, never below 0; None where there is no limit."""
    free = Greatest(F("capacity") - places_taken(), Value(0))
    return Case(
        When(capacity__isnull=True, then=Value(None)),
        default=free,
        output_field=models.IntegerField(null=True),
    )


def waitlist_count() -> Coalesce:
    """Registrations that wait."""
    waiting = Registration.objects.filter(status=RegistrationStatus.WAITLISTED)
    return count_of(waiting, models.Count("pk"))
