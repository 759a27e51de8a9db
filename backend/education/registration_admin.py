"""Registrations and the ledger of the door in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import F, Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.admin import RegisterAdmin, actor
from backend.core.boards import Board
from backend.core.desk.together import local_day
from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.core.personal import mask, masked
from backend.education import rules
from backend.education.choices import (
    REGISTRATION_COLOURS,
    TAKING,
    RegistrationSource,
    RegistrationStatus,
)
from backend.education.models import CheckIn, Registration
from backend.education.queries import device_in_words, refusal_in_words
from backend.education.registering import (
    REGISTRATION_VERBS,
    change_registration,
    join_waitlist,
    next_number,
    register,
)
from backend.education.seats import seats_of
from backend.education.telling import is_told_by_the_system

_WHO = ("resident", "name", "phone", "size", "note", "source")


class RegistrationForm(RegisterForm):
    """Staff enter somebody: a resident of the roster, or a name and a phone."""

    to_waitlist = forms.BooleanField(
        label=_("名额满时排入候补"),
        required=False,
        help_text=_("有空位时按先后顺序递补；系统通知不到的，请打电话告诉本人"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            # Nobody at the desk registers by the app.
            field: Any = self.fields["source"]
            field.choices = [c for c in field.choices if c[0] != RegistrationSource.APP]

    def _post_clean(self) -> None:
        event, resident = self.cleaned_data.get("event"), self.cleaned_data.get("resident")
        if self.instance.pk is None and event is not None:
            self.instance.community_id = event.community_id
            if resident is not None and not self.cleaned_data.get("name"):
                self.cleaned_data["name"] = resident.name
            if self.cleaned_data.get("to_waitlist") and self._is_full(event):
                self.instance.queue_number = next_number(event.pk)
        super()._post_clean()

    def _is_full(self, event: Any) -> bool:
        seats = seats_of(Registration.objects, [event.pk])[event.pk]
        try:
            rules.there_is_room(
                self.cleaned_data.get("size") or 1,
                seats.free(event.capacity),
                seats.waiting,
                event.small_groups_pass,
            )
        except RuleViolation:
            return True
        return False


@admin.register(Registration)
class RegistrationAdmin(RegisterAdmin):
    """活动报名."""

    form = RegistrationForm
    verbs = REGISTRATION_VERBS
    state_colours = REGISTRATION_COLOURS
    bulk_moves = ("confirm", "reject")
    board = Board(
        title=masked("name", "name"),
        about=F("event__title"),
        due=local_day("event__starts_at"),
        due_in=(RegistrationStatus.PENDING, RegistrationStatus.WAITLISTED),
        quiet=(RegistrationStatus.CONFIRMED,),
    )
    autocomplete_fields = ("event", "resident")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [n for n in super().get_fields(request, obj) if n != "to_waitlist"]
        return names if obj is not None else [*names, "to_waitlist"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return [*names, "resident", "source"] if obj is not None else names

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            change_registration(obj, by=actor(request))
            return
        verb = join_waitlist if obj.queue_number is not None else register
        who = {name: getattr(obj, name) for name in _WHO}
        made = verb(obj.event, by=actor(request), **who)
        obj.__dict__.update(made.__dict__)
        if made.status == RegistrationStatus.WAITLISTED:
            rows: Any = Registration.objects
            place = rows.with_position().get(pk=made.pk).position
            messages.success(request, gettext("已排入候补，第 %(place)s 位。") % {"place": place})

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """The move, and who got a place by it."""
        record: Any = self.get_object(request, object_id)
        waiting: list[int] = []
        if record is not None and request.method == "POST":
            line = Registration.objects.filter(event=record.event_id).in_line()
            waiting = list(line.exclude(pk=record.pk).values_list("pk", flat=True))
        response = super().move_view(request, object_id, verb)
        moved = Registration.objects.filter(pk__in=waiting, status__in=TAKING)
        for row in moved.visible_to(request.user).order_by("queue_number", "pk"):
            messages.success(request, _moved_up(row))
        return response


def _moved_up(row: Registration) -> str:
    """Who got a free place, and whether somebody must ring them."""
    values = {"name": mask("name", row.name), "count": row.size}
    if row.status == RegistrationStatus.PENDING:
        return gettext("候补 %(name)s（%(count)s 人）已轮到，请审核。") % values
    if is_told_by_the_system(row):
        return gettext("候补 %(name)s（%(count)s 人）已递补，系统会通知本人。") % values
    return gettext("候补 %(name)s（%(count)s 人）已递补，请打电话告诉本人。") % values


@admin.register(CheckIn)
class CheckInAdmin(RegisterAdmin):
    """签到台账: read only; it grows at the door."""

    # Codes of the ledger, told in words.
    told: ClassVar = {"refusal": "why_not", "device": "by_what"}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("event")

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self.told.get(name, name) for name in super().get_list_display(request)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [self.told.get(name, name) for name in super().get_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self.told.values()]

    @display(description=_("未成功的原因"))
    def why_not(self, line: CheckIn) -> str:
        return refusal_in_words(line)

    @display(description=_("设备"))
    def by_what(self, line: CheckIn) -> str:
        return device_in_words(line)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "event__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
