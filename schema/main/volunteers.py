"""Volunteers in the main API: what is asked."""

from typing import Any

import strawberry
import strawberry_django
from strawberry.types import Info

from backend.volunteers import models, queries
from backend.volunteers.choices import VolunteerStatus
from schema.main.base import Connection, one_row, viewer, visible
from schema.main.volunteer_types import Assignment, ServiceRecord, Volunteer, VolunteerTeam


def _single(model: Any, info: Info, *conditions: Any, **key: Any) -> Any:
    return visible(model, info).filter(*conditions, **key)


@strawberry.type
class VolunteersQuery:
    volunteers: Connection[Volunteer] = strawberry_django.connection(
        description="Volunteers that the caller may see: staff those of others, everybody oneself."
    )
    volunteer_teams: Connection[VolunteerTeam] = strawberry_django.connection(
        description="The teams of the caller's community, by name unless ordered."
    )
    assignments: Connection[Assignment] = strawberry_django.connection(
        description="Who is asked to help where: staff all of them, everybody the own."
    )
    service_records: Connection[ServiceRecord] = strawberry_django.connection(
        description="Hours: staff those of others, everybody the own."
    )

    @strawberry_django.field(description="The caller as a volunteer; null for one who is none.")
    @one_row(is_single=True)
    def my_volunteer(self, info: Info) -> Volunteer | None:
        own = queries.is_ones_own(viewer(info))
        rows = models.Volunteer.objects.filter(own).exclude(status=VolunteerStatus.LEFT)
        return rows  # type: ignore[return-value]

    @strawberry_django.field(description="One by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def volunteer(self, info: Info, code: str) -> Volunteer | None:
        return _single(models.Volunteer, info, code=code)  # type: ignore[no-any-return]

    @strawberry_django.field(description="One by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def volunteer_team(self, info: Info, code: str) -> VolunteerTeam | None:
        return _single(models.VolunteerTeam, info, code=code)  # type: ignore[no-any-return]

    @strawberry_django.field(description="One by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def assignment(self, info: Info, code: str) -> Assignment | None:
        return _single(models.Assignment, info, code=code)  # type: ignore[no-any-return]

    @strawberry_django.field(description="One by its code; null if it is not the caller's.")
    @one_row(is_single=True)
    def service_record(self, info: Info, code: str) -> ServiceRecord | None:
        return _single(models.ServiceRecord, info, code=code)  # type: ignore[no-any-return]
