"""Hours of volunteers in the main API: told by one, verified by another."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.volunteers import actions, models
from backend.volunteers.choices import RecordSource
from schema.main import volunteer_inputs as inputs
from schema.main.base import InputError, actor, answer, chosen, input_error, reread_all
from schema.main.verbs import Verbs
from schema.main.volunteer_types import ServiceRecord
from schema.main.volunteer_verbs import community_of

MOST_VERIFIED = 100


@strawberry.type
class ServiceRecordAnswer:
    """The hours as they now stand, or what was wrong."""

    errors: list[InputError]
    service_record: ServiceRecord | None = None


@strawberry.type
class ServiceRecordsAnswer:
    """The hours that were verified; `errors` say why others were not."""

    errors: list[InputError]
    service_records: list[ServiceRecord] = strawberry.field(default_factory=list)


RECORDS = Verbs(models.ServiceRecord, ServiceRecordAnswer, "service_record")


@strawberry.type
class ServiceHoursMutation:
    @strawberry.mutation(description="The caller's own hours; somebody else verifies them.")
    def submit_service_hours(
        self, info: Info, input: inputs.SubmitServiceHoursInput
    ) -> ServiceRecordAnswer:
        def make(by: Actor) -> Any:
            community = community_of(input.community, info)
            return actions.submit_hours(community.pk, by=by, **_hours(input, info))

        return RECORDS.made(info, input, "submitServiceHours", make)

    @strawberry.mutation(description="Staff enter hours of a volunteer; they wait for a verdict.")
    def record_service_hours(
        self, info: Info, input: inputs.RecordServiceHoursInput
    ) -> ServiceRecordAnswer:
        def make(by: Actor) -> Any:
            volunteer = chosen(models.Volunteer, input.volunteer_id, info)
            paper = input.source == RecordSource.ROSTER_SHEET
            row = models.ServiceRecord(
                community_id=volunteer.community_id,
                volunteer=volunteer,
                source=RecordSource.ROSTER_SHEET if paper else RecordSource.STAFF,
                **_hours(input, info),
            )
            return actions.save_record(row, by=by)

        return RECORDS.made(info, input, "recordServiceHours", make)

    @strawberry.mutation(
        description="Verifies hours. Refuses with own_hours: nobody verifies the own."
    )
    def verify_service_record(
        self, info: Info, input: inputs.ServiceRecordInput
    ) -> ServiceRecordAnswer:
        return _move_record(info, input, "verify")

    @strawberry.mutation(description="Hours do not count; needs a reason, and tells it.")
    def reject_service_record(
        self, info: Info, input: inputs.ServiceRecordInput
    ) -> ServiceRecordAnswer:
        return _move_record(info, input, "reject")

    @strawberry.mutation(description="Withdraws hours that nobody has judged yet.")
    def withdraw_service_record(
        self, info: Info, input: inputs.ServiceRecordInput
    ) -> ServiceRecordAnswer:
        return _move_record(info, input, "withdraw")

    @strawberry.mutation(description="Verified hours count no longer; needs a reason.")
    def take_back_service_record(
        self, info: Info, input: inputs.ServiceRecordInput
    ) -> ServiceRecordAnswer:
        return _move_record(info, input, "take_back")

    @strawberry.mutation(
        description="Verifies what may be verified of several; each of the others is an error."
    )
    def verify_service_records(
        self, info: Info, input: inputs.VerifyServiceRecordsInput
    ) -> ServiceRecordsAnswer:
        def do() -> dict[str, Any]:
            if len(input.record_ids) > MOST_VERIFIED:
                raise RuleViolation(
                    "too_many", f"一次最多核实 {MOST_VERIFIED} 条，请分几次。", field="record_ids"
                )
            rows = [chosen(models.ServiceRecord, key, info) for key in input.record_ids]
            judged = actions.verify_many(rows, by=actor(info))
            keys = [row.pk for row in judged.verified]
            return {
                "service_records": reread_all(keys, models.ServiceRecord, info, "serviceRecords"),
                "errors": [input_error(violation) for violation in judged.refused],
            }

        return answer(ServiceRecordsAnswer, do)


def _hours(given: inputs.ServiceHours, info: Info) -> dict[str, Any]:
    assignment = (
        chosen(models.Assignment, given.assignment_id, info) if given.assignment_id else None
    )
    return {
        "content": given.content,
        "starts_at": given.starts_at,
        "ends_at": given.ends_at,
        "excluded_minutes": given.excluded_minutes,
        "assignment": assignment,
        "event_id": assignment.event_id if assignment is not None else None,
        "item_id": assignment.item_id if assignment is not None else None,
    }


def _move_record(info: Info, given: inputs.ServiceRecordInput, verb: str) -> ServiceRecordAnswer:
    return RECORDS.move(info, given.record_id, actions.RECORD_VERBS[verb], given.reason)
