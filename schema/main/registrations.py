"""Registration, waitlist and check-in in the main API."""

from collections.abc import Callable, Iterable
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry.types import Info

from backend.core.access import Actor, may_within
from backend.core.errors import RuleViolation
from backend.education import models, queries
from backend.education.arriving import Scan, check_in
from backend.education.registering import (
    REGISTRATION_VERBS,
    change_registration,
    join_waitlist,
    register,
)
from backend.education.tickets import event_of_poster
from backend.people.models import Resident
from schema.main.base import (
    Connection,
    InputError,
    actor,
    answer,
    chosen,
    input_error,
    one_row,
    reread,
    reread_all,
    viewer,
    visible,
)
from schema.main.education import LegalEducationEvent
from schema.main.idempotency import once
from schema.main.registration_inputs import (
    CheckInEntryInput,
    CheckInInput,
    RegisterForEventInput,
    RegistrationInput,
    UpdateRegistrationInput,
)
from schema.main.registration_types import CheckIn, Registration
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs

MOST_AT_ONCE = 200


@strawberry.type
class RegistrationsQuery:
    registrations: Connection[Registration] = strawberry_django.connection(
        description="Registrations that the caller may see: staff those of others, everybody the own."
    )
    check_ins: Connection[CheckIn] = strawberry_django.connection(
        description="The ledger of the door, newest first unless ordered."
    )

    @strawberry_django.connection(
        Connection[Registration], description="The caller's own registrations, newest event first."
    )
    def my_registrations(self, info: Info) -> Iterable[Registration]:
        mine: Any = models.Registration.objects.filter(queries.is_ones_own(viewer(info)))
        return mine  # type: ignore[no-any-return]

    @strawberry_django.field(
        description="One registration by its code; null if it is not the caller's."
    )
    @one_row(is_single=True)
    def registration(self, info: Info, code: str) -> Registration | None:
        rows = visible(models.Registration, info).filter(code=code)
        return rows  # type: ignore[return-value]

    @strawberry_django.field(
        description="The event whose poster bears this token; null for a token that is void, and "
        "for an event that is not the caller's."
    )
    @one_row()
    def event_of_poster(self, info: Info, token: str) -> LegalEducationEvent | None:
        event = event_of_poster(token)
        rows = visible(models.LegalEducationEvent, info).filter(pk=event.pk if event else None)
        return rows  # type: ignore[return-value]


@strawberry.type
class RegistrationAnswer:
    """The registration as it now stands, or what was wrong."""

    errors: list[InputError]
    registration: Registration | None = None


@strawberry.type
class CheckInAnswer:
    """The lines in the ledger, one a scan that could be judged; the others stand in `errors`."""

    errors: list[InputError]
    check_in: CheckIn | None = strawberry.field(default=None, description="The first of them.")
    check_ins: list[CheckIn] = strawberry.field(default_factory=list)


REGISTRATIONS = Verbs(models.Registration, RegistrationAnswer, "registration")
_DETAILS = ("name", "phone", "size", "note")


@strawberry.type
class RegistrationsMutation:
    @strawberry.mutation(
        description="Registers for an event. Refuses with event_full where there is no place: "
        "joining the line is joinEventWaitlist."
    )
    def register_for_event(self, info: Info, input: RegisterForEventInput) -> RegistrationAnswer:
        return _enter(info, input, "registerForEvent", register)

    @strawberry.mutation(description="Joins the end of the line of a full event.")
    def join_event_waitlist(self, info: Info, input: RegisterForEventInput) -> RegistrationAnswer:
        return _enter(info, input, "joinEventWaitlist", join_waitlist)

    @strawberry.mutation(
        description="Withdraws a registration, one's own or (with a reason) another's; its places "
        "go to those who wait."
    )
    def withdraw_registration(self, info: Info, input: RegistrationInput) -> RegistrationAnswer:
        return _move(info, input, "withdraw")

    @strawberry.mutation(description="Confirms a pending registration.")
    def confirm_registration(self, info: Info, input: RegistrationInput) -> RegistrationAnswer:
        return _move(info, input, "confirm")

    @strawberry.mutation(description="Rejects a registration; needs a reason.")
    def reject_registration(self, info: Info, input: RegistrationInput) -> RegistrationAnswer:
        return _move(info, input, "reject")

    @strawberry.mutation(description="Promotes out of turn; needs a reason and a free place.")
    def promote_registration(self, info: Info, input: RegistrationInput) -> RegistrationAnswer:
        return _move(info, input, "promote")

    @strawberry.mutation(
        description="Changes the details of a registration: staff, for others and for those who "
        "ring. Places that a smaller group gives up go to those who wait."
    )
    def update_registration(self, info: Info, input: UpdateRegistrationInput) -> RegistrationAnswer:
        return changed(
            REGISTRATIONS, info, input.registration_id, input, _DETAILS, save=change_registration
        )

    @strawberry.mutation(
        description="Writes down who came to the door, now or hours ago: one scan, or many that a "
        "phone kept while offline. A scan that is not let in is data (success, refusal), too."
    )
    def check_in(self, info: Info, input: CheckInInput) -> CheckInAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            event = chosen(models.LegalEducationEvent, input.event_id, info)
            if input.entry is not None or not input.entries:
                return _lines(info, [one_scan(info, event, input, by).pk])
            if len(input.entries) > MOST_AT_ONCE:
                raise RuleViolation(
                    "too_many_entries",
                    f"一次最多 {MOST_AT_ONCE} 笔，请分几次上传。",
                    field="entries",
                )
            return _check_in_many(info, event, input, by)

        return _with_errors(do)


