"""Verbs of legal education in the main API."""

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.education import actions, models, queries
from backend.education.terms import TERMS
from backend.education.tickets import poster_token
from backend.people.models import Resident as ResidentRecord
from schema.main.base import (
    InputError,
    actor,
    answer,
    chosen,
    reread,
)
from schema.main.changes import put
from schema.main.education import Attendance, LegalEducationEvent
from schema.main.education_inputs import (
    CreateLegalEducationEventInput,
    MoveLegalEducationEventInput,
    RecordAttendanceInput,
    RenewEventPosterInput,
    UpdateLegalEducationEventInput,
)
from schema.main.idempotency import once
from schema.main.verbs import Verbs


@strawberry.type
class EventAnswer:
    """The event as it now stands, or what was wrong."""

    errors: list[InputError]
    event: LegalEducationEvent | None = None


@strawberry.type
class EventPosterAnswer:
    """The event and what its poster bears now, or what was wrong."""

    errors: list[InputError]
    event: LegalEducationEvent | None = None
    token: str | None = strawberry.field(
        default=None, description="For the code on the poster: it leads to `/e/<token>/`."
    )


@strawberry.type
class AttendanceAnswer:
    """The sign-in row, or what was wrong."""

    errors: list[InputError]
    attendance: Attendance | None = None


EVENTS = Verbs(models.LegalEducationEvent, EventAnswer, "event")
_PLAIN = (
    *("title", "topic", "format", "speaker", "starts_at", "ends_at", "capacity", "summary"),
    *TERMS,
)


@strawberry.type
class EducationMutation:
    @strawberry.mutation(description="Plans an event.")
    def create_legal_education_event(
        self, info: Info, input: CreateLegalEducationEventInput
    ) -> EventAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            community = queries.community_by_code(input.community, info.context.request.user)
            event = once(
                "createLegalEducationEvent",
                input.idempotency_key,
                by,
                models.LegalEducationEvent,
                lambda: gate.save(
                    models.LegalEducationEvent(
                        community=community,
                        venue=chosen(models.Venue, input.venue_id, info),
                        **{name: getattr(input, name) for name in _PLAIN},
                    ),
                    by=by,
                ),
            )
            return {"event": reread(event, info, "event")}

        return answer(EventAnswer, do)

    @strawberry.mutation(description="Changes an event's details, never its state.")
    def update_legal_education_event(
        self, info: Info, input: UpdateLegalEducationEventInput
    ) -> EventAnswer:
        def change(event: models.LegalEducationEvent, by: Actor) -> None:
            put(event, input, _PLAIN, {"venue_id": models.Venue}, info)
            actions.save_event(event, by=by)

        return EVENTS.on(info, input.event_id, change)

    @strawberry.mutation(
        description="Another code for an event's poster: posters that hang outside are void."
    )
    def renew_event_poster(self, info: Info, input: RenewEventPosterInput) -> EventPosterAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            event = once(
                "renewEventPoster",
                input.idempotency_key,
                by,
                models.LegalEducationEvent,
                lambda: actions.renew_poster(
                    chosen(models.LegalEducationEvent, input.event_id, info), by=by
                ),
            )
            return {"event": reread(event, info, "event"), "token": poster_token(event)}

        return answer(EventPosterAnswer, do)

    @strawberry.mutation(description="Opens a planned event for registration.")
    def open_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "open")

    @strawberry.mutation(description="Marks an event as held.")
    def hold_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "hold")

    @strawberry.mutation(description="Archives a held event.")
    def archive_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "archive")

    @strawberry.mutation(description="Takes an event back out of the archive; needs a reason.")
    def reopen_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "reopen")

    @strawberry.mutation(description="Cancels an event; needs a reason.")
    def cancel_legal_education_event(
        self, info: Info, input: MoveLegalEducationEventInput
    ) -> EventAnswer:
        return _move(info, input, "cancel")

    @strawberry.mutation(description="Records that one person came.")
    def record_attendance(self, info: Info, input: RecordAttendanceInput) -> AttendanceAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            event = chosen(models.LegalEducationEvent, input.event_id, info)
            resident = (
                chosen(ResidentRecord, input.resident_id, info) if input.resident_id else None
            )
            record = once(
                "recordAttendance",
                input.idempotency_key,
                by,
                models.Attendance,
                lambda: gate.save(
                    models.Attendance(
                        community_id=event.community_id,
                        event=event,
                        resident=resident,
                        name=input.name or (resident.name if resident else ""),
                        signed_in_at=input.signed_in_at,
                        remark=input.remark,
                    ),
                    by=by,
                ),
            )
            return {"attendance": reread(record, info, "attendance")}

        return answer(AttendanceAnswer, do)


def _move(info: Info, given: MoveLegalEducationEventInput, verb: str) -> EventAnswer:
    def do() -> dict[str, object]:
        event = chosen(models.LegalEducationEvent, given.event_id, info)
        moved = actions.EVENT_VERBS[verb](event, by=actor(info), reason=given.reason)
        return {"event": reread(moved, info, "event")}

    return answer(EventAnswer, do)
