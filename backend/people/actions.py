"""Verbs on residents: come, leave, die, agree."""

from dataclasses import replace
from datetime import date

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may, require, scope_of
from backend.core.edits import edited_by
from backend.core.errors import not_allowed
from backend.core.models import ChangeSet
from backend.people import rules
from backend.people.choices import ConsentMeans
from backend.people.households import settle
from backend.people.models import (
    CommunityRole,
    Consent,
    Household,
    PrivacyNotice,
    Representative,
    Resident,
    ResidentPhone,
    User,
)


def save_resident(resident: Resident, *, by: Actor) -> Resident:
    """The resident, written, in the household of their door. Raises: what the gate raises."""
    verb = "change resident" if resident.pk else "enter resident"
    with gate.change_set(verb, by=by, community_id=resident.community_id) as changes:
        gate.save(resident, by=by, within=changes)
        settle([resident], by=by, within=changes)
        _lead_nothing_else(resident.pk, by, changes)
    resident.refresh_from_db()
    return resident


edited_by(Resident, save_resident)


def move_out(resident: Resident, *, on: date, by: Actor, reason: str = "") -> Resident:
    """The resident, gone from the community on a day; their history stays.

    Raises: day_missing, day_in_future, resident_moved_out, resident_deceased, not_allowed.
    """
    require(by, "people.edit", resident.community_id)
    rules.day_has_come(on, timezone.localdate(), "moved_out_on")
    rules.may_move_out(resident.moved_out_on, resident.died_on)
    resident.moved_out_on = on
    return _leave(resident, "move out resident", by, reason)


def move_out_household(household: Household, *, on: date, by: Actor, reason: str = "") -> Household:
    """The household, empty: everybody who lived in it has moved out on that day.

    Raises: day_missing, day_in_future, not_allowed.
    """
    require(by, "people.edit", household.community_id)
    rules.day_has_come(on, timezone.localdate(), "moved_out_on")
    verb = "move out household"
    with gate.change_set(
        verb, by=by, community_id=household.community_id, reason=reason
    ) as changes:
        household.head = None
        household.occupied = False
        gate.save(household, by=by, within=changes)
        members = list(Resident.objects.filter(household=household).order_by("pk"))
        for member in members:
            member.moved_out_on, member.household = on, None
        gate.save_many(members, by=by, within=changes)
    return household


def move_in_again(resident: Resident, *, on: date, by: Actor, reason: str = "") -> Resident:
    """The resident, back in the community and in the household of their door.

    Raises: day_missing, day_in_future, day_before_leaving, resident_present, resident_deceased,
        not_allowed.
    """
    require(by, "people.edit", resident.community_id)
    rules.day_has_come(on, timezone.localdate(), "moved_in_on")
    rules.may_move_in_again(resident.moved_out_on, resident.died_on, on)
    resident.moved_out_on = None
    # The day of the return is nobody's field: history keeps it with the reason.
    return _come_back(resident, "move in resident", by, f"{on:%Y-%m-%d} {reason}".strip())


def record_death(resident: Resident, *, on: date, by: Actor, reason: str = "") -> Resident:
    """The resident, dead since a day; their history stays.

    Raises: day_missing, day_in_future, resident_deceased, not_allowed.
    """
    require(by, "people.edit", resident.community_id)
    rules.day_has_come(on, timezone.localdate(), "died_on")
    rules.may_die(resident.died_on)
    resident.died_on = on
    return _leave(resident, "record death", by, reason)


def correct_death(resident: Resident, *, by: Actor, reason: str) -> Resident:
    """The resident, alive after all: the entry was wrong.

    Raises: resident_not_deceased, reason_required, not_allowed.
    """
    require(by, "people.edit", resident.community_id)
    rules.may_be_taken_back_to_life(resident.died_on)
    rules.reason_is_given(reason)
    resident.died_on = None
    return _come_back(resident, "correct death", by, reason)


