"""Saved exports: one click for what is masked, a reason each time for what is not."""

from typing import Any

import pytest
from django.test import Client

from backend.core.access import Actor
from backend.core.models import Disclosure
from backend.exports.models import ColumnChoice
from backend.people.models import User
from backend.places.models import Community
from backend.saved_views import actions
from backend.saved_views.models import SavedView
from tests.admin.exporting import is_file, rows_of_csv

pytestmark = pytest.mark.usefixtures("_demo_data", "db")
PEOPLE, VIEWS = "/admin/people/resident/", "/admin/saved_views/savedview/"
LABEL = "people.Resident"


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_user(name))
    return client


def _keep(client: Client, query: str = "gender__exact=female&q=x", **given: Any) -> SavedView:
    sent = {
        "model": LABEL,
        "query": query,
        "name": "女居民名册",
        "form": "csv",
        "columns": ["gender", "name", "phone"],
        "reason": "这一次的原因不保存",
    } | given
    answer = client.post(f"{VIEWS}keep-export/", sent)
    assert answer.status_code == 302
    return SavedView.objects.get(kind="export")


def test_a_saved_export_is_a_file_at_one_click_masked_in_its_columns() -> None:
    client = _client("worker")
    view = _keep(client)
    assert (view.filters, view.columns, view.form, view.whole) == (
        [["gender__exact", "female"]],
        ["gender", "name", "phone"],
        "csv",
        False,
    )
    for page in (PEOPLE, f"{PEOPLE}export/"):
        assert view.name in client.get(page).content.decode()
    answer = client.post(f"{VIEWS}{view.pk}/run/")
    rows = rows_of_csv(answer)
    assert list(rows[0]) == ["性别", "姓名", "联系电话"]
    assert {row["性别"] for row in rows} == {"女"}
    women = client.get(f"{PEOPLE}?gender__exact=female").context["cl"].result_count
    assert len(rows) == women > 20
    assert all("*" in row["姓名"] for row in rows if len(row["姓名"]) < 4)
    logged = Disclosure.objects.get(user=_user("worker"), kind="export")
    assert (logged.rows, logged.whole) == (len(rows), False)
    # It is nobody's new habit.
    assert not ColumnChoice.objects.exists()


def test_an_export_in_full_asks_for_a_reason_each_time() -> None:
    client = _client("worker")
    view = _keep(client, whole="on")
    for _time in range(2):
        page = client.post(f"{VIEWS}{view.pk}/run/", follow=True)
        assert not is_file(page)
        text = page.content.decode()
        assert "请写明这一次导出的原因" in text
        assert 'name="whole" checked' in text
        assert "这一次的原因不保存" not in text
        address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
        sent = {"form": "csv", "columns": view.columns, "whole": "on"}
        assert not is_file(client.post(address, sent | {"reason": ""}))
        done = client.post(address, sent | {"reason": "季度名册交接核对"})
        assert all("*" not in row["姓名"] for row in rows_of_csv(done))
    assert Disclosure.objects.filter(kind="export", whole=True).count() == 2


def test_a_shared_export_gives_each_what_they_may_take_out() -> None:
    view = _keep(_client("secretary"), whole="on")
    place = Community.objects.get(code="xinhe").pk
    for role, name, allowed in (("worker", "worker", True), ("steward", "steward", False)):
        actions.share_view(view.pk, place, role, by=Actor.of(_user("secretary"), "admin"))
        client = _client(name)
        assert (view.name in client.get(PEOPLE).content.decode()) == allowed, name
        answer = client.post(f"{VIEWS}{view.pk}/run/", follow=True)
        assert answer.status_code == (200 if allowed else 403), name
    # Masked all the same for who asks for it without a right to more: the box is not theirs.
    assert _client("office").post(f"{VIEWS}{view.pk}/run/").status_code == 403


def test_a_filter_that_is_gone_opens_the_page_instead_of_taking_more_than_was_meant() -> None:
    client = _client("worker")
    view = _keep(client)
    SavedView.objects.update(filters=[["gone__exact", "1"]])
    answer = client.post(f"{VIEWS}{view.pk}/run/", follow=True)
    assert not is_file(answer)
    assert "没有套用" in answer.content.decode()
