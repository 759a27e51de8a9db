"""Identity numbers: only where turned on, sealed, found by a keyed hash, rotated."""

from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import Disclosure
from backend.core.traces import traces_of
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.privacy import identity, rules
from backend.privacy.identity import (
    owner_of,
    record_identity_number,
    refuse_numbers_without_keys,
    reveal_identity_number,
)
from backend.privacy.models import CommunityPrivacy, IdentityNumber

pytestmark = pytest.mark.django_db


def checked(first_17: str) -> str:
    """A number with its check digit."""
    for last in "0123456789X":
        try:
            rules.identity_number_is_real(first_17 + last)
        except RuleViolation:
            continue
        return first_17 + last
    raise AssertionError(first_17)


@pytest.fixture
def on(community: Community) -> CommunityPrivacy:
    return gate.save(CommunityPrivacy(community=community, identity_numbers_on=True), by=SYSTEM)


@pytest.fixture
def person(community: Community) -> Resident:
    return gate.save(Resident(community=community, name="李一", phone="13712345678"), by=SYSTEM)


@pytest.fixture
def keys(settings: Any) -> list[str]:
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    return settings.FIELD_KEYS


@pytest.fixture
def by(worker: User) -> Actor:
    return Actor.of(worker, "test")


def refused(do: Any) -> str:
    with pytest.raises(RuleViolation) as violation:
        do()
    return violation.value.code


def test_it_is_off_until_a_community_turns_it_on(person: Resident, by: Actor) -> None:
    number = checked("11010119000101100")
    assert refused(lambda: record_identity_number(person, number, by=by)) == "identity_numbers_off"
    assert not IdentityNumber.objects.exists()


def test_it_is_sealed_masked_and_found(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor
) -> None:
    number = checked("36010119580315123")
    record = record_identity_number(person, number.lower(), by=by)
    assert record.shown == f"3601**********{number[-4:]}"
    assert traces_of([number]) == []
    assert owner_of(number, person.community_id) == person
    assert owner_of(checked("36010119580315124"), person.community_id) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "36010119580315123",
        "360101195803151230000",
        "360101195813151231",
        "360101195802301231",
        "3.60101E+17",
        "360101195803150000",
        "",
        "360101195803151",
    ],
)
def test_a_number_that_does_not_check_is_refused(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor, wrong: str
) -> None:
    found = refused(lambda: record_identity_number(person, wrong, by=by))
    assert found == "identity_number_invalid"
    assert not IdentityNumber.objects.exists()


def test_every_other_check_digit_is_refused(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor
) -> None:
    right = checked("36010119580315123")
    wrong = [right[:17] + last for last in "0123456789X" if last != right[17]]
    found = {refused(lambda n=n: record_identity_number(person, n, by=by)) for n in wrong}
    assert found == {"identity_number_invalid"}
    assert len(wrong) == 10


def test_one_number_is_one_persons(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor
) -> None:
    number = checked("36010119580315123")
    record_identity_number(person, number, by=by)
    other = gate.save(Resident(community=person.community, name="李二"), by=SYSTEM)
    assert refused(lambda: record_identity_number(other, number, by=by)) == "identity_number_taken"
    assert IdentityNumber.objects.count() == 1


def test_seen_in_full_only_with_a_reason_and_logged(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor
) -> None:
    number = checked("36010119580315123")
    record_identity_number(person, number, by=by)
    assert refused(lambda: reveal_identity_number(person, by=by, reason="看")) == "reason_too_short"
    assert not Disclosure.objects.exists()
    assert reveal_identity_number(person, by=by, reason="办理高龄补贴核对") == number
    logged = Disclosure.objects.get()
    assert (logged.kind, logged.rows, logged.reason) == ("read", 1, "办理高龄补贴核对")


