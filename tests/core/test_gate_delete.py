"""gate.delete: what nobody uses, by whom it is allowed."""

import pytest

from backend.core import gate, history
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.core.residents import PHONE, resident, table

pytestmark = pytest.mark.django_db


def test_deletes_and_remembers_the_whole_row(community: Community) -> None:
    saved = gate.save(resident(community, "李梅", PHONE), by=SYSTEM)
    # What is made from other fields is no part of the history.
    [row] = table(Resident, *Resident.derived)
    gate.delete(saved, by=SYSTEM, reason="搬走")
    assert not Resident.objects.exists()
    part = ChangeSet.objects.get(verb="delete people.Resident", reason="搬走").parts.get()
    [change] = history.unpack(part)
    assert (change.kind, change.pk, change.after) == (history.DELETE, saved.pk, None)
    assert history.restored(Resident, change.before or {}) == row


def test_refuses_what_others_use(building: Building) -> None:
    before = table(Estate)
    with pytest.raises(RuleViolation) as refused:
        gate.delete(building.estate, by=SYSTEM)
    assert refused.value.code == "in_use"
    assert table(Estate) == before


def test_one_used_row_keeps_the_whole_set(building: Building, community: Community) -> None:
    unused = gate.save(Estate(community=community, name="新河花园"), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        gate.delete_many([unused, building.estate], by=SYSTEM)
    assert refused.value.code == "in_use"
    assert Estate.objects.count() == 2


def test_names_the_rows_that_are_used(building: Building, community: Community) -> None:
    unused = gate.save(Estate(community=community, name="新河花园"), by=SYSTEM)
    both = [unused.pk, building.estate_id]
    assert gate.referenced(Estate, both) == {building.estate_id}


def test_refuses_what_is_gone(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    gate.delete(Resident.objects.get(), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        gate.delete(saved, by=SYSTEM)
    assert refused.value.code == "not_found"


def test_four_callers_ask_to_delete_a_resident(
    community: Community,
    secretary: User,
    worker: User,
    other_worker: User,
    resident_user: User,
) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    for user in (worker, other_worker, resident_user):
        with pytest.raises(RuleViolation) as refused:
            gate.delete(saved, by=Actor.of(user, "test"))
        assert refused.value.code == "not_allowed"
        assert Resident.objects.filter(pk=saved.pk).exists()
    gate.delete(saved, by=Actor.of(secretary, "test"))
    assert not Resident.objects.exists()


def test_the_community_asked_is_the_stored_one(
    community: Community, other_community: Community, secretary: User
) -> None:
    """A forged community on the record at hand opens nothing."""
    theirs = gate.save(resident(other_community), by=SYSTEM)
    theirs.community = community
    with pytest.raises(RuleViolation) as refused:
        gate.delete(theirs, by=Actor.of(secretary, "test"))
    assert refused.value.code == "not_allowed"
    assert Resident.objects.exists()


def test_refuses_to_delete_without_an_actor(community: Community) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    with pytest.raises(TypeError):
        gate.delete(saved, by=None)  # type: ignore[arg-type]
    assert Resident.objects.exists()
