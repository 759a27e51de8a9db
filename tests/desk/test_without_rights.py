"""Who may do nothing today is told so, and whom to ask."""

import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import CommunityRole, User
from backend.places.models import Community, Subdistrict
from tests.conftest import user_with_role


def test_the_first_page_says_which_role_is_over(client: Client, community: Community) -> None:
    user = User.objects.create_user("former", password="demo-former", is_staff=True)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    gate.save(
        CommunityRole(
            user=user,
            role="steward",
            community=community,
            valid_from=datetime.date(2025, 1, 1),
            valid_to=yesterday,
        ),
        by=SYSTEM,
    )
    client.force_login(user)
    page = client.get(reverse("admin:index")).content.decode()
    assert 'data-empty="rights"' in page
    assert "网格员" in page
    assert "已到期" in page
    assert "任命" in client.get(reverse("account_home")).content.decode()


def test_an_office_without_a_community_has_work(client: Client, subdistrict: Subdistrict) -> None:
    client.force_login(user_with_role("office", "office", subdistrict=subdistrict))
    page = client.get(reverse("admin:index")).content.decode()
    assert 'data-empty="rights"' not in page
    assert reverse("admin:founding_founding_changelist") in page


def test_a_resident_of_nowhere_is_told_how_to_be_known(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("phone-1"))
    assert "还没有和社区关联" in client.get(reverse("account_home")).content.decode()
