"""Filters and orders of volunteers, teams, assignments and hours."""

import strawberry
import strawberry_django
from django.db.models import Q

from backend.volunteers import models
from schema.main.filters import (
    code_of,
    of_community,
    one_of,
    starts_before,
    starts_from,
    updated_since,
)
from schema.main.volunteer_enums import (
    AssignmentStatus,
    FreeTimeInput,
    RecordSource,
    RecordStatus,
    Standing,
    VolunteerStatus,
)


@strawberry_django.filter_type(models.VolunteerTeam)
class VolunteerTeamFilter:
    """Filters of teams."""

    community = of_community()

    @strawberry_django.filter_field(description="In use, or (false) not any more.")
    def active(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}active": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.VolunteerTeam)
class VolunteerTeamOrder:
    """Orders of teams."""

    name: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.filter_type(models.Assignment)
class AssignmentFilter:
    """Filters of assignments."""

    status = one_of(AssignmentStatus, "status", "In one of these states.")
    community = of_community()
    volunteer = code_of("volunteer", "Of the volunteer with this code.")
    event = code_of("event", "To the event with this code.")
    slot = code_of("slot", "To the slot with this code.")
    starts_from = starts_from()
    starts_before = starts_before()
    updated_since = updated_since()


@strawberry_django.order_type(models.Assignment)
class AssignmentOrder:
    """Orders of assignments."""

    starts_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.filter_type(models.ServiceRecord)
class ServiceRecordFilter:
    """Filters of hours."""

    status = one_of(RecordStatus, "status", "In one of these states.")
    community = of_community()
    volunteer = code_of("volunteer", "Of the volunteer with this code.")
    source = one_of(RecordSource, "source", "From one of these sources.")
    starts_from = starts_from()
    starts_before = starts_before()
    updated_since = updated_since()


@strawberry_django.order_type(models.ServiceRecord)
class ServiceRecordOrder:
    """Orders of hours."""

    starts_at: strawberry.auto
    minutes: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.filter_type(models.Volunteer)
class VolunteerFilter:
    """Filters of volunteers; nothing personal can be asked for."""

    status = one_of(VolunteerStatus, "status", "In one of these states.")
    community = of_community()

    @strawberry_django.filter_field(description="Of the team with this code.")
    def team(self, value: str, prefix: str) -> Q:
        members = models.TeamMember.objects.filter(team__code=value)
        return Q(**{f"{prefix}pk__in": members.values("volunteer")})

    standing = one_of(Standing, "standing", "With one of these standings.")

    @strawberry_django.filter_field(description="Skills contain this text.")
    def skill(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}skills__icontains": value})

    @strawberry_django.filter_field(description="Usually free then: Saturday morning.")
    def free_on(self, value: FreeTimeInput, prefix: str) -> Q:
        free = models.Availability.objects.filter(weekday=value.weekday.value, part=value.part)
        return Q(**{f"{prefix}pk__in": free.values("volunteer")})

    updated_since = updated_since()


@strawberry_django.order_type(models.Volunteer)
class VolunteerOrder:
    """Orders of volunteers."""

    applied_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto
