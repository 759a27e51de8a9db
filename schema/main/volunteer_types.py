"""Volunteers, teams, assignments and hours as the main API shows them."""

from datetime import date, datetime
from typing import Any

import strawberry_django
from django.db.models import BooleanField, Case, Value, When
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor, may, may_within
from backend.core.personal import masked
from backend.volunteers import assigning, choices, models, queries, recording, volunteering
from schema.main.base import (
    DOOR,
    AvailableAction,
    Connection,
    Seen,
    offered,
    viewer,
)
from schema.main.education import LegalEducationEvent
from schema.main.festival_types import Stall
from schema.main.labels import in_words
from schema.main.nested import nested
from schema.main.people import Resident
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.service_types import ServiceItem, Slot
from schema.main.twins import nested_list
from schema.main.volunteer_enums import (
    AssignmentStatus,
    DayOfWeek,
    PartOfDay,
    RecordSource,
    RecordStatus,
    Standing,
    VolunteerStatus,
)
from schema.main.volunteer_filters import (
    AssignmentFilter,
    AssignmentOrder,
    ServiceRecordFilter,
    ServiceRecordOrder,
    VolunteerFilter,
    VolunteerOrder,
    VolunteerTeamFilter,
    VolunteerTeamOrder,
)


def _mine(path: str) -> Any:
    """Whether a row is the caller's own; `path` leads to the volunteer."""

    def annotation(info: Info) -> Case:
        own = queries.is_ones_own(viewer(info), path)
        return Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField())

    return annotation


def _actions(
    row: Any, info: Info, own_right: str, own_verbs: tuple[str, ...]
) -> list[AvailableAction]:
    """What the diagram and the caller's roles allow, and of the own rows what their person may."""
    user = viewer(info)
    if not user.is_authenticated:
        return []
    by, model = Actor.of(user, DOOR), type(row)
    oneself = row.is_mine and may_within(by, own_right, row.community_id)
    found = []
    for move in model.machine.available(row.status):
        by_staff = may(by, model.action(move.right), row.community_id)
        if not by_staff and not (oneself and move.name in own_verbs):
            continue
        found.append(offered(row, move, by))
    return found


@strawberry_django.type(models.Availability, description="When a volunteer is usually free.")
class FreeTime(Seen, relay.Node):
    id: relay.NodeID[int]
    part: PartOfDay

    @strawberry_django.field(only=["weekday"], description="The day of the week.")
    def weekday(self) -> DayOfWeek:
        return DayOfWeek(self.__dict__["weekday"])


@strawberry_django.type(
    models.VolunteerTeam,
    filters=VolunteerTeamFilter,
    ordering=VolunteerTeamOrder,
    description="服务队: volunteers who do one kind of work together.",
)
class VolunteerTeam(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    name: str
    work: str
    active: bool
    updated_at: datetime
    community: Community
    volunteers_count: int = strawberry_django.field(
        annotate=models.members_serving(),
        description="Members who serve now.",
    )
    leader_name: str = strawberry_django.field(
        annotate=masked("name", "leader__resident__name"),
        description="Masked: 张*; empty where nobody leads it.",
    )


@strawberry_django.type(
    models.Assignment,
    filters=AssignmentFilter,
    ordering=AssignmentOrder,
    description="派工: one volunteer, one event, item, slot or stall to help with, [startsAt, endsAt).",
)
class Assignment(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    task: str
    starts_at: datetime
    ends_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    status: AssignmentStatus
    updated_at: datetime
    volunteer: "Volunteer"
    event: LegalEducationEvent | None
    item: ServiceItem | None
    slot: Slot | None
    stall: Stall | None
    volunteer_name: str = strawberry_django.field(
        annotate=masked("name", "volunteer__resident__name"), description="Masked: 张*"
    )

    status_label = in_words(choices.AssignmentStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "starts_at"],
        annotate={"is_mine": _mine("volunteer__")},
        description="What the caller may do with the assignment now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info, "assignments.answer", assigning.OWN_VERBS)


@strawberry_django.type(
    models.ServiceRecord,
    filters=ServiceRecordFilter,
    ordering=ServiceRecordOrder,
    description="服务记录: one volunteer served in [startsAt, endsAt); what counts are its minutes.",
)
class ServiceRecord(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    content: str
    starts_at: datetime
    ends_at: datetime
    excluded_minutes: int = strawberry_django.field(description="Travel and breaks, left out.")
    minutes: int = strawberry_django.field(description="What counts, once it is verified.")
    source: RecordSource
    status: RecordStatus
    verified_at: datetime | None
    updated_at: datetime
    volunteer: "Volunteer"
    assignment: Assignment | None
    event: LegalEducationEvent | None
    item: ServiceItem | None
    volunteer_name: str = strawberry_django.field(
        annotate=masked("name", "volunteer__resident__name"), description="Masked: 张*"
    )

    status_label = in_words(choices.RecordStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "source", "entered_by_id", "volunteer_id"],
        annotate={"is_mine": _mine("volunteer__")},
        description="What the caller may do with the hours now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info, "service_hours.submit", recording.OWN_VERBS)


@strawberry_django.type(
    models.Volunteer,
    filters=VolunteerFilter,
    ordering=VolunteerOrder,
    description="志愿者: a resident who helps. Personal fields are masked.",
)
class Volunteer(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    skills: str
    applied_on: date
    status: VolunteerStatus
    revision: int
    updated_at: datetime
    community: Community
    resident: Resident | None = strawberry_django.field(
        description="Null unless the caller sees the roster; null of one who was erased."
    )
    teams: list[VolunteerTeam] = nested_list()
    free_times: list[FreeTime] = strawberry_django.field(
        field_name="availabilities", description="When they are usually free."
    )
    name: str = strawberry_django.field(
        annotate=masked("name", "resident__name"), description="Masked: 张*"
    )
    verified_minutes: int = strawberry_django.field(
        annotate=models.verified_minutes(),
        description="The sum of verified hours, in minutes: what a certificate says.",
    )
    carried_minutes: int | None = strawberry_django.field(
        description="Told by an old roster, unverified; apart from verifiedMinutes."
    )
    carried_as_of: date | None
    political_status_in_full = in_full(models.Volunteer, "political_status")
    guardian_name_in_full = in_full(models.Volunteer, "guardian_name")
    guardian_phone_in_full = in_full(models.Volunteer, "guardian_phone")
    remark_in_full = in_full(models.Volunteer, "remark")
    assignments: Connection[Assignment] = nested(description="What they are asked for.")
    service_records: Connection[ServiceRecord] = nested(description="Their hours.")

    @strawberry_django.field(only=["standing"], description="Null for none.")
    def standing(self) -> Standing | None:
        value = self.__dict__["standing"]
        return Standing(value) if value else None

    status_label = in_words(choices.VolunteerStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"],
        annotate={"is_mine": _mine("")},
        description="What the caller may do with the volunteer now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return _actions(self, info, "volunteers.apply", volunteering.OWN_VERBS)
