"""Bookings in the admin: the desk enters who calls, or comes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board
from backend.core.desk.together import local_day
from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.core.personal import mask, masked
from backend.imports.pages import ImportPages
from backend.services import rules
from backend.services.booking import (
    BOOKING_VERBS,
    change_booking,
    join_line,
    next_number,
    place_booking,
)
from backend.services.choices import BOOKING_COLOURS, BookingSource, BookingStatus
from backend.services.models import ServiceBooking
from backend.services.seats import seats_of

_WHO = (
    "resident",
    "name",
    "phone",
    "address",
    "proxy_name",
    "proxy_phone",
    "note",
    "source",
)
_CAME_UP = (BookingStatus.OFFERED, BookingStatus.CONFIRMED)


class BookingForm(RegisterForm):
    """Staff enter somebody: a resident of the roster, or a name and a phone."""

    to_line = forms.BooleanField(
        label=_("约满时排入候补"),
        required=False,
        help_text=_("有空位时按先后顺序通知；系统通知不到的，请打电话告诉本人"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            # Nobody at the desk books by the app.
            field: Any = self.fields["source"]
            field.choices = [c for c in field.choices if c[0] != BookingSource.APP]

    def _post_clean(self) -> None:
        slot, resident = self.cleaned_data.get("slot"), self.cleaned_data.get("resident")
        if self.instance.pk is None and slot is not None:
            self.instance.community_id = slot.community_id
            if resident is not None and not self.cleaned_data.get("name"):
                self.cleaned_data["name"] = resident.name
            if self.cleaned_data.get("to_line") and self._is_full(slot):
                self.instance.queue_number = next_number(slot.pk)
        super()._post_clean()

    def _is_full(self, slot: Any) -> bool:
        found = seats_of(ServiceBooking.objects, [slot.pk])[slot.pk]
        try:
            rules.there_is_room(found.free(slot.capacity), found.waiting)
        except RuleViolation:
            return True
        return False


@admin.register(ServiceBooking)
class ServiceBookingAdmin(ImportPages, RegisterAdmin):
    """服务预约."""

    register_name = "bookings"

    form = BookingForm
    verbs = BOOKING_VERBS
    state_colours = BOOKING_COLOURS
    bulk_moves = ("confirm", "serve", "miss", "decline")
    board = Board(
        title=masked("name", "name"),
        about=F("slot__item__title"),
        due=local_day("slot__starts_at"),
        due_in=(BookingStatus.BOOKED, BookingStatus.CONFIRMED),
        quiet=(BookingStatus.SERVED, BookingStatus.NO_SHOW),
    )
    autocomplete_fields = ("slot", "resident")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("slot__item")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "slot__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [n for n in super().get_fields(request, obj) if n != "to_line"]
        return names if obj is not None else [*names, "to_line"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, "resident", "source"] if obj is not None else names

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            change_booking(obj, by=actor(request))
            return
        verb = join_line if obj.queue_number is not None else place_booking
        made = verb(obj.slot, by=actor(request), **{name: getattr(obj, name) for name in _WHO})
        obj.__dict__.update(made.__dict__)
        if made.status == BookingStatus.WAITLISTED:
            rows: Any = ServiceBooking.objects
            place = rows.with_position().get(pk=made.pk).position
            messages.success(request, gettext("已排入候补，第 %(place)s 位。") % {"place": place})

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """The move, and whose turn it is by it."""
        record: Any = self.get_object(request, object_id)
        waiting: list[int] = []
        if record is not None and request.method == "POST":
            line = ServiceBooking.objects.filter(slot=record.slot_id).in_line()
            waiting = list(line.exclude(pk=record.pk).values_list("pk", flat=True))
        response = super().move_view(request, object_id, verb)
        moved = ServiceBooking.objects.filter(pk__in=waiting, status__in=_CAME_UP)
        for row in moved.visible_to(request.user).order_by("queue_number", "pk"):
            messages.success(
                request,
                gettext("轮到候补的 %(name)s，请打电话告诉本人。")
                % {"name": mask("name", row.name)},
            )
        return response
