"""Verbs on organizations, on those who speak for them, and on their seats in the joint meeting."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor, scope
from backend.meetings.models import Seat as SeatRecord
from backend.people import models
from backend.people.actions import tie_account
from backend.people.queries import account_to_tie, community_of
from schema.main import organization_inputs as inputs
from schema.main.base import InputError, chosen
from schema.main.meetings import Seat
from schema.main.organizations import Organization, Representative
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs


@strawberry.type
class OrganizationAnswer:
    """The body as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    organization: Organization | None = None


@strawberry.type
class RepresentativeAnswer:
    """The representative, masked (null once removed), or what was wrong."""

    errors: list[InputError]
    representative: Representative | None = None


@strawberry.type
class SeatAnswer:
    """The seat as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    seat: Seat | None = None


BODIES = Verbs(models.Organization, OrganizationAnswer, "organization")
PEOPLE = Verbs(models.Representative, RepresentativeAnswer, "representative")
SEATS = Verbs(SeatRecord, SeatAnswer, "seat")


@strawberry.type
class OrganizationsMutation:
    @strawberry.mutation(description="A new body.")
    def create_organization(
        self, info: Info, input: inputs.CreateOrganizationInput
    ) -> OrganizationAnswer:
        def make(by: Actor) -> models.Organization:
            row = models.Organization(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                short_name=input.short_name,
                kind=input.kind,
                active_from=input.active_from,
                active_until=input.active_until,
            )
            return gate.save(row, by=by)

        return BODIES.made(info, input, "createOrganization", make)

    @strawberry.mutation(description="Changes a body.")
    def update_organization(
        self, info: Info, input: inputs.UpdateOrganizationInput
    ) -> OrganizationAnswer:
        names = ("name", "short_name", "kind", "active_from", "active_until")
        return changed(BODIES, info, input.organization_id, input, names)

    @strawberry.mutation(description="Takes away a body that nothing hangs on.")
    def remove_organization(
        self, info: Info, input: inputs.RemoveOrganizationInput
    ) -> OrganizationAnswer:
        return removed(BODIES, info, input.organization_id)

    @strawberry.mutation(description="Somebody speaks for a body from a day on.")
    def add_representative(
        self, info: Info, input: inputs.AddRepresentativeInput
    ) -> RepresentativeAnswer:
        def make(by: Actor) -> models.Representative:
            body = chosen(models.Organization, input.organization_id, info)
            row = models.Representative(
                community_id=body.community_id,
                organization=body,
                name=input.name,
                title=input.title,
                phone=input.phone,
                valid_from=input.valid_from,
                valid_to=input.valid_to,
            )
            if input.resident_id is not None:
                row.resident = chosen(models.Resident, input.resident_id, info)
            return gate.save(row, by=by)

        return PEOPLE.made(info, input, "addRepresentative", make)

    @strawberry.mutation(description="Changes a representative; a masked value sent back stays.")
    def update_representative(
        self, info: Info, input: inputs.UpdateRepresentativeInput
    ) -> RepresentativeAnswer:
        names = ("name", "title", "phone", "valid_from", "valid_to")
        links: Any = {"resident_id": models.Resident}

        return changed(PEOPLE, info, input.representative_id, input, names, links)

    @strawberry.mutation(
        description="Lets an account sign in for a body: of somebody in the community, or of nobody "
        "yet (not_found else). One account is one person's (account_shared)."
    )
    def tie_representative_account(
        self, info: Info, input: inputs.TieRepresentativeAccountInput
    ) -> RepresentativeAnswer:
        def tie(row: models.Representative, by: Actor) -> None:
            account = account_to_tie(scope(by.user, row.action("edit")), input.username)
            tie_account(row, account, by=by)

        return PEOPLE.on(info, input.representative_id, tie)

    @strawberry.mutation(description="The account signs in for the body no longer.")
    def untie_representative_account(
        self, info: Info, input: inputs.UntieRepresentativeAccountInput
    ) -> RepresentativeAnswer:
        return PEOPLE.on(
            info, input.representative_id, lambda row, by: tie_account(row, None, by=by)
        )

    @strawberry.mutation(description="Takes away a representative who was entered by mistake.")
    def remove_representative(
        self, info: Info, input: inputs.RemoveRepresentativeInput
    ) -> RepresentativeAnswer:
        return removed(PEOPLE, info, input.representative_id)

    @strawberry.mutation(description="A new mandate in the joint meeting.")
    def add_seat(self, info: Info, input: inputs.AddSeatInput) -> SeatAnswer:
        def make(by: Actor) -> SeatRecord:
            row = SeatRecord(
                community=community_of(by.user, input.community),
                code=input.code,
                tier=input.tier,
                holder=input.holder,
                person_name=input.person_name,
                valid_from=input.valid_from,
                valid_to=input.valid_to,
            )
            if input.organization_id is not None:
                row.organization = chosen(models.Organization, input.organization_id, info)
            if input.representative_id is not None:
                row.representative = chosen(models.Representative, input.representative_id, info)
            if input.resident_id is not None:
                row.resident = chosen(models.Resident, input.resident_id, info)
            return gate.save(row, by=by)

        return SEATS.made(info, input, "addSeat", make)

    @strawberry.mutation(description="Changes a mandate: its tier, its holder, its term.")
    def update_seat(self, info: Info, input: inputs.UpdateSeatInput) -> SeatAnswer:
        names = ("tier", "holder", "person_name", "valid_from", "valid_to")
        links: Any = {
            "organization_id": models.Organization,
            "representative_id": models.Representative,
            "resident_id": models.Resident,
        }

        return changed(SEATS, info, input.seat_id, input, names, links)

    @strawberry.mutation(description="Takes away a mandate under which nobody has sat.")
    def remove_seat(self, info: Info, input: inputs.RemoveSeatInput) -> SeatAnswer:
        return removed(SEATS, info, input.seat_id)
