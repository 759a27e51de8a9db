"""gate.save: one record, with its rules, its revision and its history."""

from typing import Any

import pytest

from backend.core import gate, history
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangePart, ChangeSet
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.core.residents import OTHER_PHONE, PHONE, resident, table

pytestmark = pytest.mark.django_db


def _refused(record: Any, by: Actor = SYSTEM) -> RuleViolation:
    """The violation; proves that neither the table nor the history has moved."""
    model, logged = type(record), ChangeSet.objects.count()
    before = table(model)
    with pytest.raises(RuleViolation) as refused:
        gate.save(record, by=by)
    assert table(model) == before
    assert ChangeSet.objects.count() == logged
    return refused.value


def test_writes_a_new_record_as_it_was_given(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", PHONE, remark="独居"), by=SYSTEM)
    stored = Resident.objects.get()
    assert (stored.pk, stored.name, stored.phone, stored.remark) == (
        saved.pk,
        "李梅",
        PHONE,
        "独居",
    )
    assert stored.revision == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": ""}, "required", "name"),
        ({"name": None}, "required", "name"),
        ({"name": 7}, "invalid_value", "name"),
        ({"name": "李" * 31}, "too_long", "name"),
        ({"gender": "x"}, "invalid_choice", "gender"),
        ({"phone": "1380000"}, "phone_invalid", "phone"),
        ({"birth_month": "1958-13"}, "month_invalid", "birth_month"),
        ({"building_id": 10**6}, "not_found", "building"),
    ],
)
def test_refuses_by_the_code_of_the_rule(
    community: Community, values: dict[str, Any], code: str, field: str
) -> None:
    violation = _refused(resident(community, **values))
    assert (violation.code, violation.field) == (code, field)


def test_refuses_a_record_without_a_community() -> None:
    assert _refused(Resident(name="李梅")).code == "required"


def test_refuses_a_second_resident_of_the_same_name_and_phone(community: Community) -> None:
    gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    assert _refused(resident(community, "李梅", PHONE)).code == "resident_taken"


def test_takes_namesakes_without_a_phone(community: Community) -> None:
    """A conditional constraint holds only where its condition does."""
    gate.save(resident(community, "李梅"), by=SYSTEM)
    gate.save(resident(community, "李梅"), by=SYSTEM)
    assert Resident.objects.count() == 2


def test_refuses_a_code_that_another_community_has_taken(
    estate: Estate, other_community: Community
) -> None:
    same = Estate(community=other_community, code=estate.code, name="别处")
    assert _refused(same).code == "code_taken"


def test_gives_a_code_where_none_was_given(community: Community) -> None:
    saved = gate.save(Estate(community=community, name="新河花园"), by=SYSTEM)
    assert saved.code.startswith("xq-")
    assert Estate.objects.get().code == saved.code


def test_counts_the_revision_and_moves_the_time_of_change(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    first = Resident.objects.get()
    saved.remark = "独居"
    gate.save(saved, by=SYSTEM)
    stored = Resident.objects.get()
    assert (stored.revision, stored.remark) == (2, "独居")
    assert stored.updated_at > first.updated_at
    assert stored.created_at == first.created_at


def test_leaves_the_revision_of_a_record_that_did_not_change(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    before = table(Resident)
    gate.save(saved, by=SYSTEM)
    assert table(Resident) == before
    assert ChangePart.objects.filter(model="people.Resident").count() == 1


def test_refuses_what_was_read_before_somebody_else_wrote(community: Community) -> None:
    mine = gate.save(resident(community), by=SYSTEM)
    theirs = Resident.objects.get()
    theirs.remark = "先到"
    gate.save(theirs, by=SYSTEM)
    mine.remark = "后到"
    assert _refused(mine).code == "changed_meanwhile"


def test_refuses_a_record_that_is_gone(community: Community) -> None:
    mine = gate.save(resident(community), by=SYSTEM)
    gate.delete(Resident.objects.get(), by=SYSTEM)
    assert _refused(mine).code == "not_found"


def test_keeps_the_value_of_which_only_the_mask_comes_back(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", "13800005678", room="501"), by=SYSTEM)
    saved.name, saved.phone, saved.room = "李*", "138****5678", "＊＊＊"
    saved.remark = "独居"
    gate.save(saved, by=SYSTEM)
    stored = Resident.objects.get()
    assert (stored.name, stored.phone, stored.room) == ("李梅", "13800005678", "501")
    assert stored.remark == "独居"


def test_takes_another_persons_mask_for_what_it_is(community: Community) -> None:
    """Only the mask of the stored value means "unchanged": another is no phone."""
    saved = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    saved.phone = "139****0000"
    assert _refused(saved).code == "phone_invalid"


def test_logs_who_did_what_through_which_door(community: Community, worker: User) -> None:
    saved = gate.save(resident(community), by=Actor.of(worker, "admin"), reason="走访")
    changes, change = next(history.of_record(saved))
    assert (changes.actor, changes.actor_name, changes.door) == (worker, "worker", "admin")
    assert (changes.verb, changes.reason) == ("save people.Resident", "走访")
    assert changes.community == community
    assert (change.kind, change.before) == (history.CREATE, None)
    assert change.after is not None
    assert change.after["name"] == "李梅"


def test_logs_only_the_fields_that_changed(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    saved.phone = OTHER_PHONE
    gate.save(saved, by=SYSTEM)
    _, change = next(history.of_record(saved))
    assert (change.kind, change.revision) == (history.UPDATE, 2)
    assert (change.before, change.after) == ({"phone": ""}, {"phone": OTHER_PHONE})


@pytest.mark.parametrize("nobody", [None, "worker"])
def test_refuses_to_write_without_an_actor(community: Community, nobody: Any) -> None:
    with pytest.raises(TypeError):
        gate.save(resident(community), by=nobody)
    assert not Resident.objects.exists()


def test_refuses_an_actor_of_another_community(community: Community, other_worker: User) -> None:
    stranger = Actor.of(other_worker, "test")
    assert _refused(resident(community), stranger).code == "not_allowed"


def test_refuses_an_actor_whose_role_only_looks(
    community: Community, building: Building, resident_user: User
) -> None:
    assert _refused(resident(community), Actor.of(resident_user, "test")).code == "not_allowed"


def test_refuses_to_take_a_row_from_another_community(
    community: Community, other_community: Community, actor: Actor
) -> None:
    theirs = gate.save(resident(other_community), by=SYSTEM)
    theirs.community = community
    assert _refused(theirs, actor).code == "not_allowed"


def test_refuses_to_give_a_row_to_another_community(
    community: Community, other_community: Community, actor: Actor
) -> None:
    ours = gate.save(resident(community), by=actor)
    ours.community = other_community
    assert _refused(ours, actor).code == "not_allowed"


def test_refuses_to_point_at_another_communitys_row(
    building: Building, other_community: Community
) -> None:
    violation = _refused(resident(other_community, building=building))
    assert (violation.code, violation.field) == ("not_found", "building")


def test_check_asks_the_rules_and_writes_nothing(community: Community) -> None:
    gate.check(resident(community))
    with pytest.raises(RuleViolation) as refused:
        gate.check(resident(community, phone="1"))
    assert refused.value.code == "phone_invalid"
    assert not Resident.objects.exists()
