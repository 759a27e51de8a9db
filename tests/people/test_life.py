"""Who leaves, comes back, dies; what a household is; what one agrees to."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate, history
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.people import actions
from backend.people.households import form_households
from backend.people.models import Consent, Household, PrivacyNotice, Resident, ResidentPhone, User
from backend.people.queries import current_notice, latest_consents, members_of, possible_duplicates
from backend.people.tasks import form_all_households
from backend.places.models import Building, Community
from tests.conftest import user_with_role
from tests.people.neighbours import OTHER, PHONE, THIRD, at, everything, neighbour

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 5, 1)


def refused(do: Callable[[], Any]) -> str:
    """The code of a refusal that changed nothing."""
    before = everything()
    with pytest.raises(RuleViolation) as violation:
        do()
    assert everything() == before
    return violation.value.code


# --- leaving and coming back ---------------------------------------------------------------------


def test_who_moves_out_leaves_the_household_and_comes_back_to_it(
    community: Community, building: Building, actor: Actor
) -> None:
    person = actions.save_resident(
        Resident(community=community, name="张三", phone=PHONE, **at(building)), by=actor
    )
    house = Household.objects.get()
    house.head = person
    gate.save(house, by=actor)
    actions.move_out(person, on=DAY, by=actor, reason="去女儿家")
    house.refresh_from_db()
    assert (person.moved_out_on, person.household, house.head) == (DAY, None, None)
    assert person.residence == "moved_out"
    assert not Resident.objects.present().exists()
    assert Resident.objects.whose_residence_is("moved_out").get() == person
    back = actions.move_in_again(person, on=DAY + datetime.timedelta(days=9), by=actor)
    assert (back.moved_out_on, back.household) == (None, house)
    verbs = [changes.verb for changes, _ in history.of_record(person)]
    assert {"move out resident", "move in resident"} <= set(verbs)


def test_a_family_moves_out_at_once(community: Community, building: Building, actor: Actor) -> None:
    for phone in (PHONE, OTHER):
        neighbour(community, f"张{phone[-1]}", phone, **at(building))
    form_households(community, by=SYSTEM)
    house = Household.objects.get()
    sets = ChangeSet.objects.count()
    actions.move_out_household(house, on=DAY, by=actor)
    house.refresh_from_db()
    assert not house.occupied
    assert set(Resident.objects.values_list("moved_out_on", flat=True)) == {DAY}
    assert ChangeSet.objects.count() == sets + 1


def test_a_death_is_recorded_and_corrected(
    community: Community, building: Building, actor: Actor
) -> None:
    person = neighbour(community, **at(building))
    actions.record_death(person, on=DAY, by=actor)
    assert person.residence == "deceased"
    assert refused(lambda: actions.move_out(person, on=DAY, by=actor)) == "resident_deceased"
    assert refused(lambda: actions.record_death(person, on=DAY, by=actor)) == "resident_deceased"
    assert refused(lambda: actions.correct_death(person, by=actor, reason="")) == "reason_required"
    alive = actions.correct_death(person, by=actor, reason="同名的人")
    assert (alive.residence, alive.household) == ("present", Household.objects.get())


def test_days_and_orders_are_checked(community: Community, actor: Actor) -> None:
    person = neighbour(community)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    nothing: Any = None
    assert refused(lambda: actions.move_out(person, on=tomorrow, by=actor)) == "day_in_future"
    assert refused(lambda: actions.move_out(person, on=nothing, by=actor)) == "day_missing"
    assert refused(lambda: actions.move_in_again(person, on=DAY, by=actor)) == "resident_present"
    assert (
        refused(lambda: actions.correct_death(person, by=actor, reason="误"))
        == "resident_not_deceased"
    )
    actions.move_out(person, on=DAY, by=actor)
    assert refused(lambda: actions.move_out(person, on=DAY, by=actor)) == "resident_moved_out"
    early = DAY - datetime.timedelta(days=1)
    assert (
        refused(lambda: actions.move_in_again(person, on=early, by=actor)) == "day_before_leaving"
    )


def test_only_the_desk_of_the_community_records_lives(
    community: Community, other_worker: User, resident_user: User
) -> None:
    person = neighbour(community)
    for user in (other_worker, resident_user):
        by = Actor.of(user, "test")
        fresh = Resident.objects.get(pk=person.pk)
        assert refused(lambda p=fresh, b=by: actions.move_out(p, on=DAY, by=b)) == "not_allowed"


# --- households ----------------------------------------------------------------------------------


def test_households_are_made_from_doors_once(
    community: Community, building: Building, actor: Actor
) -> None:
    first = neighbour(community, "张三", PHONE, **at(building))
    second = neighbour(community, "李四", OTHER, **at(building))
    neighbour(community, "王五", THIRD, **at(building, room="502"))
    neighbour(community, "没有门牌", "", building=building)
    assert form_households(community, by=actor) == 2
    house = Household.objects.get(room="501")
    assert {p.pk for p in members_of(house)} == {first.pk, second.pk}
    sets = ChangeSet.objects.count()
    assert form_households(community, by=actor) == 0
    assert ChangeSet.objects.count() == sets
    assert form_all_households.func() == 0


def test_whoever_goes_to_another_door_leaves_the_household(
    community: Community, building: Building, actor: Actor
) -> None:
    person = neighbour(community, **at(building))
    form_households(community, by=actor)
    old = Household.objects.get()
    old.head = Resident.objects.get()
    gate.save(old, by=actor)
    moved = Resident.objects.get(pk=person.pk)
    moved.room = "1201"
    actions.save_resident(moved, by=actor)
    moved.refresh_from_db()
    old.refresh_from_db()
    assert moved.household == Household.objects.get(room="1201")
    assert old.head is None


def test_joining_a_household_is_no_work_that_stands_in_the_way_of_undo(
    community: Community, building: Building, actor: Actor
) -> None:
    person = neighbour(community, **at(building))
    revision = person.revision
    form_households(community, by=actor)
    person.refresh_from_db()
    assert (person.household is not None, person.revision) == (True, revision)


def test_a_head_lives_in_the_household_and_a_door_is_one_household(
    community: Community, building: Building, actor: Actor
) -> None:
    stranger = neighbour(community, "李四", OTHER)
    neighbour(community, **at(building))
    form_households(community, by=actor)
    house = Household.objects.get()
    house.head = stranger
    assert refused(lambda: gate.save(house, by=actor)) == "head_not_member"
    twice = Household(community=community, building=building, unit="2", room="501")
    assert refused(lambda: gate.save(twice, by=actor)) == "household_taken"
    bare = Household(community=community, building=building, room="")
    assert refused(lambda: gate.save(bare, by=actor)) in ("required", "household_room_missing")


# --- phones --------------------------------------------------------------------------------------


def test_no_phone_stands_twice_with_one_person(community: Community, actor: Actor) -> None:
    person = neighbour(community)
    row = actions.add_phone(person, phone=OTHER, kind="family", by=actor, remark="女儿")
    assert (str(row), row.phone_tail) == ("139****4321", "4321")

    def add(phone: str) -> Any:
        return actions.add_phone(person, phone=phone, kind="own", by=actor)

    assert refused(lambda: add(OTHER)) == "phone_twice"
    assert refused(lambda: add(PHONE)) == "phone_twice"
    assert refused(lambda: add("123")) == "phone_invalid"
    person.phone = OTHER
    assert refused(lambda: gate.save(person, by=actor)) == "phone_twice"
    actions.remove_phone(row, by=actor)
    assert not ResidentPhone.objects.exists()


# --- duplicates ----------------------------------------------------------------------------------


def test_who_may_stand_in_the_roster_twice(community: Community, building: Building) -> None:
    one = neighbour(community, "张三", PHONE, **at(building))
    two = neighbour(community, "张三", OTHER, **at(building))
    three = neighbour(community, "章山", "13512345678")
    neighbour(community, "李四", THIRD, **at(building))
    neighbour(community, "张三", "", address="河东")
    rows = possible_duplicates(Resident.objects.all())
    assert set(rows) == {one, two, three}


# --- consent -------------------------------------------------------------------------------------


@pytest.fixture
def notice(community: Community) -> PrivacyNotice:
    return gate.save(
        PrivacyNotice(community=community, version="2025-1", text="告知", published_on=DAY),
        by=SYSTEM,
    )


def test_a_notice_stays_word_for_word_once_agreed_to(
    community: Community, notice: PrivacyNotice, secretary: User, actor: Actor
) -> None:
    by = Actor.of(secretary, "test")
    notice.text = "改过的告知"
    gate.save(notice, by=by)
    person = neighbour(community)
    actions.give_consent(person, notice, purpose="roster", by=actor, means="paper")
    notice.text = "又改"
    assert refused(lambda: gate.save(notice, by=by)) == "notice_in_use"
    assert current_notice(community) == notice


def test_a_consent_is_given_and_withdrawn_by_the_person(
    community: Community, notice: PrivacyNotice, resident_user: User, actor: Actor
) -> None:
    person = neighbour(community, user=resident_user)
    stranger = neighbour(community, "李四", OTHER)
    own = Actor.of(resident_user, "test")
    consent = actions.give_consent(person, notice, purpose="photos", by=own)
    [changes] = ChangeSet.objects.filter(verb="save people.Consent")
    assert changes.actor_name == "resident"
    assert (
        refused(lambda: actions.give_consent(person, notice, purpose="photos", by=own))
        == "consent_taken"
    )
    assert (
        refused(lambda: actions.give_consent(stranger, notice, purpose="photos", by=own))
        == "not_allowed"
    )
    assert [c.stands for c in latest_consents(person)] == [True]
    actions.withdraw_consent(consent, by=own)
    assert [c.stands for c in latest_consents(person)] == [False]
    assert refused(lambda: actions.withdraw_consent(consent, by=own)) == "consent_withdrawn"
    again = actions.give_consent(person, notice, purpose="photos", by=actor, means="oral")
    assert latest_consents(person) == [again]


def test_drafts_are_not_agreed_to_and_not_seen(community: Community, actor: Actor) -> None:
    draft = gate.save(
        PrivacyNotice(community=community, version="草", text="未定"),
        by=SYSTEM,
    )
    person = neighbour(community)
    assert (
        refused(lambda: actions.give_consent(person, draft, purpose="roster", by=actor))
        == "notice_not_published"
    )
    assert current_notice(community) is None
    assert not PrivacyNotice.objects.visible_to(actor.user).exists()


def test_who_sees_consents(
    community: Community,
    notice: PrivacyNotice,
    resident_user: User,
    other_worker: User,
    worker: User,
) -> None:
    person = neighbour(community, user=resident_user)
    for one in (person, neighbour(community, "李四", OTHER)):
        actions.give_consent(one, notice, purpose="roster", by=SYSTEM)
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    nobody_of_here = user_with_role("partner", "partner", community=community)
    seen = {
        user.username: Consent.objects.visible_to(user).count()
        for user in (worker, office, resident_user, other_worker, nobody_of_here)
    }
    assert seen == {
        "worker": 2,
        "office": 2,
        "resident": 1,
        "dongfang-worker": 0,
        "partner": 0,
    }
