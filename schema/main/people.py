"""People in the main API: reads and verbs. Personal fields come masked."""

from collections.abc import Iterable
from typing import Any

import strawberry
import strawberry_django
from django.db import transaction
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor, UserLike
from backend.core.errors import not_found
from backend.people import actions, models, queries
from backend.people.doors import placed_at
from backend.people.households import form_households, households_to_form
from backend.people.merging import merge_residents, merged_rows, unmerge_residents
from backend.people.searching import sought_by
from backend.places.models import Community as CommunityRecord
from backend.places.models import Estate as EstateRecord
from schema.main import people_inputs as inputs
from schema.main.base import Connection, InputError, actor, answer, chosen, reread, viewer, visible
from schema.main.changes import put
from schema.main.idempotency import once
from schema.main.people_types import Consent, Household, PrivacyNotice, Resident, ResidentPhone
from schema.main.verbs import Verbs

__all__ = ["PeopleMutation", "PeopleQuery", "Resident"]


@strawberry.type(description="Who is signed in.")
class Me:
    username: str
    roles: list[str] = strawberry.field(description="Role names held today.")


@strawberry.type
class PeopleQuery:
    @strawberry.field(description="The signed-in user, null for an anonymous caller.")
    def me(self, info: Info) -> Me | None:
        user: UserLike = viewer(info)
        if not user.is_authenticated:
            return None
        held = models.CommunityRole.objects.held_by(user)
        return Me(username=user.get_username(), roles=sorted({role.role for role in held}))  # type: ignore[attr-defined]

    @strawberry_django.connection(
        Connection[Resident],
        description="The roster, masked. `search` takes what one says at the desk: a name, its "
        "pinyin initials, 3-2-501, 3号楼 501, the last four digits. Without the right to search "
        "it takes a whole name or a whole phone only. Who has moved out or died is among them: "
        "see `filters.residence`.",
    )
    def residents(self, info: Info, search: str = "") -> Iterable[Resident]:
        rows: Any = visible(models.Resident, info)
        if search.strip():
            rows = rows.named().filter(sought_by(viewer(info), search))
        return rows

    households: Connection[Household] = strawberry_django.connection(
        description="Doors and those who live behind them, masked; empty for callers who may not "
        "see the roster."
    )

    privacy_notices: Connection[PrivacyNotice] = strawberry_django.connection(
        description="Versions of the notice on personal data, the latest first unless ordered; "
        "drafts for those who write them."
    )

    @strawberry.field(description="The notice on personal data that holds today, if any.")
    def current_notice(self, info: Info, community: str) -> PrivacyNotice | None:
        if not viewer(info).is_authenticated:
            return None
        rows = visible(CommunityRecord, info).filter(code=community)
        found: Any = queries.current_notice(rows[0]) if rows else None
        return found

    @strawberry_django.field(description="What the caller has agreed to, the latest first.")
    def my_consents(self, info: Info) -> list[Consent]:
        rows: Any = visible(models.Consent, info).filter(resident__user=viewer(info).pk)
        return rows if viewer(info).is_authenticated else rows.none()


@strawberry.type
class ResidentAnswer:
    """The resident as they now stand, or what was wrong."""

    errors: list[InputError]
    resident: Resident | None = None


@strawberry.type
class UnmergeAnswer:
    """The two rows, and how many others were left because they have changed since the merge."""

    errors: list[InputError]
    resident: Resident | None = None
    restored: Resident | None = None
    left: int | None = None


@strawberry.type
class PhoneAnswer:
    """The further phone, or what was wrong; null once it is removed."""

    errors: list[InputError]
    phone: ResidentPhone | None = None


@strawberry.type
class HouseholdAnswer:
    """The household as it now stands, or what was wrong."""

    errors: list[InputError]
    household: Household | None = None


@strawberry.type
class FormHouseholdsAnswer:
    """What came of it, or with `dryRun` would come; or what was wrong."""

    errors: list[InputError]
    households: int | None = strawberry.field(default=None, description="New ones.")
    residents: int | None = strawberry.field(
        default=None, description="Who were in no household and come into one."
    )
    heads: int | None = strawberry.field(
        default=None, description="Heads who no longer live in theirs, and are none any more."
    )


@strawberry.type
class ConsentAnswer:
    """The consent as it now stands, or what was wrong."""

    errors: list[InputError]
    consent: Consent | None = None


