"""The verbs that people do by the dozen, for many items at once."""

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from strawberry.types import Info

from backend.core.access import Actor
from backend.education.models import CheckIn as CheckInRow
from backend.education.models import LegalEducationEvent
from backend.education.models import Registration as RegistrationRow
from backend.education.registering import REGISTRATION_VERBS
from backend.meetings import actions as meetings
from backend.meetings.models import ActionItem as ActionItemRow
from backend.services.booking import BOOKING_VERBS
from backend.services.models import ServiceBooking as BookingRow
from backend.volunteers import actions as volunteers
from backend.volunteers import models as volunteer_models
from backend.volunteers.recording import verify_all
from schema.main.action_items import ActionItem
from schema.main.base import chosen
from schema.main.idempotency import once
from schema.main.many import Many
from schema.main.meeting_inputs import MoveActionItemInput
from schema.main.registration_inputs import CheckInInput, RegistrationInput
from schema.main.registration_types import CheckIn, Registration
from schema.main.registrations import one_scan
from schema.main.service_inputs import ServiceBookingInput
from schema.main.service_types import ServiceBooking
from schema.main.volunteer_inputs import AssignmentInput, AssignVolunteerInput, ServiceRecordInput
from schema.main.volunteer_types import Assignment, ServiceRecord
from schema.main.volunteer_verbs import assigned

Do = Callable[[Info, Any, Actor], Any]


def _moves(model: Any, key: str, verb: Callable[..., Any]) -> Do:
    """Moves the record that the item names, by a verb of its machine."""

    def do(info: Info, item: Any, by: Actor) -> Any:
        return verb(chosen(model, getattr(item, key), info), by=by, reason=item.reason)

    return do


def _check_in(info: Info, item: CheckInInput, by: Actor) -> CheckInRow:
    event = chosen(LegalEducationEvent, item.event_id, info)
    return one_scan(info, event, item, by)


def _assign(info: Info, item: AssignVolunteerInput, by: Actor) -> Any:
    key = item.idempotency_key
    made = volunteer_models.Assignment
    return once("assignVolunteer", key, by, made, lambda: assigned(info, item, by))


def _verify(info: Info, items: Sequence[ServiceRecordInput], by: Actor) -> Sequence[Any]:
    rows = [chosen(volunteer_models.ServiceRecord, item.record_id, info) for item in items]
    return verify_all(rows, by=by)


def _bookings(name: str, verb: str, description: str) -> Many:
    return Many(
        name,
        ServiceBookingInput,
        "service_booking",
        ServiceBooking,
        BookingRow,
        _moves(BookingRow, "booking_id", BOOKING_VERBS[verb]),
        description,
        rows=BookingRow.objects.all,
    )


def _registrations(name: str, verb: str, description: str) -> Many:
    return Many(
        name,
        RegistrationInput,
        "registration",
        Registration,
        RegistrationRow,
        _moves(RegistrationRow, "registration_id", REGISTRATION_VERBS[verb]),
        description,
        rows=RegistrationRow.objects.all,
    )


def _records(
    name: str, verb: str, description: str, together: Callable[..., Any] | None = None
) -> Many:
    return Many(
        name,
        ServiceRecordInput,
        "service_record",
        ServiceRecord,
        volunteer_models.ServiceRecord,
        _moves(volunteer_models.ServiceRecord, "record_id", volunteers.RECORD_VERBS[verb]),
        description,
        together,
    )


def _assignments(name: str, verb: str, description: str) -> Many:
    return Many(
        name,
        AssignmentInput,
        "assignment",
        Assignment,
        volunteer_models.Assignment,
        _moves(volunteer_models.Assignment, "assignment_id", volunteers.ASSIGNMENT_VERBS[verb]),
        description,
    )


def _action_items(name: str, verb: str, description: str) -> Many:
    return Many(
        name,
        MoveActionItemInput,
        "action_item",
        ActionItem,
        ActionItemRow,
        _moves(ActionItemRow, "action_item_id", meetings.ACTION_VERBS[verb]),
        description,
    )


MANY = (
    Many(
        "check_in_many",
        CheckInInput,
        "check_in",
        CheckIn,
        CheckInRow,
        _check_in,
        "As checkIn, one `entry` an item.",
        rows=CheckInRow.objects.all,
    ),
    _registrations("confirm_registration_many", "confirm", "As confirmRegistration."),
    _registrations("reject_registration_many", "reject", "As rejectRegistration."),
    _bookings("confirm_booking_many", "confirm", "As confirmBooking."),
    _bookings("cancel_booking_many", "cancel", "As cancelBooking: those of a slot, say."),
    _bookings("mark_booking_served_many", "serve", "As markBookingServed."),
    _bookings("mark_booking_no_show_many", "miss", "As markBookingNoShow."),
    Many(
        "assign_volunteer_many",
        AssignVolunteerInput,
        "assignment",
        Assignment,
        volunteer_models.Assignment,
        _assign,
        "As assignVolunteer; each item has a key of its own, too.",
    ),
    _assignments("complete_assignment_many", "complete", "As completeAssignment."),
    _records("verify_service_record_many", "verify", "As verifyServiceRecord.", _verify),
    _records("reject_service_record_many", "reject", "As rejectServiceRecord."),
    _action_items("finish_action_item_many", "finish", "As finishActionItem."),
    _action_items("verify_action_item_many", "verify", "As verifyActionItem."),
)
ManyMutation: Any = strawberry.type(
    type("ManyMutation", (), {one.name: one.mutation() for one in MANY})
)
