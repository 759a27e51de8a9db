"""The columns that somebody chose last in a list's export are chosen next time; theirs alone."""

import datetime
import re

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.exports.models import ColumnChoice
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from tests.admin.exporting import export, is_file
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/people/resident/export/"
ORGANIZATIONS = "/admin/people/organization/export/"


def ticked(user: User, address: str = PEOPLE) -> list[str]:
    page = caller(user).get(address).content.decode()
    return re.findall(r'name="columns" value="(\w+)" checked', page)


@pytest.fixture
def second_worker(worker: User, community: Community) -> User:
    user = User.objects.create_user("zweite", is_staff=True)
    since = datetime.date(2025, 1, 1)
    gate.save(
        CommunityRole(user=user, role="worker", community=community, valid_from=since), by=SYSTEM
    )
    return user


@pytest.fixture(autouse=True)
def person(community: Community) -> Resident:
    return gate.save(Resident(community=community, name="周若谷", phone="13900000003"), by=SYSTEM)


def test_are_ticked_next_time_in_their_order_for_this_list_and_this_person(
    worker: User, second_worker: User
) -> None:
    usual = ticked(worker)
    assert is_file(export(worker, PEOPLE, columns=["phone", "name"]))
    assert ticked(worker) == ["phone", "name"]
    assert ticked(second_worker) == usual
    assert len(ticked(worker, ORGANIZATIONS)) > 2
    # The page still knows which are the usual ones.
    page = caller(worker).get(PEOPLE).content.decode()
    assert f'data-usual-columns="{",".join(usual)}"' in page


def test_the_usual_ones_need_no_memory(worker: User) -> None:
    usual = ticked(worker)
    export(worker, PEOPLE, columns=["name"])
    assert ColumnChoice.objects.count() == 1
    export(worker, PEOPLE, columns=usual)
    assert not ColumnChoice.objects.exists()
    assert ticked(worker) == usual


def test_nothing_is_remembered_of_what_was_refused_or_is_gone(worker: User) -> None:
    usual = ticked(worker)
    assert not is_file(export(worker, PEOPLE, columns=["name"], whole="on", reason="短"))
    assert not ColumnChoice.objects.exists()
    export(worker, PEOPLE, columns=["name", "phone"])
    ColumnChoice.objects.update(columns=["gone", "phone"])
    assert ticked(worker) == ["phone"]
    ColumnChoice.objects.update(columns=["gone"])
    assert ticked(worker) == usual


def test_the_community_is_ticked_for_who_sees_several(worker: User, community: Community) -> None:
    assert not {"community", "updated_at"} & set(ticked(worker))
    assert not {"community", "updated_at"} & set(ticked(worker, ORGANIZATIONS))
    other = gate.save(
        Community(code="xihe", name="西河社区", subdistrict=community.subdistrict), by=SYSTEM
    )
    since = datetime.date(2025, 1, 1)
    gate.save(
        CommunityRole(user=worker, role="worker", community=other, valid_from=since), by=SYSTEM
    )
    both = User.objects.get(pk=worker.pk)
    assert "community" in ticked(both)
    assert "updated_at" not in ticked(both)
