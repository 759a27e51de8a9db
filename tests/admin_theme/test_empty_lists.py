"""An empty register says what belongs here and how to begin, as far as the reader may."""

import pytest
from django.test import Client
from django.urls import reverse

from backend.people.models import User
from backend.places.models import Community, Subdistrict
from tests.conftest import user_with_role


def page_of(client: Client, name: str, query: str = "") -> str:
    return client.get(reverse(f"admin:{name}_changelist") + query).content.decode()


def test_who_may_begins_with_buttons_and_who_may_not_is_told(
    client: Client, community: Community, worker: User, subdistrict: Subdistrict
) -> None:
    client.force_login(worker)
    page = page_of(client, "people_resident")
    assert 'data-empty="new"' in page
    for name in ("admin:people_resident_add", "admin:people_resident_import"):
        assert page.count(reverse(name)) >= 1
    assert reverse("sheet_template", args=["residents"]) in page
    # What comes from another register leads there.
    page = page_of(client, "education_attendance")
    assert (
        f'href="{reverse("admin:education_legaleducationevent_changelist")}">到“普法活动”' in page
    )

    client.force_login(user_with_role("office", "office", subdistrict=subdistrict))
    page = page_of(client, "people_resident")
    assert 'data-empty="new"' in page
    assert reverse("admin:people_resident_add") not in page
    assert reverse("sheet_template", args=["residents"]) not in page


@pytest.mark.parametrize("query", ["?q=没有这个人", "?residence=moved_out"])
def test_a_filtered_list_offers_to_clear_the_filters(
    client: Client, worker: User, query: str
) -> None:
    client.force_login(worker)
    page = page_of(client, "people_resident", query)
    assert 'data-empty="filtered"' in page
    assert f'href="{reverse("admin:people_resident_changelist")}">清除条件' in page