def _enter(given: inputs.CreateResidentInput, info: Info) -> models.Resident:
    by = actor(info)
    community = queries.community_of(by.user, given.community)
    values: dict[str, Any] = {
        "gender": given.gender or "",
        "birth_month": given.birth_month,
        "phone": given.phone,
        "address": given.address,
        "remark": given.remark,
    }
    if given.door:
        values |= placed_at(community.pk, given.door)
    return actions.save_resident(
        models.Resident(community=community, name=given.name, **values), by=by
    )


_PLAIN = ("name", "gender", "birth_month", "phone", "address", "remark")


def _change(resident: models.Resident, given: inputs.UpdateResidentInput, by: Actor) -> None:
    put(resident, given, _PLAIN)
    if given.door is not strawberry.UNSET:
        nowhere = {"building_id": None, "unit": "", "room": ""}
        where = placed_at(resident.community_id, given.door) if given.door else nowhere
        for name, value in where.items():
            setattr(resident, name, value)
    actions.save_resident(resident, by=by)


def _life(info: Info, given: Any, verb: Any, **more: Any) -> ResidentAnswer:
    def do() -> dict[str, object]:
        resident = chosen(models.Resident, given.resident_id, info)
        verb(resident, by=actor(info), reason=given.reason, **more)
        return {"resident": reread(resident, info, "resident")}

    return answer(ResidentAnswer, do)