def _enter(
    info: Info, given: RegisterForEventInput, verb: str, do_it: Callable[..., Any]
) -> RegistrationAnswer:
    def do() -> dict[str, object]:
        by = actor(info)
        event = chosen(models.LegalEducationEvent, given.event_id, info)
        who = {
            "size": given.size,
            "note": given.note,
            "phone": given.phone,
            "name": given.name,
            "source": given.source,
            "resident": chosen(Resident, given.resident_id, info) if given.resident_id else None,
        }
        allowed = may_within(by, "registrations.register", event.community_id)
        made = once(
            verb,
            given.idempotency_key,
            by,
            models.Registration,
            lambda: do_it(event, by=by, **who),
            # By a key that may not look, or at the desk for no estate of one's own.
            also=Q(event=event, account=by.user.pk) if allowed else Q(pk__in=[]),
        )
        return _reread(made, info)

    return answer(RegistrationAnswer, do)


def _move(info: Info, given: RegistrationInput, verb: str) -> RegistrationAnswer:
    def do() -> dict[str, object]:
        row = chosen(models.Registration, given.registration_id, info)
        moved = REGISTRATION_VERBS[verb](row, by=actor(info), reason=given.reason)
        return _reread(moved, info)

    return answer(RegistrationAnswer, do)


def _reread(row: models.Registration, info: Info) -> dict[str, object]:
    # Not by what may be seen: whoever may register by a key may not always look.
    rows = models.Registration.objects.all()
    return {"registration": reread(row, info, "registration", rows=rows)}


def one_scan(info: Info, event: Any, given: CheckInInput, by: Actor) -> models.CheckIn:
    """The line of the one scan that an input holds. Raises: invalid_value where it holds several."""
    if given.entry is None and given.entries:
        raise RuleViolation("invalid_value", "这里一项只写一笔（entry）。", field="entries")
    nobody = CheckInEntryInput(idempotency_key=given.idempotency_key or "")
    return _check_in(info, event, given, given.entry or nobody, by)


def _check_in(
    info: Info, event: Any, given: CheckInInput, entry: CheckInEntryInput, by: Actor
) -> models.CheckIn:
    scan = Scan(
        key=entry.idempotency_key,
        ticket=entry.ticket,
        registration=chosen(models.Registration, entry.registration_id, info)
        if entry.registration_id
        else None,
        resident=chosen(Resident, entry.resident_id, info) if entry.resident_id else None,
        name=entry.name,
        companions=entry.companions,
        kind=entry.kind,
        source=entry.source,
        device=given.device,
        occurred_at=entry.occurred_at,
        forced=entry.forced,
        reason=entry.reason,
    )
    return check_in(event, scan, by=by)


def _check_in_many(info: Info, event: Any, given: CheckInInput, by: Actor) -> dict[str, object]:
    """Each scan for itself: one that cannot be judged does not hold up the others."""
    made, errors = [], []
    for number, entry in enumerate(given.entries):
        try:
            made.append(_check_in(info, event, given, entry, by).pk)
        except RuleViolation as violation:
            error = input_error(violation)
            error.field = f"entries.{number}" + (f".{error.field}" if error.field else "")
            errors.append(error)
    return _lines(info, made) | {"errors": errors}


def _lines(info: Info, made: list[int]) -> dict[str, object]:
    # Of a scan one hears even if its person is not of one's estate; what hangs on it is not shown.
    rows = models.CheckIn.objects.all()
    lines = reread_all(made, models.CheckIn, info, "checkIns", rows=rows)
    first = reread_all(made[:1], models.CheckIn, info, "checkIn", rows=rows)
    return {"check_ins": lines, "check_in": first[0] if first else None, "errors": []}


def _with_errors(do: Callable[[], dict[str, Any]]) -> CheckInAnswer:
    try:
        return CheckInAnswer(**do())
    except RuleViolation as violation:
        return CheckInAnswer(errors=[input_error(violation)])
