"""The sidebar marks the page that one is on, and no other."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from admin_theme.look import navigation
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import user_with_role


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    ["patrols_page", "admin:patrols_dailydigest_changelist", "admin:demands_demand_changelist"],
)
def test_one_line_is_the_page_one_is_on(secretary: User, place: str) -> None:
    request = RequestFactory().get(reverse(place))
    request.user = secretary
    lines = [item for section in navigation(request) for item in section["items"]]
    assert [str(item["link"]) for item in lines if item.get("active")] == [reverse(place)]


@pytest.mark.django_db
def test_a_round_is_offered_to_who_walks_and_not_to_who_reads_of_it(
    community: Community, worker: User
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    for user, walks in ((worker, True), (office, False)):
        request = RequestFactory().get("/admin/")
        request.user = user
        lines = [item for section in navigation(request) for item in section["items"]]
        links = [str(item["link"]) for item in lines]
        assert (reverse("patrols_page") in links) == walks
        assert reverse("admin:patrols_patrol_changelist") in links