RESIDENTS = Verbs(models.Resident, ResidentAnswer, "resident")
HOUSEHOLDS = Verbs(models.Household, HouseholdAnswer, "household")


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="Enters a person into the roster.")
    def create_resident(self, info: Info, input: inputs.CreateResidentInput) -> ResidentAnswer:
        def do() -> dict[str, object]:
            made = once(
                "createResident",
                input.idempotency_key,
                actor(info),
                models.Resident,
                lambda: _enter(input, info),
            )
            return {"resident": reread(made, info, "resident")}

        return answer(ResidentAnswer, do)

    @strawberry.mutation(description="Changes what the roster says of a person.")
    def update_resident(self, info: Info, input: inputs.UpdateResidentInput) -> ResidentAnswer:
        return RESIDENTS.on(
            info, input.resident_id, lambda resident, by: _change(resident, input, by)
        )

    @strawberry.mutation(description="Somebody moved out; their history stays.")
    def move_out(self, info: Info, input: inputs.MoveOutInput) -> ResidentAnswer:
        return _life(info, input, actions.move_out, on=input.on)

    @strawberry.mutation(description="Somebody who had moved out is back.")
    def move_in_again(self, info: Info, input: inputs.MoveInAgainInput) -> ResidentAnswer:
        return _life(info, input, actions.move_in_again, on=input.on)

    @strawberry.mutation(description="Somebody died; their history stays.")
    def record_death(self, info: Info, input: inputs.RecordDeathInput) -> ResidentAnswer:
        return _life(info, input, actions.record_death, on=input.on)

    @strawberry.mutation(description="A death was recorded of somebody who is alive.")
    def correct_death(self, info: Info, input: inputs.CorrectDeathInput) -> ResidentAnswer:
        return _life(info, input, actions.correct_death)

    @strawberry.mutation(description="Makes one of two rows of one person; can be taken back.")
    def merge_residents(self, info: Info, input: inputs.MergeResidentsInput) -> ResidentAnswer:
        def do() -> dict[str, object]:
            keep = chosen(models.Resident, input.keep_id, info)
            drop = chosen(models.Resident, input.drop_id, info)
            merge_residents(keep, drop, by=actor(info), reason=input.reason)
            return {"resident": reread(keep, info, "resident")}

        return answer(ResidentAnswer, do)

    @strawberry.mutation(description="Takes the latest merge into a row back.")
    def unmerge_residents(self, info: Info, input: inputs.UnmergeResidentsInput) -> UnmergeAnswer:
        def do() -> dict[str, object]:
            keep = chosen(models.Resident, input.keep_id, info)
            merged = merged_rows(keep)
            if not merged:
                raise not_found("可以撤销的合并")
            done = unmerge_residents(merged[0], by=actor(info), reason=input.reason)
            return {
                "resident": reread(keep, info, "resident"),
                "restored": reread(merged[0], info, "restored"),
                "left": len(done.left),
            }

        return answer(UnmergeAnswer, do)

    @strawberry.mutation(description="Adds a further phone.")
    def add_phone(self, info: Info, input: inputs.AddPhoneInput) -> PhoneAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            resident = chosen(models.Resident, input.resident_id, info)
            made = once(
                "addPhone",
                input.idempotency_key,
                by,
                models.ResidentPhone,
                lambda: actions.add_phone(
                    resident, phone=input.phone, kind=input.kind, by=by, remark=input.remark
                ),
            )
            return {"phone": reread(made, info, "phone")}

        return answer(PhoneAnswer, do)

    @strawberry.mutation(description="Takes a further phone away.")
    def remove_phone(self, info: Info, input: inputs.RemovePhoneInput) -> PhoneAnswer:
        def do() -> dict[str, object]:
            phone = chosen(models.ResidentPhone, input.phone_id, info)
            actions.remove_phone(phone, by=actor(info))
            return {"phone": None}

        return answer(PhoneAnswer, do)

    @strawberry.mutation(description="A new household: one door, lived behind or empty.")
    def create_household(self, info: Info, input: inputs.CreateHouseholdInput) -> HouseholdAnswer:
        def make(by: Actor) -> models.Household:
            community = queries.community_of(by.user, input.community)
            door = placed_at(community.pk, input.door)
            row = models.Household(
                community=community,
                occupied=input.occupied,
                remark=input.remark,
                **{name: door[name] for name in ("building_id", "unit", "room")},
            )
            return gate.save(row, by=by)

        return HOUSEHOLDS.made(info, input, "createHousehold", make)

    @strawberry.mutation(description="Says whether somebody lives behind a door.")
    def set_household_occupied(
        self, info: Info, input: inputs.SetHouseholdOccupiedInput
    ) -> HouseholdAnswer:
        def do() -> dict[str, object]:
            household = chosen(models.Household, input.household_id, info)
            actions.set_household_occupied(household, input.occupied, by=actor(info))
            return {"household": reread(household, info, "household")}

        return answer(HouseholdAnswer, do)

    @strawberry.mutation(
        description="A household has moved out, all of it: the door is empty; histories stay."
    )
    def move_out_household(
        self, info: Info, input: inputs.MoveOutHouseholdInput
    ) -> HouseholdAnswer:
        return HOUSEHOLDS.on(
            info,
            input.household_id,
            lambda row, by: actions.move_out_household(
                row, on=input.on, by=by, reason=input.reason
            ),
        )

    @strawberry.mutation(
        description="Puts whoever lives behind a door into the household of that door, made if "
        "there is none. The same again changes nothing."
    )
    def form_households(
        self, info: Info, input: inputs.FormHouseholdsInput
    ) -> FormHouseholdsAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            community = queries.community_of(by.user, input.community)
            estate = None
            if input.estate is not None:
                rows = visible(EstateRecord, info).filter(community=community)
                estate = rows.filter(code=input.estate).first()
                if estate is None:
                    raise not_found("这个小区")
            with transaction.atomic():
                found = households_to_form(community, by=by, estate=estate)
                formed = found.households
                if not input.dry_run:
                    formed = form_households(community, by=by, estate=estate)
            return {"households": formed, "residents": found.residents, "heads": found.heads}

        return answer(FormHouseholdsAnswer, do)

    @strawberry.mutation(description="Agrees to one purpose under a version of the notice.")
    def give_consent(self, info: Info, input: inputs.GiveConsentInput) -> ConsentAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            resident = (
                chosen(models.Resident, input.resident_id, info)
                if input.resident_id
                else queries.own_resident(by.user)
            )
            notice = chosen(models.PrivacyNotice, input.notice_id, info)
            consent = once(
                "giveConsent",
                input.idempotency_key,
                by,
                models.Consent,
                lambda: actions.give_consent(
                    resident,
                    notice,
                    purpose=input.purpose,
                    by=by,
                    means=input.means,
                    evidence=input.evidence,
                ),
            )
            return {"consent": reread(consent, info, "consent")}

        return answer(ConsentAnswer, do)

    @strawberry.mutation(description="Withdraws a consent, from today.")
    def withdraw_consent(self, info: Info, input: inputs.WithdrawConsentInput) -> ConsentAnswer:
        def do() -> dict[str, object]:
            consent = chosen(models.Consent, input.consent_id, info)
            done = actions.withdraw_consent(consent, by=actor(info), reason=input.reason)
            return {"consent": reread(done, info, "consent")}

        return answer(ConsentAnswer, do)
