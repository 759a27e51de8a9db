"""Filters and orders of volunteers, teams, assignments and hours."""

import strawberry
import strawberry_django
from django.db.models import Q

from backend.volunteers import models
from schema.main.filters import of_community, starts_before, starts_from, updated_since
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

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[AssignmentStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    community = of_community()

    @strawberry_django.filter_field(description="Of the volunteer with this code.")
    def volunteer(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}volunteer__code": value})

    @strawberry_django.filter_field(description="To the event with this code.")
    def event(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}event__code": value})

    @strawberry_django.filter_field(description="To the slot with this code.")
    def slot(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}slot__code": value})

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

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[RecordStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    community = of_community()

    @strawberry_django.filter_field(description="Of the volunteer with this code.")
    def volunteer(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}volunteer__code": value})

    @strawberry_django.filter_field(description="From one of these sources.")
    def source(self, value: list[RecordSource], prefix: str) -> Q:
        return Q(**{f"{prefix}source__in": value})

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

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[VolunteerStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    community = of_community()

    @strawberry_django.filter_field(description="Of the team with this code.")
    def team(self, value: str, prefix: str) -> Q:
        members = models.TeamMember.objects.filter(team__code=value)
        return Q(**{f"{prefix}pk__in": members.values("volunteer")})

    @strawberry_django.filter_field(description="With one of these standings.")
    def standing(self, value: list[Standing], prefix: str) -> Q:
        return Q(**{f"{prefix}standing__in": value})

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
