"""The sidebar marks the page that one is on, and no other."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from admin_theme.look import INBOX, SECTIONS, Section, navigation
from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.desk.waiting import all_kinds
from backend.people.models import User
from backend.places.models import Community, Estate, Grid
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


def test_each_kind_of_work_has_a_line_of_daily_work_to_stand_beside() -> None:
    lines = {
        page.model_label: section.title
        for section in (*SECTIONS, Section("收件箱", (INBOX,)))
        for page in section.pages
        if not page.address
    }
    beside = {kind.code: lines.get(kind.stands_beside) for kind in all_kinds()}
    assert len(beside) > 30
    assert {code: title for code, title in beside.items() if title in (None, "设置")} == {}


@pytest.mark.django_db
def test_a_grid_that_is_not_walked_is_counted_beside_the_patrols(
    community: Community, secretary: User
) -> None:
    estate = gate.save(Estate(community=community, name="万达华府"), by=SYSTEM)
    gate.save(Grid(community=community, estate=estate, name="一网格"), by=SYSTEM)
    request = RequestFactory().get("/admin/")
    request.user = secretary
    waits = {
        str(item["link"]): item["waits"]
        for section in navigation(request)
        for item in section["items"]
        if item.get("waits")
    }
    assert waits == {reverse("admin:patrols_patrol_changelist"): 1}


def test_every_list_stands_in_the_sidebar() -> None:
    # Candidates stand on the page of their selection; failed sign-ins heal by themselves.
    elsewhere = {"partners.StewardCandidate", "axes.AccessAttempt"}
    lines = {page.model_label for section in SECTIONS for page in section.pages if not page.address}
    lists = {model._meta.label for model in admin.site._registry}
    assert lists - lines - elsewhere == {INBOX.model_label}
