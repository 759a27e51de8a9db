"""Services: what is offered to neighbours, under which help, and when.

Who has booked a slot stands in `bookings`.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.publication import require_publishable
from backend.people.queries import names_in
from backend.services import rules, seats
from backend.services.bookings import ServiceBooking
from backend.services.choices import ItemStatus, SlotStatus
from backend.services.rule_models import Closure, SlotException, SlotRule
from backend.services.states import ITEM_MACHINE, SLOT_MACHINE

__all__ = [
    "Closure",
    "ServiceBooking",
    "ServiceCategory",
    "ServiceItem",
    "Slot",
    "SlotException",
    "SlotRule",
]


class ServiceCategory(CodedRecord):
    """九助: a kind of help (助医, 助修, 助餐 …). The kinds are data: a community names its own."""

    area = "services"
    code_prefix = "fl"

    name = models.CharField(_("名称"), max_length=20, help_text=_("如 助医、助修、助餐"))
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    summary = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务类别")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="services_category_name",
                violation_error_code="category_taken",
                violation_error_message="本社区已有同名的服务类别，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServiceItem(CodedRecord):
    """服务项目: one thing that neighbours can book, and on what terms."""

    area = "services"
    code_prefix = "fw"
    machine = ITEM_MACHINE

    category = models.ForeignKey(
        ServiceCategory, models.PROTECT, verbose_name=_("服务类别"), related_name="items"
    )
    title = models.CharField(_("服务名称"), max_length=60)
    summary = models.TextField(_("服务内容"), max_length=1000, blank=True)
    prerequisites = models.CharField(
        _("预约条件"),
        max_length=200,
        blank=True,
        help_text=_("如 70 周岁以上、自带理发围布；公开显示"),
    )
    place = models.CharField(_("地点"), max_length=100, blank=True)
    provider = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("服务单位"),
        related_name="+",
    )
    capacity = models.PositiveSmallIntegerField(
        _("每时段名额"), default=10, help_text=_("人；新建时段时用它")
    )
    days_ahead = models.PositiveSmallIntegerField(
        _("可提前几天预约"), default=14, help_text=_("天；工作人员不受限")
    )
    cancel_hours = models.PositiveSmallIntegerField(
        _("自助取消提前"), default=2, help_text=_("小时；过了只有工作人员能取消")
    )
    quota = models.PositiveSmallIntegerField(
        _("每人每月次数"), null=True, blank=True, default=2, help_text=_("次；留空为不限")
    )
    needs_approval = models.BooleanField(
        _("预约需要确认"), default=False, help_text=_("待确认的也占名额")
    )
    waitlist_on = models.BooleanField(_("约满后可候补"), default=True)
    hold_hours = models.PositiveSmallIntegerField(
        _("候补保留"),
        default=12,
        help_text=_("小时；有空位时为候补的人留这么久，等本人确认；0 为直接递补"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ItemStatus.choices,
        default=ItemStatus.OPEN,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("服务项目")
        ordering = ("category__position", "title", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="services_item_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "title"],
                name="services_item_title",
                violation_error_code="service_taken",
                violation_error_message="本社区已有同名的服务项目，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def gather(cls, records: list[Any]) -> Any:
        """Also the names of the roster that occur in the texts: all of them are public."""
        facts = super().gather(records)
        for community in {record.community_id for record in records}:
            texts = [
                text
                for r in records
                if r.community_id == community
                for _, text in r.texts().values()
            ]
            facts.names[community] = names_in(community, texts)
        return facts

    def texts(self) -> dict[str, tuple[str, str]]:
        """What everybody reads of it: field -> its name, its text."""
        return {
            "title": ("服务名称", str(self.title or "")),
            "summary": ("服务内容", str(self.summary or "")),
            "prerequisites": ("预约条件", str(self.prerequisites or "")),
            "place": ("地点", str(self.place or "")),
        }

    def invariants(self, facts: Any) -> None:
        rules.item_terms_hold(
            self.capacity, self.days_ahead, self.cancel_hours, self.hold_hours, self.quota
        )
        require_publishable(self.texts(), facts.names.get(self.community_id, ()))


class SlotQuerySet(KeptQuerySet):
    """Slots."""

    def with_places(self) -> Self:
        """Adds `places_taken`, `places_left` and `waitlist_count` (bookings), as expressions."""
        bookings = ServiceBooking.objects
        return self.annotate(
            places_taken=seats.places_taken(bookings),
            places_left=seats.places_left(bookings),
            waitlist_count=seats.waitlist_count(bookings),
        )


class Slot(CodedRecord):
    """时段: when an item is offered, [starts_at, ends_at), to how many."""

    area = "services"
    code_prefix = "sd"
    machine = SLOT_MACHINE
    parents = ("item",)
    personal = {"helper": "name"}
    # Set by the verb that tells whom a move hits; a sheet has no such word.
    moves_with_word = False

    item = models.ForeignKey(
        ServiceItem, models.PROTECT, verbose_name=_("服务项目"), related_name="slots"
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    capacity = models.PositiveSmallIntegerField(_("名额"), help_text=_("人"))
    place = models.CharField(
        _("地点"), max_length=100, blank=True, help_text=_("留空：用服务项目的地点")
    )
    helper = models.CharField(
        _("服务人员"), max_length=60, blank=True, help_text=_("不公开；印在当天的服务单上")
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=SlotStatus.choices,
        default=SlotStatus.OPEN,
        editable=False,
    )
    rule = models.ForeignKey(
        SlotRule,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("排班规则"),
        related_name="slots",
    )
    # The day that the rule gives it; a holiday may have put it off.
    rule_day = models.DateField(_("规则日期"), null=True, editable=False)

    objects: ClassVar[Any] = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务时段")
        ordering = ("starts_at", "pk")
        indexes = [
            models.Index(fields=["community", "starts_at"], name="services_slot_calendar"),
            models.Index(fields=["item", "starts_at"], name="services_slot_item"),
            models.Index(fields=["community", "updated_at"], name="services_slot_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="services_slot_interval",
                violation_error_code="slot_ends_before_start",
                violation_error_message="结束时间应晚于开始时间，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="services_slot_capacity",
                violation_error_code="capacity_invalid",
                violation_error_message="名额应是 1 以上的整数。",
            ),
            models.UniqueConstraint(
                fields=["rule", "rule_day"],
                name="services_slot_occurrence",
                violation_error_code="occurrence_taken",
                violation_error_message="这一次的时段已经有了，请刷新后再看。",
            ),
        ]

    def __str__(self) -> str:
        # What it is of, where that has been read: a name is not worth a query.
        item: Any = self._state.fields_cache.get("item")
        name = item.title if item is not None else self.code
        return f"{name} {timezone.localtime(self.starts_at):%m-%d %H:%M}"

    def with_room(self) -> int:
        """How many places are free now."""
        return seats.seats_of(ServiceBooking.objects, [self.pk])[self.pk].free(self.capacity)

    @classmethod
    def gather(cls, records: list[Any]) -> Any:
        """Also how many places are taken in each."""
        return seats.SlotFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.slot_ends_after_it_starts(self.starts_at, self.ends_at)
        rules.capacity_is_credible(self.capacity)
        found = facts.seats.get(self.id)
        if found is not None:
            rules.capacity_holds_booked(self.capacity, found.taken)
            changed = facts.items.get(self.id) != self.item_id
            rules.slot_keeps_item(changed, found.taken + found.waiting)
            starts, ends, place = facts.stored.get(self.id, (None, None, ""))
            moved = ends is not None and ends > timezone.now()
            moved = moved and (starts, place) != (self.starts_at, self.place)
            rules.slot_moves_with_word(moved, self.moves_with_word, found.taken + found.waiting)
