"""Two rows of one person become one, and two again."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.education import actions as education
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people import actions
from backend.people.households import form_households
from backend.people.merging import (
    merge_residents,
    merged_rows,
    pointers_to,
    unmerge_residents,
)
from backend.people.models import Consent, Household, PrivacyNotice, Resident, User
from backend.places.models import Building, Community
from tests.conftest import new_event
from tests.people.neighbours import OTHER, PHONE, THIRD, at, everything, neighbour

pytestmark = pytest.mark.django_db
WHY = "同一个人登记了两次"


@pytest.fixture
def keep(community: Community) -> Resident:
    return neighbour(community, "张三", PHONE)


@pytest.fixture
def drop(community: Community, building: Building) -> Resident:
    return neighbour(community, "张三", OTHER, gender="male", birth_month="1958-03", **at(building))


def attend(event: LegalEducationEvent, resident: Resident, **more: Any) -> Attendance:
    row = Attendance(
        community_id=event.community_id, event=event, resident=resident, name=resident.name, **more
    )
    return gate.save(row, by=SYSTEM)


def full_life(drop: Resident, keep: Resident, event: LegalEducationEvent) -> None:
    """Everything that may hang on the second row, some of it on the first as well."""
    community = drop.community
    actions.add_phone(drop, phone=THIRD, kind="family", by=SYSTEM)
    actions.add_phone(drop, phone=PHONE, kind="own", by=SYSTEM)
    notice = gate.save(
        PrivacyNotice(
            community=community,
            version="2025-1",
            text="告知",
            published_on=datetime.date(2025, 1, 1),
        ),
        by=SYSTEM,
    )
    for person in (keep, drop):
        actions.give_consent(person, notice, purpose="roster", by=SYSTEM)
    actions.give_consent(drop, notice, purpose="photos", by=SYSTEM)
    form_households(community, by=SYSTEM)
    household = Household.objects.get()
    household.head = drop
    gate.save(household, by=SYSTEM)
    attend(event, keep)
    attend(event, drop, age=67, signed=True)
    drop.refresh_from_db()


def test_everything_of_the_second_row_is_the_firsts(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, actor: Actor
) -> None:
    full_life(drop, keep, event_open)
    merge_residents(keep, drop, by=actor, reason=WHY)
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert (keep.gender, keep.birth_month, keep.room) == ("male", "1958-03", "501")
    assert keep.phone == PHONE
    assert set(keep.phones.values_list("phone", flat=True)) == {OTHER, THIRD}
    assert Household.objects.get().head_id == keep.pk
    assert keep.household_id == Household.objects.get().pk
    assert set(keep.consents.values_list("purpose", flat=True)) == {"roster", "photos"}
    assert drop.merged_into_id == keep.pk
    assert merged_rows(keep) == [drop]
    for model, field in pointers_to(Resident):
        if field.name != "merged_into":
            assert not model._default_manager.filter(**{field.name: drop}).exists(), model


def test_one_person_at_one_event_is_one_attendance(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, actor: Actor
) -> None:
    attend(event_open, keep)
    attend(event_open, drop, age=67)
    merge_residents(keep, drop, by=actor, reason=WHY)
    [row] = Attendance.objects.all()
    # What only the second row knew is kept.
    assert (row.resident_id, row.age) == (keep.pk, 67)
    assert LegalEducationEvent.objects.heads_of(event_open.pk) == 1


def test_taking_back_restores_every_table(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, actor: Actor
) -> None:
    full_life(drop, keep, event_open)
    before = everything()
    merge_residents(keep, drop, by=actor, reason=WHY)
    assert everything() != before
    drop.refresh_from_db()
    done = unmerge_residents(drop, by=actor)
    assert done.left == []
    assert everything() == before


@given(
    first=st.tuples(*[st.booleans()] * 7),
    second=st.tuples(*[st.booleans()] * 7),
    archived=st.booleans(),
)
def test_whatever_the_two_have_taking_back_restores_every_table(
    first: Any, second: Any, archived: bool, building: Building, venue: Venue, actor: Actor
) -> None:
    both = list(zip(first, second, strict=True))
    # Two rows of one name at one door, neither with a phone, cannot be.
    assume(any(both[0]) or not all(both[1]))
    with transaction.atomic():
        events = [gate.save(new_event(venue, code=f"e-{n}"), by=SYSTEM) for n in range(2)]
        for event in events:
            education.open_event(event, by=SYSTEM)
        people = [
            someone(building, phone, has, events)
            for phone, has in ((PHONE, first), (OTHER, second))
        ]
        form_households(building.community, by=SYSTEM)
        for event in events if archived else ():
            held = education.hold_event(LegalEducationEvent.objects.get(pk=event.pk), by=SYSTEM)
            if LegalEducationEvent.objects.heads_of(event.pk):
                education.archive_event(held, by=SYSTEM)
        before = everything()
        keep, drop = (Resident.objects.get(pk=person.pk) for person in people)
        merge_residents(keep, drop, by=actor, reason=WHY)
        assert not Attendance.objects.filter(resident=drop).exists()
        for event, came in zip(events, both[4:6], strict=True):
            assert LegalEducationEvent.objects.heads_of(event.pk) == any(came)
        drop.refresh_from_db()
        assert unmerge_residents(drop, by=actor).left == []
        assert everything() == before
        transaction.set_rollback(True)


def someone(
    building: Building, phone: str, has: Any, events: list[LegalEducationEvent]
) -> Resident:
    """A row of 张三 that has some of what a row may have."""
    phoned, housed, born, further, *came, shared = has
    person = neighbour(
        building.community,
        "张三",
        phone if phoned else "",
        birth_month="1958-03" if born else "",
        remark=phone,
        **(at(building) if housed else {}),
    )
    if further:
        actions.add_phone(person, phone=THIRD, kind="own", by=SYSTEM)
    if shared and person.phone != PHONE:
        actions.add_phone(person, phone=PHONE, kind="own", by=SYSTEM)
    for event, there in zip(events, came, strict=True):
        if there:
            attend(event, person, age=60 if further else None)
    return person


def test_the_archive_moves_along(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, actor: Actor
) -> None:
    """Who came is corrected, what happened is not: an archived event does not stand in the way."""
    attend(event_open, drop)
    education.hold_event(event_open, by=SYSTEM)
    event = LegalEducationEvent.objects.get(pk=event_open.pk)
    education.archive_event(event, by=SYSTEM)
    row = Attendance.objects.get()
    row.remark = "改"
    with pytest.raises(RuleViolation):  # the control: anything else is refused there
        gate.save(row, by=SYSTEM)
    merge_residents(keep, drop, by=actor, reason=WHY)
    assert Attendance.objects.get().resident_id == keep.pk
    drop.refresh_from_db()
    unmerge_residents(drop, by=actor)
    assert Attendance.objects.get().resident_id == drop.pk


def test_a_naive_merge_would_break_the_sign_in_list(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent
) -> None:
    """The control: pointing rows elsewhere without looking meets the unique key."""
    attend(event_open, keep)
    attend(event_open, drop)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(resident=drop).update(resident=keep)


def test_what_has_changed_since_is_listed_and_left(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, actor: Actor
) -> None:
    row = attend(event_open, drop)
    merge_residents(keep, drop, by=actor, reason=WHY)
    row.refresh_from_db()
    row.remark = "补充"
    gate.save(row, by=SYSTEM)
    drop.refresh_from_db()
    done = unmerge_residents(drop, by=actor)
    assert done.left == [("education.Attendance", row.pk, "changed")]
    row.refresh_from_db()
    assert (row.resident_id, row.remark) == (keep.pk, "补充")
    assert Resident.objects.get(pk=drop.pk).merged_into is None


def test_a_merge_is_taken_back_whole_or_not_at_all(community: Community, actor: Actor) -> None:
    keep = neighbour(community, "张三", "", remark="旧")
    drop = neighbour(community, "张三", PHONE)
    merge_residents(keep, drop, by=actor, reason=WHY)
    keep.refresh_from_db()
    assert keep.phone == PHONE
    keep.remark = "新"
    gate.save(keep, by=SYSTEM)
    before = everything()
    drop.refresh_from_db()
    with pytest.raises(RuleViolation) as refused:
        unmerge_residents(drop, by=actor)
    assert refused.value.code == "unmerge_blocked"
    assert everything() == before


def test_merges_in_a_row_are_taken_back_one_by_one(community: Community, actor: Actor) -> None:
    first, second, third = (neighbour(community, "张三", phone) for phone in (PHONE, OTHER, THIRD))
    before = everything()
    merge_residents(second, third, by=actor, reason=WHY)
    between = everything()
    merge_residents(first, Resident.objects.get(pk=second.pk), by=actor, reason=WHY)
    unmerge_residents(Resident.objects.get(pk=second.pk), by=actor)
    assert everything() == between
    unmerge_residents(Resident.objects.get(pk=third.pk), by=actor)
    assert everything() == before


def test_the_account_goes_along_and_two_accounts_are_refused(
    keep: Resident, drop: Resident, resident_user: User, worker: User, actor: Actor
) -> None:
    drop.user = resident_user
    gate.save(drop, by=SYSTEM)
    actions.add_phone(keep, phone=OTHER, kind="own", by=SYSTEM)
    merge_residents(keep, drop, by=actor, reason=WHY)
    keep.refresh_from_db()
    assert keep.user_id == resident_user.pk
    drop.refresh_from_db()
    unmerge_residents(drop, by=actor)
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert (keep.user_id, drop.user_id) == (None, resident_user.pk)
    keep.user = worker
    gate.save(keep, by=SYSTEM)
    assert _refused(keep, drop, actor) == "merge_two_accounts"


@pytest.mark.parametrize("kind", ["none", "family", "other"])
def test_an_account_does_not_go_to_who_is_reached_elsewhere(
    keep: Resident, drop: Resident, resident_user: User, actor: Actor, kind: str
) -> None:
    """The same name, and no phone of their own that both rows have."""
    drop.user = resident_user
    gate.save(drop, by=SYSTEM)
    if kind != "none":
        actions.add_phone(keep, phone=OTHER, kind=kind, by=SYSTEM)
    assert _refused(keep, drop, actor) == "merge_moves_account"
    # The other way round nobody becomes somebody else.
    merge_residents(drop, keep, by=actor, reason=WHY)
    assert Resident.objects.get(user=resident_user).pk == drop.pk


def test_an_account_does_not_go_to_another_name(
    community: Community, resident_user: User, actor: Actor
) -> None:
    keep = neighbour(community, "张三", PHONE)
    drop = neighbour(community, "张山", PHONE, user=resident_user)
    assert _refused(keep, drop, actor) == "merge_moves_account"


def test_nobody_merges_their_own_row(
    keep: Resident, drop: Resident, worker: User, secretary: User, actor: Actor
) -> None:
    drop.user = worker
    gate.save(drop, by=SYSTEM)
    actions.add_phone(keep, phone=OTHER, kind="own", by=SYSTEM)
    assert _refused(keep, drop, actor) == "merge_own_account"
    assert _refused(drop, keep, actor) == "merge_own_account"
    merge_residents(keep, drop, by=Actor.of(secretary, "test"), reason=WHY)
    assert Resident.objects.get(user=worker).pk == keep.pk


@pytest.mark.parametrize(("name", "kind"), [("张三", "own"), ("张山", "other")])
def test_the_number_of_another_name_is_not_kept_as_ones_own(
    keep: Resident, community: Community, actor: Actor, name: str, kind: str
) -> None:
    """Else whoever stands wrongly in the second row could claim the first by its name."""
    merge_residents(keep, neighbour(community, name, OTHER), by=actor, reason=WHY)
    assert keep.phones.get(phone=OTHER).kind == kind


def _refused(keep: Resident, drop: Resident, by: Actor, reason: str = WHY) -> str:
    before = everything(), ChangeSet.objects.count()
    with pytest.raises(RuleViolation) as refused:
        merge_residents(keep, drop, by=by, reason=reason)
    assert (everything(), ChangeSet.objects.count()) == before
    return refused.value.code


def test_what_is_refused_changes_nothing(
    keep: Resident,
    drop: Resident,
    other_community: Community,
    secretary: User,
    other_worker: User,
    resident_user: User,
    admin_user: User,
    actor: Actor,
) -> None:
    stranger = neighbour(other_community, "张三", THIRD)
    assert _refused(keep, keep, actor) == "merge_same"
    assert _refused(keep, stranger, actor) == "not_found"
    assert _refused(keep, drop, actor, reason=" ") == "reason_required"
    for user in (other_worker, resident_user, admin_user):
        assert _refused(keep, drop, Actor.of(user, "test")) == "not_allowed"
    merge_residents(keep, drop, by=Actor.of(secretary, "test"), reason=WHY)
    drop.refresh_from_db()
    assert _refused(keep, drop, actor) == "not_found"
    assert _refused(drop, keep, actor) == "not_found"


def test_nobody_unmerges_what_is_not_merged(
    drop: Resident, other_worker: User, actor: Actor
) -> None:
    with pytest.raises(RuleViolation) as refused:
        unmerge_residents(drop, by=actor)
    assert refused.value.code == "not_merged"
    with pytest.raises(RuleViolation) as refused:
        unmerge_residents(drop, by=Actor.of(other_worker, "test"))
    assert refused.value.code == "not_allowed"


def test_nothing_new_hangs_on_a_merged_row(
    keep: Resident, drop: Resident, event_open: LegalEducationEvent, worker: User, actor: Actor
) -> None:
    merge_residents(keep, drop, by=actor, reason=WHY)
    assert list(Resident.objects.visible_to(worker)) == [keep]
    with pytest.raises(RuleViolation) as refused:
        attend(event_open, drop)
    assert refused.value.code == "not_found"
    assert Consent.objects.count() == 0