@pytest.mark.parametrize("who", ["other_worker", "resident_user", "admin_user"])
def test_others_neither_see_nor_record(
    person: Resident,
    on: CommunityPrivacy,
    keys: list[str],
    by: Actor,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    number = checked("36010119580315123")
    record_identity_number(person, number, by=by)
    user = request.getfixturevalue(who)
    other = Actor.of(user, "test")
    assert (
        refused(lambda: reveal_identity_number(person, by=other, reason="办理高龄补贴核对"))
        == "not_allowed"
    )
    new = checked("36010119580315124")
    assert refused(lambda: record_identity_number(person, new, by=other)) == "not_allowed"
    client = Client()
    client.force_login(user)
    assert client.get(f"/admin/privacy/communityprivacy/number/{person.pk}/").status_code in (
        302,
        403,
    )


def test_the_page_records_masks_and_reveals(
    person: Resident, on: CommunityPrivacy, keys: list[str], worker: User
) -> None:
    number = checked("36010119580315123")
    client = Client()
    client.force_login(worker)
    address = f"/admin/privacy/communityprivacy/number/{person.pk}/"
    assert client.post(address, {"number": number}).status_code == 302
    assert number not in client.get(address).content.decode()
    shown = client.post(address, {"reveal": "1", "reason": "办理高龄补贴核对"}).content.decode()
    assert number in shown
    assert number not in client.get(address).content.decode()


# --- keys ----------------------------------------------------------------------------------------


def people(community: Community, by: Actor, count: int) -> dict[int, str]:
    found = {}
    for n in range(count):
        person = gate.save(Resident(community=community, name=f"李{n}"), by=SYSTEM)
        number = checked(f"360101195803{10 + n}123")
        record_identity_number(person, number, by=by)
        found[person.pk] = number
    return found


def test_after_a_rotation_the_old_key_can_go(
    on: CommunityPrivacy, keys: list[str], by: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "CHUNK", 2)
    known = people(on.community, by, 5)
    (old,) = keys
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    # Not yet rotated, they are found all the same, and none can be recorded twice.
    number = next(iter(known.values()))
    assert owner_of(number, on.community_id) is not None
    call_command("rotate_field_keys", verbosity=0)
    settings.FIELD_KEYS = [new]
    for pk, number in known.items():
        person = Resident.objects.get(pk=pk)
        assert owner_of(number, on.community_id) == person
        assert reveal_identity_number(person, by=by, reason="办理高龄补贴核对") == number
    assert identity.rotate() == 0


def test_control_without_a_rotation_the_old_key_is_missed(
    person: Resident, on: CommunityPrivacy, keys: list[str], by: Actor, settings: Any
) -> None:
    number = checked("36010119580315123")
    record_identity_number(person, number, by=by)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert owner_of(number, on.community_id) is None
    with pytest.raises(InvalidToken):
        reveal_identity_number(person, by=by, reason="办理高龄补贴核对")


def test_an_interrupted_rotation_goes_on(
    on: CommunityPrivacy, keys: list[str], by: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "CHUNK", 2)
    people(on.community, by, 5)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), keys[0]]
    forget = identity.forget
    calls = []

    def dies(*args: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return forget(*args)

    monkeypatch.setattr(identity, "forget", dies)
    with pytest.raises(KeyboardInterrupt):
        identity.rotate()
    assert identity.rotate() == 3


def test_production_does_not_start_with_numbers_and_no_keys(
    on: CommunityPrivacy, settings: Any, person: Resident, by: Actor
) -> None:
    settings.FIELD_KEYS = []
    number = checked("36010119580315123")
    assert refused(lambda: record_identity_number(person, number, by=by)) == "field_keys_missing"
    with pytest.raises(ImproperlyConfigured):
        refuse_numbers_without_keys()
    settings.FIELD_KEYS = ["not-a-key"]
    with pytest.raises(ImproperlyConfigured):
        refuse_numbers_without_keys()


def test_control_it_starts_where_nobody_turned_them_on(community: Community, settings: Any) -> None:
    settings.FIELD_KEYS = []
    refuse_numbers_without_keys()
