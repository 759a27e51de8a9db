"""gate.save_many: all of a set or none of it."""

import pytest

from backend.core import gate, history
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangePart, ChangeSet, JobProgress
from backend.people.models import Resident
from backend.places.models import Community, Estate
from tests.core.residents import OTHER_PHONE, PHONE, resident, table

pytestmark = pytest.mark.django_db


def test_writes_all_in_one_change_set(community: Community) -> None:
    people = [resident(community, f"李{n}") for n in "一二三"]
    changes = gate.save_many(people, by=SYSTEM)
    assert changes is not None
    part = changes.parts.get()
    assert (part.model, part.rows) == ("people.Resident", 3)
    assert [c.pk for c in history.unpack(part)] == [p.pk for p in people]
    assert set(Resident.objects.values_list("name", flat=True)) == {"李一", "李二", "李三"}


def test_says_by_position_what_each_record_broke_and_writes_none(community: Community) -> None:
    logged = ChangeSet.objects.count()
    with pytest.raises(ManyViolations) as refused:
        gate.save_many(
            [
                resident(community, "李一", PHONE),
                resident(community, ""),
                resident(community, "李三", "123"),
                resident(community, "李一", PHONE),
            ],
            by=SYSTEM,
        )
    codes = {index: violation.code for index, violation in refused.value.by_index.items()}
    assert codes == {1: "required", 2: "phone_invalid", 3: "resident_taken"}
    assert not Resident.objects.exists()
    assert ChangeSet.objects.count() == logged


def test_a_refused_record_takes_no_key_from_the_next(community: Community) -> None:
    with pytest.raises(ManyViolations) as refused:
        gate.save_many(
            [
                resident(community, "李一", PHONE, gender="x"),
                resident(community, "李一", PHONE),
            ],
            by=SYSTEM,
        )
    assert set(refused.value.by_index) == {0}


def test_writes_new_and_changed_records_together(community: Community) -> None:
    known = gate.save(resident(community, "李一"), by=SYSTEM)
    known.phone = OTHER_PHONE
    changes = gate.save_many([known, resident(community, "李二")], by=SYSTEM)
    assert changes is not None
    kinds = [c.kind for part in changes.parts.order_by("pk") for c in history.unpack(part)]
    assert kinds == [history.UPDATE, history.CREATE]
    assert Resident.objects.get(pk=known.pk).phone == OTHER_PHONE


def test_different_fields_of_different_records_are_all_written(community: Community) -> None:
    people = [resident(community, f"李{n}") for n in "一二三"]
    gate.save_many(people, by=SYSTEM)
    people[0].phone, people[1].remark = PHONE, "独居"
    people[2].phone, people[2].room = OTHER_PHONE, "501"
    gate.save_many(people, by=SYSTEM)
    assert list(Resident.objects.values_list("name", "phone", "remark", "room", "revision")) == [
        ("李一", PHONE, "", "", 2),
        ("李二", "", "独居", "", 2),
        ("李三", OTHER_PHONE, "", "501", 2),
    ]


def test_one_foreign_record_refuses_the_whole_set(
    community: Community, other_community: Community, actor: Actor
) -> None:
    with pytest.raises(RuleViolation) as refused:
        gate.save_many([resident(community), resident(other_community)], by=actor)
    assert refused.value.code == "not_allowed"
    assert not Resident.objects.exists()


def test_a_set_over_several_communities_belongs_to_none(
    community: Community, other_community: Community
) -> None:
    changes = gate.save_many([resident(community), resident(other_community)], by=SYSTEM)
    assert changes is not None
    assert changes.community is None


def test_nothing_to_write_writes_no_change_set() -> None:
    assert gate.save_many([], by=SYSTEM) is None
    assert not ChangeSet.objects.exists()


def test_several_calls_may_share_a_change_set(community: Community) -> None:
    with gate.change_set("move in", by=SYSTEM, community_id=community.pk) as changes:
        gate.save(Estate(community=community, name="新河花园"), by=SYSTEM, within=changes)
        gate.save(resident(community), by=SYSTEM, within=changes)
    parts = ChangePart.objects.filter(change_set=changes).order_by("pk")
    assert [part.model for part in parts] == ["places.Estate", "people.Resident"]


def _save_a_good_and_a_bad_one(community: Community) -> None:
    with gate.change_set("move in", by=SYSTEM, community_id=community.pk) as changes:
        gate.save(resident(community, "李一"), by=SYSTEM, within=changes)
        gate.save(resident(community, ""), by=SYSTEM, within=changes)


def test_a_change_set_that_fails_half_way_leaves_nothing(community: Community) -> None:
    before = table(ChangeSet)
    with pytest.raises(RuleViolation):
        _save_a_good_and_a_bad_one(community)
    assert not Resident.objects.exists()
    assert table(ChangeSet) == before


def test_a_number_once_issued_never_names_another_record(community: Community) -> None:
    first = gate.save(resident(community), by=SYSTEM)
    number = first.pk
    gate.delete(first, by=SYSTEM)
    assert gate.save(resident(community), by=SYSTEM).pk > number


def test_bookkeeping_is_no_way_around_the_rules(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    before = table(Resident)
    with pytest.raises(TypeError):
        gate.keep_notes([resident(community, "李二")])
    with pytest.raises(TypeError):
        gate.note(Resident, {"pk": saved.pk}, {"name": "李二"})
    with pytest.raises(TypeError):
        gate.drop_notes(Resident.objects.all())
    assert table(Resident) == before


def test_a_note_is_written_once_a_key() -> None:
    gate.note(JobProgress, {"key": "job"}, {"done": 1})
    gate.note(JobProgress, {"key": "job"}, {"done": 2})
    assert list(JobProgress.objects.values_list("key", "done")) == [("job", 2)]
    assert gate.drop_notes(JobProgress.objects.filter(key="job")) == 1
    assert not JobProgress.objects.exists()
