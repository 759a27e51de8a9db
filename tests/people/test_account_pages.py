"""用户 and 角色任命: whose accounts one sees, may tie to something, and may raise."""

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.forms import ModelChoiceField
from django.test import Client, RequestFactory

from backend.accounts.models import ApiKey
from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.admin import RegisterAdmin
from backend.core.roles import Role
from backend.imports.models import ImportBatch
from backend.patrols.models import Patrol
from backend.people.models import CommunityRole, Organization, Representative, Resident, User
from backend.places.models import Community
from tests.people.test_pages import form, signed_in, text

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2025, 1, 1)
# Made on pages of their own, which ask for nobody: a key is its maker's, a sheet its sender's, a round
# whose who walks it.
PAGES_OF_THEIR_OWN = (ApiKey, ImportBatch, Patrol)


def page_of(user: User) -> str:
    return f"/admin/people/user/{user.pk}/change/"


@pytest.fixture
def raised(community: Community) -> User:
    """Somebody with a row that no door makes any more: 系统管理员 of one community."""
    user = User.objects.create_user("raised", password="demo-raised", is_staff=True)
    row = CommunityRole(user=user, role=Role.INSTALLATION, community=community, valid_from=SINCE)
    CommunityRole.objects.bulk_create([row])
    return user


def test_a_role_in_a_community_raises_nobody_to_administer_the_installation(
    raised: User, secretary: User, worker: User, admin_user: User
) -> None:
    for caller in (raised, secretary, worker):
        for target in (caller, worker):
            values = {
                "username": target.username,
                "is_active": "on",
                "is_staff": "on",
                "is_superuser": "on",
                "date_joined_0": "2025-01-01",
                "date_joined_1": "00:00",
            }
            assert signed_in(caller).post(page_of(target), values).status_code in (302, 403)
        assert signed_in(caller).get("/admin/people/user/add/").status_code == 403
        assert signed_in(caller).get(f"/admin/people/user/{worker.pk}/password/").status_code == 403
    assert list(User.objects.filter(is_superuser=True)) == [admin_user]
    assert signed_in(admin_user).post(page_of(worker), values).status_code == 302
    assert User.objects.filter(is_superuser=True).count() == 2, "the control"


def test_an_administrator_is_not_among_the_roles_to_give(admin_user: User) -> None:
    page = signed_in(admin_user).get("/admin/people/communityrole/add/")
    given = dict(page.context["adminform"].form.fields["role"].choices)
    assert set(given) == {"", *Role.values} - {Role.INSTALLATION}


@pytest.fixture
def organization(community: Community) -> Organization:
    return gate.save(
        Organization(community=community, name="宏远物业", kind="property_company"), by=SYSTEM
    )


def _choices(desk: Client, organization: Organization) -> set[str]:
    page = desk.get(f"/admin/people/organization/{organization.pk}/change/")
    text(page)
    (formset,) = [inline.formset for inline in page.context["inline_admin_formsets"]]
    return {user.username for user in formset.empty_form.fields["user"].queryset}


def test_a_representative_is_an_account_of_the_community_or_nobodys(
    organization: Organization,
    worker: User,
    other_worker: User,
    resident_user: User,
    admin_user: User,
    other_community: Community,
) -> None:
    User.objects.create_user("nobody-yet")
    far = Resident(community=other_community, name="远", user=User.objects.create_user("far"))
    gate.save(far, by=SYSTEM)
    assert _choices(signed_in(worker), organization) == {"worker", "resident", "nobody-yet"}
    assert "dongfang-worker" in _choices(signed_in(admin_user), organization)


def test_another_communitys_account_is_not_tied_by_sending_its_number(
    organization: Organization, worker: User, other_worker: User
) -> None:
    desk = signed_in(worker)
    address = f"/admin/people/organization/{organization.pk}/change/"
    for user, tied in ((other_worker, False), (worker, True)):
        sent = form(desk.get(address)) | {
            "representatives-TOTAL_FORMS": "1",
            "representatives-0-name": "李代表",
            "representatives-0-phone": "",
            "representatives-0-user": user.pk,
            "representatives-0-valid_from": "2025-01-01",
            "representatives-0-valid_to": "",
            "representatives-0-organization": organization.pk,
            "representatives-0-id": "",
        }
        answer = desk.post(address, sent)
        assert answer.status_code == (302 if tied else 200)
        assert Representative.objects.filter(user=user).exists() is tied


def test_no_form_of_the_staff_pages_offers_another_communitys_account(
    secretary: User, other_worker: User, community: Community
) -> None:
    """Whatever register comes next: a field for an account names whom it may choose."""
    request: Any = RequestFactory().get("/admin/")
    request.user, request.resolver_match = secretary, None
    seen = 0
    for page in admin.site._registry.values():
        if not isinstance(page, RegisterAdmin) or page.model in PAGES_OF_THEIR_OWN:
            continue
        forms = [page.get_form(request)]
        forms += [inline.get_formset(request).form for inline in page.get_inline_instances(request)]
        for made in forms:
            for field in made.base_fields.values():
                if isinstance(field, ModelChoiceField) and field.queryset.model is User:
                    seen += 1
                    assert other_worker not in field.queryset, page
    assert seen, "the control: there are such fields"
