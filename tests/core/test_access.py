"""Access: roles by community, dated; nobody acts unnamed."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from backend.core import gate
from backend.core.access import (
    COMMAND_LINE,
    EVERYWHERE,
    NOWHERE,
    SYSTEM,
    Actor,
    may,
    require,
    scope,
)
from backend.core.errors import RuleViolation
from backend.core.roles import GRANTS, Role
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Building, Community, Estate, Subdistrict
from tests.conftest import user_with_role
from tests.core.residents import resident

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
IN_A_COMMUNITY = sorted(set(Role) - {Role.OFFICE, Role.INSTALLATION})


@pytest.mark.parametrize("role", IN_A_COMMUNITY)
def test_a_role_may_in_its_community_what_the_table_grants_and_nothing_else(
    community: Community, other_community: Community, role: Role
) -> None:
    user = user_with_role("somebody", role, community=community)
    for action, granted in GRANTS.items():
        where = scope(user, action)
        assert where.covers(community.pk) == (role in granted), action
        assert not where.covers(other_community.pk), action
        assert not where.everywhere, action


def test_the_street_office_holds_in_all_its_communities(
    subdistrict: Subdistrict, community: Community, other_community: Community
) -> None:
    elsewhere = gate.save(Subdistrict(code="far", name="远方街道"), by=SYSTEM)
    far = gate.save(Community(code="far", name="远方社区", subdistrict=elsewhere), by=SYSTEM)
    office = user_with_role("office", Role.OFFICE, subdistrict=subdistrict)
    where = scope(office, "people.see")
    assert where.communities == {community.pk, other_community.pk}
    assert not where.covers(far.pk)
    assert scope(office, "people.edit") == NOWHERE


def test_a_role_in_one_estate_does_not_cover_the_community(
    community: Community, estate: Estate
) -> None:
    steward = user_with_role("steward", Role.STEWARD, community=community, estate=estate)
    where = scope(steward, "people.see")
    assert (where.estates, where.estate_communities) == ({estate.pk}, {community.pk})
    assert not where.covers(community.pk)


def test_a_steward_sees_the_residents_of_their_estate_alone(
    community: Community, building: Building
) -> None:
    other = gate.save(Estate(community=community, name="新河花园"), by=SYSTEM)
    far = gate.save(Building(community=community, estate=other, name="1"), by=SYSTEM)
    near = gate.save(resident(community, "近", building=building), by=SYSTEM)
    gate.save(resident(community, "远", building=far), by=SYSTEM)
    gate.save(resident(community, "不详"), by=SYSTEM)
    steward = user_with_role("steward", Role.STEWARD, community=community, estate=building.estate)
    assert list(Resident.objects.visible_to(steward)) == [near]


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (-9, 0, True), (0, 0, True), (1, None, False), (-9, -1, False)],
)
def test_a_role_holds_from_its_first_to_its_last_day(
    community: Community, starts: int, ends: int | None, holds: bool
) -> None:
    user = User.objects.create_user("somebody")
    today = timezone.localdate()
    gate.save(
        CommunityRole(
            user=user,
            role=Role.WORKER,
            community=community,
            valid_from=today + starts * DAY,
            valid_to=None if ends is None else today + ends * DAY,
        ),
        by=SYSTEM,
    )
    assert scope(user, "people.edit").covers(community.pk) is holds


def test_four_callers_look_at_the_roster(
    community: Community,
    worker: User,
    other_worker: User,
    resident_user: User,
    admin_user: User,
) -> None:
    saved = gate.save(resident(community), by=SYSTEM)
    seen = {
        user.get_username(): list(Resident.objects.visible_to(user))
        for user in (worker, other_worker, resident_user, admin_user)
    }
    assert seen == {"worker": [saved], "dongfang-worker": [], "resident": [], "admin": [saved]}


def test_nobody_sees_and_does_nothing(community: Community) -> None:
    gate.save(resident(community), by=SYSTEM)
    for nobody in (None, AnonymousUser()):
        assert not Resident.objects.visible_to(nobody).exists()
        assert scope(nobody, "people.edit") == NOWHERE


def test_a_switched_off_account_may_nothing(community: Community, worker: User) -> None:
    acting = Actor.of(worker, "test")
    worker.is_active = False
    assert not may(acting, "people.edit", community.pk)
    with pytest.raises(RuleViolation) as refused:
        Actor.of(worker, "test")
    assert refused.value.code == "not_allowed"


def test_an_anonymous_visitor_is_no_actor() -> None:
    with pytest.raises(RuleViolation) as refused:
        Actor.of(AnonymousUser(), "test")
    assert refused.value.code == "not_allowed"


def test_the_installations_admin_holds_everywhere_by_the_same_table(admin_user: User) -> None:
    for action, granted in GRANTS.items():
        expected = EVERYWHERE if Role.INSTALLATION in granted else NOWHERE
        assert scope(admin_user, action) == expected


def test_an_action_that_the_table_lacks_is_a_mistake_of_ours(worker: User) -> None:
    with pytest.raises(KeyError):
        scope(worker, "people.burn")


def test_require_refuses_what_may_denies(actor: Actor, other_community: Community) -> None:
    with pytest.raises(RuleViolation) as refused:
        require(actor, "people.edit", other_community.pk)
    assert refused.value.code == "not_allowed"


def test_no_community_is_covered_by_no_role(actor: Actor) -> None:
    assert not may(actor, "people.edit", None)
    assert may(SYSTEM, "people.edit", None)


def test_the_command_line_is_the_system_at_another_door() -> None:
    assert (COMMAND_LINE.system, COMMAND_LINE.door) == (True, "command_line")


@pytest.mark.parametrize(("community_given", "subdistrict_given"), [(False, False), (True, True)])
def test_a_role_says_in_one_place_where_it_holds(
    community: Community,
    subdistrict: Subdistrict,
    community_given: bool,
    subdistrict_given: bool,
) -> None:
    role = CommunityRole(
        user=User.objects.create_user("somebody"),
        role=Role.WORKER,
        community=community if community_given else None,
        subdistrict=subdistrict if subdistrict_given else None,
        valid_from=timezone.localdate(),
    )
    with pytest.raises(RuleViolation) as refused:
        gate.save(role, by=SYSTEM)
    assert refused.value.code == "role_place_missing"


def _refused(role: CommunityRole, by: Actor) -> str:
    before = list(CommunityRole.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as refused:
        gate.save(role, by=by)
    assert list(CommunityRole.objects.order_by("pk").values()) == before
    return refused.value.code


def test_only_the_installation_hands_out_roles(
    community: Community, subdistrict: Subdistrict, secretary: User, other_worker: User
) -> None:
    """Nobody of a community gives, prolongs or moves a role: not at home, and not elsewhere."""
    today = timezone.localdate()
    places: list[dict[str, Any]] = [{"community": community}, {"subdistrict": subdistrict}]
    held = CommunityRole.objects.get(user=secretary)
    held.valid_to = today + DAY
    for user in (secretary, other_worker):
        by = Actor.of(user, "test")
        for place in places:
            role = CommunityRole(user=user, role=Role.SECRETARY, valid_from=today, **place)
            assert _refused(role, by) == "not_allowed"
        assert _refused(held, by) == "not_allowed"


def test_nobody_administers_the_installation_by_a_role_in_a_place(
    community: Community, subdistrict: Subdistrict, admin_user: User, worker: User
) -> None:
    places: list[dict[str, Any]] = [{"community": community}, {"subdistrict": subdistrict}]
    for by in (SYSTEM, Actor.of(admin_user, "test")):
        for place in places:
            role = CommunityRole(
                user=worker, role=Role.INSTALLATION, valid_from=timezone.localdate(), **place
            )
            assert _refused(role, by) == "role_of_installation"