def add_phone(
    resident: Resident, *, phone: str, kind: str, by: Actor, remark: str = ""
) -> ResidentPhone:
    """A further phone of the resident. Raises: phone_invalid, phone_twice, not_allowed."""
    row = ResidentPhone(
        community_id=resident.community_id,
        resident=resident,
        phone=phone,
        kind=kind,
        remark=remark,
    )
    return gate.save(row, by=by)


def remove_phone(phone: ResidentPhone, *, by: Actor) -> None:
    """Takes a further phone away: a correction, so an edit. Raises: not_allowed."""
    gate.delete_many([phone], by=by, action="edit")


def tie_account(
    representative: Representative, account: User | None, *, by: Actor
) -> Representative:
    """The representative, for whose body an account signs in; none: nobody's.

    Raises: account_shared; not_allowed.
    """
    representative.user = account
    return gate.save(representative, by=by)


def end_appointment(role: CommunityRole, *, on: date, by: Actor, reason: str = "") -> CommunityRole:
    """The appointment, with that day as its last.

    Raises: not_allowed; appointment_over; term_reversed for a day before its first.
    """
    require(by, role.action("edit"), role.community_id)
    rules.appointment_holds_until(role.valid_to, on)
    role.valid_to = on
    return gate.save(role, by=by, reason=reason)


def set_household_occupied(household: Household, occupied: bool, *, by: Actor) -> Household:
    """The household, said to be lived in or empty. Raises: not_allowed."""
    household.occupied = occupied
    return gate.save(household, by=by)


def give_consent(
    resident: Resident,
    notice: PrivacyNotice,
    *,
    purpose: str,
    by: Actor,
    means: str = ConsentMeans.APP,
    evidence: str = "",
) -> Consent:
    """A consent of today, given by the person or entered by staff.

    Raises: notice_not_published, consent_taken, not_allowed.
    """
    consent = Consent(
        community_id=resident.community_id,
        resident=resident,
        notice=notice,
        purpose=purpose,
        means=means,
        given_on=timezone.localdate(),
        evidence=evidence,
    )
    return gate.save(consent, by=_for(resident, by))


def withdraw_consent(consent: Consent, *, by: Actor, reason: str = "") -> Consent:
    """The consent, withdrawn today. Raises: consent_withdrawn, not_allowed."""
    rules.consent_stands(consent.withdrawn_on)
    consent.withdrawn_on = timezone.localdate()
    return gate.save(consent, by=_for(consent.resident, by), reason=reason)


def _for(resident: Resident, by: Actor) -> Actor:
    """The actor, who may speak for the resident: themselves, or staff."""
    if may(by, "people.edit", resident.community_id):
        return by
    where = scope_of(by, "people.consent")
    community = resident.community_id
    own = by.user is not None and resident.user_id == by.user.pk
    if own and (where.covers(community) or community in where.estate_communities):
        # The gate knows rights by role; this right is by being the person.
        return replace(by, system=True)
    raise not_allowed()


def _leave(resident: Resident, verb: str, by: Actor, reason: str) -> Resident:
    with gate.change_set(verb, by=by, community_id=resident.community_id, reason=reason) as changes:
        resident.household = None
        gate.save(resident, by=by, within=changes)
        _lead_nothing_else(resident.pk, by, changes)
    return resident


def _come_back(resident: Resident, verb: str, by: Actor, reason: str) -> Resident:
    with gate.change_set(verb, by=by, community_id=resident.community_id, reason=reason) as changes:
        gate.save(resident, by=by, within=changes)
        settle([resident], by=by, within=changes)
    resident.refresh_from_db()
    return resident


def _lead_nothing_else(resident_id: int, by: Actor, changes: ChangeSet) -> None:
    """Who does not live in a household is not its head."""
    led = list(
        Household.objects.filter(head=resident_id).exclude(members=resident_id).order_by("pk")
    )
    for household in led:
        household.head = None
    gate.save_many(led, by=by, within=changes)
