"""What the mutations of volunteers, assignments and hours take."""

from datetime import date, datetime

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.volunteer_enums import FreeTimeInput, PoliticalStatus, RecordSource, Standing

_KEY = "The same key twice: the first result."


@strawberry.input
class ApplyAsVolunteerInput:
    """The caller's own application; name and phone are those of the roster."""

    community: str = strawberry.field(description="The code of the community.")
    idempotency_key: str = strawberry.field(description=_KEY)
    standing: Standing | None = None
    skills: str = ""
    free_times: list[FreeTimeInput] = strawberry.field(default_factory=list)
    political_status: PoliticalStatus | None = strawberry.field(
        default=None, description="Only where the community has turned it on."
    )
    guardian_name: str = strawberry.field(default="", description="Needed for those under 18.")
    guardian_phone: str = ""
    remark: str = ""


@strawberry.input
class RegisterVolunteerInput:
    """Staff enter an application for a resident of the roster."""

    resident_id: relay.GlobalID
    idempotency_key: str = strawberry.field(description=_KEY)
    applied_on: date | None = strawberry.field(default=None, description="Today if left out.")
    standing: Standing | None = None
    skills: str = ""
    free_times: list[FreeTimeInput] = strawberry.field(default_factory=list)
    political_status: PoliticalStatus | None = None
    guardian_name: str = ""
    guardian_phone: str = ""
    remark: str = ""


@strawberry.input
class UpdateVolunteerInput:
    """What changes; a field left out stays, null clears it."""

    volunteer_id: relay.GlobalID
    standing: Standing | None = strawberry.UNSET
    skills: str | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    carried_minutes: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="Hours from before this register, in minutes; with their day and source.",
    )
    carried_as_of: date | None = strawberry.UNSET
    carried_source: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class FreeTimesInput:
    """When a volunteer is usually free: these, and no others."""

    volunteer_id: relay.GlobalID
    free_times: list[FreeTimeInput]


@strawberry.input
class VolunteerInput:
    """A volunteer, and why; those who leave by themselves need no reason."""

    volunteer_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class CreateVolunteerTeamInput:
    """A new team."""

    community: str = strawberry.field(description="The code of the community.")
    name: str
    idempotency_key: str = strawberry.field(description=_KEY)
    work: str = ""


@strawberry.input
class UpdateVolunteerTeamInput:
    """What changes; a field left out stays."""

    team_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    work: str | None = strawberry.UNSET
    active: bool | None = strawberry.UNSET
    leader_id: relay.GlobalID | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class TeamMemberInput:
    """A volunteer, and a team."""

    team_id: relay.GlobalID
    volunteer_id: relay.GlobalID


@strawberry.input
class AssignVolunteerInput:
    """Who is asked to help where: exactly one of eventId, itemId, slotId and stallId."""

    volunteer_id: relay.GlobalID
    task: str
    idempotency_key: str = strawberry.field(description=_KEY)
    event_id: relay.GlobalID | None = None
    item_id: relay.GlobalID | None = None
    slot_id: relay.GlobalID | None = None
    stall_id: relay.GlobalID | None = None
    starts_at: datetime | None = strawberry.field(
        default=None, description="That of the event or slot if left out."
    )
    ends_at: datetime | None = None


@strawberry.input
class UpdateAssignmentInput:
    """What changes; a field left out stays. The volunteer is told of another time."""

    assignment_id: relay.GlobalID
    task: str | None = strawberry.UNSET
    starts_at: datetime | None = strawberry.UNSET
    ends_at: datetime | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class AssignmentInput:
    """An assignment, and why; volunteers who decline need no reason."""

    assignment_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class DoorInput:
    """An assignment whose volunteer comes, or goes."""

    assignment_id: relay.GlobalID
    at: datetime | None = strawberry.field(default=None, description="For staff: when it was.")


@strawberry.input
class ServiceHours:
    """Hours served, [startsAt, endsAt)."""

    starts_at: datetime
    ends_at: datetime
    idempotency_key: str = strawberry.field(description=_KEY)
    content: str = strawberry.field(
        default="", description="What was done; no names of those who were helped."
    )
    excluded_minutes: int = strawberry.field(default=0, description="Travel and breaks.")
    assignment_id: relay.GlobalID | None = None


@strawberry.input
class SubmitServiceHoursInput(ServiceHours):
    """The caller's own hours."""

    community: str = strawberry.field(description="The code of the community.")


@strawberry.input
class RecordServiceHoursInput(ServiceHours):
    """Hours that staff enter for a volunteer."""

    volunteer_id: relay.GlobalID
    source: RecordSource = strawberry.field(
        default=RecordSource.STAFF, description="STAFF, or ROSTER_SHEET for a paper."
    )


@strawberry.input
class ServiceRecordInput:
    """Hours, and why; those who withdraw the own ones need no reason."""

    record_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class VerifyServiceRecordsInput:
    """Hours of several, to be verified in one go: 100 at most."""

    record_ids: list[relay.GlobalID]
