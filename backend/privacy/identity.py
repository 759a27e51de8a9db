"""Identity numbers: stored sealed, found by a keyed hash, rotated to new keys."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.disclosures import Reading
from backend.core.gate_forget import forget, forget_in_history
from backend.core.reveals import close_reveals, open_reveal
from backend.people.models import Resident
from backend.privacy import rules
from backend.privacy.keys import FieldKeys
from backend.privacy.models import CommunityPrivacy, IdentityNumber

CHUNK = 500
SECRET = ("sealed", "digest", "key_name")


def record_identity_number(resident: Resident, number: str, *, by: Actor) -> IdentityNumber:
    """The resident's identity number, stored; a former one is replaced.

    Raises: identity_numbers_off; field_keys_missing; identity_number_invalid;
    identity_number_taken; not_allowed.
    """
    rules.identity_numbers_are_on(CommunityPrivacy.identity_numbers_are_on(resident.community_id))
    keys = FieldKeys.of_settings()
    rules.field_keys_are_there(len(keys.keys))
    number = number.strip().upper()
    rules.identity_number_is_real(number)
    known = IdentityNumber.objects.filter(resident=resident).first()
    record = known or IdentityNumber(community_id=resident.community_id, resident=resident)
    if known is not None and known.sealed and keys.open(known.sealed) == number:
        return known
    for name, value in seal_number(number).items():
        setattr(record, name, value)
    with gate.change_set(
        "record identity number", by=by, community_id=resident.community_id
    ) as changes:
        gate.hold(resident.community)
        # Rows under an older key have another digest: a number is looked for under each.
        other = owner_of(number, resident.community_id)
        rules.number_is_free(other is not None and other.pk != resident.pk)
        gate.save_many([record], by=by, within=changes)
        forget_numbers([record.pk])
    return record


def seal_number(number: str) -> dict[str, str]:
    """What is stored of a number: sealed, its keyed hash, the key's name, and its mask."""
    values = dict(zip(SECRET, _sealed(number, FieldKeys.of_settings()), strict=True))
    return values | {"shown": rules.mask_identity_number(number)}


def forget_numbers(pks: Sequence[int], just_made: bool = False) -> None:
    """No history of numbers: it would need the keys of its day for ever."""
    forget_in_history(IdentityNumber, pks, SECRET, just_made=just_made)


def owner_of(number: str, community_id: int) -> Resident | None:
    """The resident of the community who has this number, or None."""
    keys = FieldKeys.of_settings()
    found = (
        IdentityNumber.objects.filter(
            community=community_id, digest__in=keys.digests(number.strip().upper())
        )
        .select_related("resident")
        .first()
    )
    return found.resident if found is not None else None


def reveal_identity_number(resident: Resident, *, by: Actor, reason: str) -> str:
    """The number in full, "" if there is none; written down with the reason, each time.

    Raises: not_allowed; reason_too_short and its like; cryptography's InvalidToken if no key fits.
    """
    record = IdentityNumber.objects.filter(resident=resident).exclude(sealed="").first()
    open_reveal("identity", community_id=resident.community_id, reason=reason, by=by)
    # Once: the next look is another task with another reason.
    try:
        if record is None:
            return ""
        number = FieldKeys.of_settings().open(record.sealed)
        reading = Reading(by.user, by.door)
        reading.note(record)
        reading.log()
    finally:
        close_reveals("identity", community_id=resident.community_id, by=by)
    return number


def rotate() -> int:
    """Seals every number with the key in use; answers how many were not yet.

    In chunks, each a transaction: killed, it goes on where it was.
    """
    keys = FieldKeys.of_settings()
    rules.field_keys_are_there(len(keys.keys))
    done = 0
    while True:
        with gate.change_set("rotate field keys", by=SYSTEM, community_id=None) as changes:
            rows = list(
                IdentityNumber.objects.exclude(key_name=keys.name)
                .exclude(sealed="")
                .order_by("pk")
                .select_for_update(no_key=True)[:CHUNK]
            )
            forget(IdentityNumber, rows, lambda row: _resealed(row, keys), changes)
            forget_in_history(IdentityNumber, [row.pk for row in rows], SECRET)
        if not rows:
            return done
        done += len(rows)


def _resealed(row: IdentityNumber, keys: FieldKeys) -> dict[str, str]:
    return dict(zip(SECRET, _sealed(keys.open(row.sealed), keys), strict=True))


def _sealed(number: str, keys: FieldKeys) -> tuple[str, str, str]:
    return keys.seal(number), keys.digest(number), keys.name


def refuse_numbers_without_keys() -> None:
    """Raises ImproperlyConfigured when a community has numbers turned on and there is no key."""
    try:
        on = CommunityPrivacy.objects.filter(identity_numbers_on=True).exists()
    except DatabaseError:
        return  # Not migrated yet.
    if on and not FieldKeys.of_settings().keys:
        raise ImproperlyConfigured(
            "identity numbers are turned on but LINLI_FIELD_KEYS is empty: set the keys with which"
            " they were encrypted"
        )
