"""Who is what where: appointments in the main API, as on the page 角色任命."""

from datetime import date, datetime

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils import timezone
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor, scope
from backend.core.errors import not_found
from backend.core.roles import Role
from backend.people import actions, models
from backend.people.queries import account_to_tie, community_of
from backend.places import models as places
from schema.main.base import Connection, InputError, Seen, chosen, visible
from schema.main.changes import SEEN
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.place_types import Estate, Subdistrict
from schema.main.places import Community
from schema.main.setting_up_inputs import KEY
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs

strawberry.enum(Role, description="What somebody is in a place: docs/roles.md says what each may.")


@strawberry_django.filter_type(models.CommunityRole)
class CommunityRoleFilter:
    """Filters of appointments."""

    role = one_of(Role, "role", "In one of these roles.")
    community = of_community()
    subdistrict = code_of("subdistrict", "In the subdistrict with this code.")

    @strawberry_django.filter_field(description="Of the account with this username.")
    def username(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}user__username": value})

    @strawberry_django.filter_field(description="Held on this day.")
    def held_on(self, value: date, prefix: str) -> Q:
        over = Q(**{f"{prefix}valid_to__lt": value})
        return Q(**{f"{prefix}valid_from__lte": value}) & ~over

    updated_since = updated_since()


@strawberry_django.order_type(models.CommunityRole)
class CommunityRoleOrder:
    """Orders of appointments."""

    valid_from: strawberry.auto
    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.CommunityRole,
    filters=CommunityRoleFilter,
    ordering=CommunityRoleOrder,
    description="角色任命: what an account is in a community, one estate of it or a subdistrict, for a "
    "term; both of its ends belong to it.",
)
class CommunityRole(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    role: Role
    valid_from: date
    valid_to: date | None = strawberry_django.field(description="The last day; null: no end yet.")
    created_at: datetime
    updated_at: datetime
    community: Community | None = strawberry_django.field(description="Null: of a subdistrict.")
    estate: Estate | None = strawberry_django.field(description="Null: of the whole community.")
    subdistrict: Subdistrict | None

    role_label = in_words(Role, "role", "The role in words.")

    @strawberry_django.field(
        select_related=["user"], only=["user__username"], description="The account that holds it."
    )
    def username(self) -> str:
        return str(self.user.username)  # type: ignore[attr-defined]

    @strawberry_django.field(
        only=["valid_from", "valid_to"], description="Whether the term holds today."
    )
    def in_office(self) -> bool:
        today = timezone.localdate()
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


@strawberry.input
class AppointRoleInput:
    """Somebody's new role: in a community (or one estate of it), or in a subdistrict."""

    username: str = strawberry.field(
        description="Of an account that is somebody in a community of the caller's, or nobody yet."
    )
    role: Role = strawberry.field(
        description="INSTALLATION holds in no place, and is given on the page of the account."
    )
    valid_from: date
    idempotency_key: str = strawberry.field(description=KEY)
    community: str | None = strawberry.field(
        default=None, description="Code of the community; this or `subdistrict`."
    )
    estate_id: relay.GlobalID | None = strawberry.field(
        default=None, description="Left out: the whole community."
    )
    subdistrict: str | None = strawberry.field(default=None, description="Its code.")
    valid_to: date | None = strawberry.field(default=None, description="The last day, if known.")


@strawberry.input
class UpdateRoleAppointmentInput:
    """What changes of an appointment; a field left out stays. Another account or another place:
    another appointment.
    """

    appointment_id: relay.GlobalID
    role: Role | None = strawberry.UNSET
    estate_id: relay.GlobalID | None = strawberry.UNSET
    valid_from: date | None = strawberry.UNSET
    valid_to: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class EndRoleAppointmentInput:
    """An appointment that ends; what was done in it stands."""

    appointment_id: relay.GlobalID
    on: date | None = strawberry.field(default=None, description="The last day; left out: today.")
    reason: str = strawberry.field(default="", description="For the history.")


@strawberry.input
class RemoveRoleAppointmentInput:
    """An appointment that was entered by mistake."""

    appointment_id: relay.GlobalID


@strawberry.type
class RoleAppointmentAnswer:
    """The appointment as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    appointment: CommunityRole | None = None


@strawberry.type
class RoleAppointmentsQuery:
    role_appointments: Connection[CommunityRole] = strawberry_django.connection(
        description="Who is what in the caller's communities, those that are over among them; for "
        "who administers accounts."
    )


APPOINTMENTS = Verbs(models.CommunityRole, RoleAppointmentAnswer, "appointment")


@strawberry.type
class RoleAppointmentsMutation:
    @strawberry.mutation(
        description="Gives an account a role from a day on; the installation's administrator's alone, "
        "in person."
    )
    def appoint_role(self, info: Info, input: AppointRoleInput) -> RoleAppointmentAnswer:
        def make(by: Actor) -> models.CommunityRole:
            where = scope(by.user, models.CommunityRole.action("edit"))
            row = models.CommunityRole(
                user=account_to_tie(where, input.username),
                role=input.role,
                valid_from=input.valid_from,
                valid_to=input.valid_to,
            )
            if input.community is not None:
                row.community = community_of(by.user, input.community)
            if input.subdistrict is not None:
                row.subdistrict = _subdistrict(input.subdistrict, info)
            if input.estate_id is not None:
                row.estate = chosen(places.Estate, input.estate_id, info)
            return gate.save(row, by=by)

        return APPOINTMENTS.made(info, input, "appointRole", make)

    @strawberry.mutation(description="Changes an appointment: its role, its estate, its term.")
    def update_role_appointment(
        self, info: Info, input: UpdateRoleAppointmentInput
    ) -> RoleAppointmentAnswer:
        names = ("role", "valid_from", "valid_to")
        links = {"estate_id": places.Estate}
        return changed(APPOINTMENTS, info, input.appointment_id, input, names, links)

    @strawberry.mutation(description="Ends an appointment: that day is its last.")
    def end_role_appointment(
        self, info: Info, input: EndRoleAppointmentInput
    ) -> RoleAppointmentAnswer:
        on = input.on or timezone.localdate()
        return APPOINTMENTS.on(
            info,
            input.appointment_id,
            lambda row, by: actions.end_appointment(row, on=on, by=by, reason=input.reason),
        )

    @strawberry.mutation(
        description="Takes away an appointment that was entered by mistake; one that was held ends."
    )
    def remove_role_appointment(
        self, info: Info, input: RemoveRoleAppointmentInput
    ) -> RoleAppointmentAnswer:
        return removed(APPOINTMENTS, info, input.appointment_id)


def _subdistrict(code: str, info: Info) -> places.Subdistrict:
    found: places.Subdistrict | None = visible(places.Subdistrict, info).filter(code=code).first()
    if found is None:
        raise not_found("街道")
    return found
