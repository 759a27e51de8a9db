"""The choices that volunteers share with the main API."""

from enum import Enum

import strawberry

from backend.volunteers.choices import (
    AssignmentStatus,
    PartOfDay,
    PoliticalStatus,
    RecordSource,
    RecordStatus,
    Standing,
    VolunteerStatus,
)

__all__ = [
    "AssignmentStatus",
    "DayOfWeek",
    "FreeTimeInput",
    "PartOfDay",
    "PoliticalStatus",
    "RecordSource",
    "RecordStatus",
    "Standing",
    "VolunteerStatus",
]

strawberry.enum(VolunteerStatus, description="The states of a volunteer.")
strawberry.enum(Standing, name="VolunteerStanding", description="What makes somebody a 社区达人.")
strawberry.enum(PoliticalStatus, description="政治面貌; off unless the community turned it on.")
strawberry.enum(PartOfDay, description="Morning, afternoon or evening.")
strawberry.enum(AssignmentStatus, description="The states of an assignment.")
strawberry.enum(RecordStatus, name="ServiceRecordStatus", description="The states of hours.")
strawberry.enum(RecordSource, name="ServiceRecordSource", description="Where hours come from.")


@strawberry.enum(description="A day of the week.")
class DayOfWeek(Enum):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@strawberry.input(description="A part of a day of the week.")
class FreeTimeInput:
    weekday: DayOfWeek
    part: PartOfDay
