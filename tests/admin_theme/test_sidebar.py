"""The sidebar marks the page that one is on, and no other."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from admin_theme.look import navigation
from backend.people.models import User


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
