"""What does not work says so in Chinese and shows a way back; programs get JSON."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import DjangoAssertNumQueries

from backend.people.models import User


@pytest.mark.django_db
def test_a_page_that_is_not_there_shows_a_way_back(worker: User, client: Client) -> None:
    client.force_login(worker)
    page = client.get("/admin/people/resident/999999/nowhere/at/all/")
    page = client.get("/nowhere/") if page.status_code == 302 else page
    assert page.status_code == 404
    assert "没有找到这一页" in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


@pytest.mark.django_db
def test_what_one_may_not_open_says_so(worker: User, client: Client) -> None:
    client.force_login(worker)
    page = client.get("/admin/places/subdistrict/add/")
    assert page.status_code == 403
    assert "没有权限" in page.content.decode()


@pytest.mark.django_db
def test_the_page_of_a_failure_needs_neither_database_nor_request(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        page = render_to_string("500.html")
        with override("en"):
            assert "Something went wrong" in render_to_string("500.html")
    assert "系统出错了" in page


@pytest.mark.django_db
def test_a_missing_token_is_told_on_a_page_and_in_json(worker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    page = client.post("/admin/people/resident/add/", {})
    assert (page.status_code, "页面已过期" in page.content.decode()) == (403, True)
    body = {"query": "{ me { username } }"}
    refused = client.post("/graphql/", body, content_type="application/json")
    answer: Any = refused.json()
    assert refused.status_code == 403
    assert answer["errors"][0]["extensions"] == {"code": "csrf_failed"}
