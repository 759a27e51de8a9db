"""Undo: the inverse of a change set; what others have worked on since is listed and left."""

import pytest

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet, Kept
from backend.core.undo import undo
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.core.residents import OTHER_PHONE, PHONE, resident, table

pytestmark = pytest.mark.django_db
_COUNTED = ("revision", "updated_at")


def _last() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def test_what_was_created_is_removed(community: Community) -> None:
    gate.save_many([resident(community, "李一"), resident(community, "李二")], by=SYSTEM)
    done = undo(_last(), by=SYSTEM)
    assert (done.restored, done.left) == (2, [])
    assert not Resident.objects.exists()


def test_what_was_updated_is_restored_under_a_new_revision(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    before = table(Resident, *_COUNTED)
    saved.name, saved.phone, saved.remark = "王芳", OTHER_PHONE, "独居"
    gate.save(saved, by=SYSTEM)
    done = undo(_last(), by=SYSTEM)
    assert (done.restored, done.left) == (1, [])
    assert table(Resident, *_COUNTED) == before
    assert Resident.objects.get().revision == 3


def test_what_was_deleted_comes_back_under_its_number(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    before = table(Resident, "updated_at")
    gate.delete(saved, by=SYSTEM)
    gate.save(resident(community, "新来"), by=SYSTEM)
    done = undo(ChangeSet.objects.get(verb="delete people.Resident"), by=SYSTEM)
    assert (done.restored, done.left) == (1, [])
    assert [row for row in table(Resident, "updated_at") if row["name"] == "李梅"] == before


def test_a_chain_of_parts_is_taken_back_last_part_first(community: Community) -> None:
    """The building stands on the estate: it has to go first."""
    with gate.change_set("move in", by=SYSTEM, community_id=community.pk) as changes:
        estate = gate.save(Estate(community=community, name="新区"), by=SYSTEM, within=changes)
        house = Building(community=community, estate=estate, name="1")
        gate.save(house, by=SYSTEM, within=changes)
        gate.save(resident(community, building=house), by=SYSTEM, within=changes)
    done = undo(changes, by=SYSTEM)
    assert (done.restored, done.left) == (3, [])
    assert not Estate.objects.exists()


def test_a_created_row_that_was_changed_since_is_left_and_listed(community: Community) -> None:
    people = [resident(community, "李一"), resident(community, "李二")]
    changes = gate.save_many(people, by=SYSTEM)
    assert changes is not None
    people[0].remark = "后来改的"
    gate.save(people[0], by=SYSTEM)
    done = undo(changes, by=SYSTEM)
    assert done.left == [("people.Resident", people[0].pk, "changed")]
    assert [row["remark"] for row in table(Resident)] == ["后来改的"]


def test_an_updated_row_that_was_changed_since_is_left_and_listed(community: Community) -> None:
    saved = gate.save(resident(community, "李梅"), by=SYSTEM)
    saved.remark = "一"
    gate.save(saved, by=SYSTEM)
    first = _last()
    saved.remark = "二"
    gate.save(saved, by=SYSTEM)
    done = undo(first, by=SYSTEM)
    assert (done.restored, done.left) == (0, [("people.Resident", saved.pk, "changed")])
    assert Resident.objects.get().remark == "二"


def test_a_row_that_is_gone_is_listed(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    number, changes = saved.pk, _last()
    gate.delete(saved, by=SYSTEM)
    assert undo(changes, by=SYSTEM).left == [("people.Resident", number, "gone")]


def test_a_created_row_that_others_use_is_left_and_listed(
    community: Community, building: Building
) -> None:
    changes = ChangeSet.objects.get(verb="save places.Building")
    gate.save(resident(community, building=building), by=SYSTEM)
    done = undo(changes, by=SYSTEM)
    assert (done.restored, done.left) == (0, [("places.Building", building.pk, "used")])
    assert Building.objects.filter(pk=building.pk).exists()


def test_a_deleted_row_whose_place_is_taken_is_left_and_listed(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    number = saved.pk
    free = gate.save(resident(community, "王芳"), by=SYSTEM)
    gate.delete_many([saved, free], by=SYSTEM)
    changes = _last()
    gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    done = undo(changes, by=SYSTEM)
    assert (done.restored, done.left) == (1, [("people.Resident", number, "resident_taken")])
    assert sorted(row["name"] for row in table(Resident)) == ["李梅", "王芳"]


def test_is_taken_back_once(community: Community) -> None:
    gate.save(resident(community), by=SYSTEM)
    changes = _last()
    undo(changes, by=SYSTEM)
    gate.save(resident(community, "新来"), by=SYSTEM)
    before, logged = table(Resident), ChangeSet.objects.count()
    with pytest.raises(RuleViolation) as refused:
        undo(changes, by=SYSTEM)
    assert refused.value.code == "already_undone"
    assert (table(Resident), ChangeSet.objects.count()) == (before, logged)


def test_an_undo_is_a_change_set_that_names_what_it_took_back(
    community: Community, actor: Actor
) -> None:
    gate.save(resident(community), by=SYSTEM)
    changes = _last()
    done = undo(changes, by=actor, reason="传错文件")
    stored = ChangeSet.objects.get(pk=done.change_set.pk)
    assert (stored.undo_of, stored.reason, stored.actor_name) == (changes, "传错文件", "worker")
    assert stored.verb == "undo save people.Resident"


def test_an_undo_can_itself_be_taken_back(community: Community) -> None:
    gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    before = table(Resident, "updated_at")
    first = undo(_last(), by=SYSTEM)
    assert undo(first.change_set, by=SYSTEM).left == []
    assert table(Resident, "updated_at") == before


def test_takes_back_the_named_models_alone(community: Community) -> None:
    with gate.change_set("move in", by=SYSTEM, community_id=community.pk) as changes:
        gate.save(Estate(community=community, name="新区"), by=SYSTEM, within=changes)
        gate.save(resident(community), by=SYSTEM, within=changes)
    only: list[type[Kept]] = [Resident]
    assert undo(changes, by=SYSTEM, only=only).restored == 1
    assert Estate.objects.count() == 1
    assert not Resident.objects.exists()


def test_taking_back_what_one_has_entered_is_an_edit(community: Community, actor: Actor) -> None:
    """A worker may not delete residents, but may undo the import that brought them."""
    gate.save(resident(community), by=actor)
    assert undo(_last(), by=actor).restored == 1


def test_refuses_an_actor_of_another_community(community: Community, other_worker: User) -> None:
    gate.save(resident(community), by=SYSTEM)
    changes, before = _last(), table(Resident)
    with pytest.raises(RuleViolation) as refused:
        undo(changes, by=Actor.of(other_worker, "test"))
    assert refused.value.code == "not_allowed"
    assert table(Resident) == before
    assert not ChangeSet.objects.filter(undo_of=changes).exists()


def test_a_change_set_over_several_communities_is_the_installations(
    community: Community, other_community: Community, actor: Actor, admin_user: User
) -> None:
    gate.save_many([resident(community), resident(other_community)], by=SYSTEM)
    changes = _last()
    with pytest.raises(RuleViolation) as refused:
        undo(changes, by=actor)
    assert refused.value.code == "not_allowed"
    assert Resident.objects.count() == 2
    assert undo(changes, by=Actor.of(admin_user, "test")).restored == 2
