"""Services in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import may_within
from backend.core.admin import RegisterAdmin, actor
from backend.imports.pages import ImportPages
from backend.services.actions import ITEM_VERBS, SLOT_VERBS, hit_by, save_slot
from backend.services.booking_admin import ServiceBookingAdmin
from backend.services.choices import ITEM_COLOURS, SLOT_COLOURS, SlotStatus
from backend.services.models import ServiceCategory, ServiceItem, Slot
from backend.services.rule_admin import ClosureAdmin, SlotRuleAdmin

__all__ = [
    "ClosureAdmin",
    "ServiceBookingAdmin",
    "ServiceCategoryAdmin",
    "ServiceItemAdmin",
    "SlotAdmin",
    "SlotRuleAdmin",
]


@admin.register(ServiceCategory)
class ServiceCategoryAdmin(ImportPages, RegisterAdmin):
    """服务类别."""

    register_name = "service_categories"


@admin.register(ServiceItem)
class ServiceItemAdmin(ImportPages, RegisterAdmin):
    """服务项目."""

    register_name = "service_items"
    verbs = ITEM_VERBS
    state_colours = ITEM_COLOURS
    bulk_moves = ("pause", "resume")
    autocomplete_fields = ("category", "provider")

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [
            {
                "label": str(_("服务时段")),
                "url": f"../../../slot/?item__id__exact={record.pk}",
                "icon": "schedule",
            }
        ]
        if may_within(actor(request), "services.edit", record.community_id):
            links.append(
                {
                    "label": str(_("按规则排时段")),
                    "url": f"../../../slotrule/add/?item={record.pk}&community={record.community_id}"
                    f"&capacity={record.capacity}",
                    "icon": "event_repeat",
                }
            )
            links.append(
                {
                    "label": str(_("新建时段")),
                    "url": f"../../../slot/add/?item={record.pk}&community={record.community_id}"
                    f"&capacity={record.capacity}",
                    "icon": "add",
                }
            )
        return links


@admin.register(Slot)
class SlotAdmin(ImportPages, RegisterAdmin):
    """服务时段."""

    register_name = "service_slots"
    verbs = SLOT_VERBS
    state_colours = SLOT_COLOURS
    bulk_moves = ("cancel", "reopen")
    autocomplete_fields = ("item",)
    date_hierarchy = "starts_at"

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "item__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "booked")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_places().select_related("item")
        return found

    @display(description=_("预约"))
    def booked(self, slot: Any) -> str:
        waiting = f" ({_('候补')} {slot.waitlist_count})" if slot.waitlist_count else ""
        return f"{slot.places_taken}/{slot.capacity}{waiting}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_slot(obj, by=actor(request))
        if change and {"starts_at", "place"} & set(form.changed_data):
            told = hit_by(obj).count()
            if told:
                messages.warning(
                    request,
                    gettext("这个时段有 %(count)s 个预约，已通知能通知到的人；其余请打电话。")
                    % {"count": told},
                )

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        by, links = actor(request), []
        if may_within(by, "bookings.see", record.community_id):
            links.append(
                {
                    "label": f"{_('预约')} {self.booked(record)}",
                    "url": f"../../../servicebooking/?slot__id__exact={record.pk}",
                    "icon": "event_available",
                }
            )
        if may_within(by, "bookings.serve", record.community_id):
            day = timezone.localtime(record.starts_at).date()
            links.append(
                {
                    "label": str(_("当天服务单")),
                    "url": f"{reverse('day_page')}?on={day:%Y-%m-%d}",
                    "icon": "checklist",
                }
            )
        if record.status == SlotStatus.OPEN and may_within(
            by, "bookings.edit", record.community_id
        ):
            links.append(
                {
                    "label": str(_("登记预约")),
                    "url": f"../../../servicebooking/add/?slot={record.pk}",
                    "icon": "person_add",
                }
            )
        return links
