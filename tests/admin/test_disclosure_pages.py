"""The supervisor's page: who read, exported and imported what; nobody can change it."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from backend.core import gate
from backend.core.models import Disclosure
from backend.people.models import User
from backend.places.models import Community
from tests.admin.exporting import content
from tests.conftest import user_with_role
from tests.core.residents import table
from tests.schema.asking import caller

LIST = "/admin/core/disclosure/"


def line(community: Community, name: str = "worker", **values: object) -> Disclosure:
    given = {
        "community": community,
        "actor_name": name,
        "kind": "read",
        "model": "people.Resident",
        "rows": 14,
        "first_pk": 3,
        "last_pk": 16,
        "reason": "电话通知活动改期",
        "door": "admin",
    }
    return Disclosure(**(given | values))


@pytest.fixture
def log(community: Community, other_community: Community) -> list[Disclosure]:
    """A week of one community, an old line, and one of another community."""
    long_ago = timezone.now() - timedelta(days=40)
    rows = [
        line(community),
        line(community, rows=2),
        line(community, "secretary", kind="export", rows=900, reason="季度上报"),
        line(community, "worker", kind="import", rows=40, reason="导入批次 abc"),
        line(community, rows=77, at=long_ago, reason="很久以前"),
        line(other_community, "dongfang-worker", rows=5, reason="别处的事"),
    ]
    gate.keep_notes(rows)
    return rows


def test_the_secretary_sees_the_week_by_person(secretary: User, log: list[Disclosure]) -> None:
    answer = caller(secretary).get(LIST)
    week = {row["actor_name"]: row for row in answer.context["disclosures_week"]}
    assert set(week) == {"worker", "secretary"}
    assert (week["worker"]["read_times"], week["worker"]["read_rows"]) == (2, 16)
    assert (week["worker"]["import_rows"], week["worker"]["export_rows"]) == (40, 0)
    assert (week["secretary"]["export_times"], week["secretary"]["export_rows"]) == (1, 900)
    page = answer.content.decode()
    assert "电话通知活动改期" in page
    assert "很久以前" in page
    assert "别处的事" not in page
    assert "dongfang-worker" not in page, "not even as a filter"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind__exact=export", {"季度上报"}),
        ("reader=secretary", {"季度上报"}),
        ("kind__exact=import", {"导入批次 abc"}),
    ],
)
def test_it_can_be_filtered(
    secretary: User, log: list[Disclosure], asked: str, found: set[str]
) -> None:
    answer = caller(secretary).get(f"{LIST}?{asked}")
    assert {row.reason for row in answer.context["cl"].result_list} == found


def test_a_line_tells_which_records(secretary: User, log: list[Disclosure]) -> None:
    page = caller(secretary).get(f"{LIST}{log[0].pk}/change/").content.decode()
    assert "3–16" in page
    assert "居民" in page


def test_the_log_goes_out_and_that_is_on_record(secretary: User, log: list[Disclosure]) -> None:
    answer = caller(secretary).post(f"{LIST}export/", {"format": 0, "resource": ""})
    sheet = load_workbook(io.BytesIO(content(answer))).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0][:3] == ["时间", "查阅人账号", "方式"]
    assert len(lines) == 6
    assert "别处的事" not in str(lines)
    own = Disclosure.objects.get(model="core.Disclosure")
    assert (own.kind, own.rows, own.actor_name) == ("export", 5, "secretary")


def test_nobody_changes_it(secretary: User, admin_user: User, log: list[Disclosure]) -> None:
    before = table(Disclosure)
    for user in (secretary, admin_user):
        client = caller(user)
        assert client.post(f"{LIST}{log[0].pk}/change/", {"reason": "另一个"}).status_code == 403
        assert client.post(f"{LIST}{log[0].pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{LIST}add/").status_code == 403
    assert table(Disclosure) == before


def test_only_supervisors_see_it(
    community: Community,
    worker: User,
    other_worker: User,
    resident_user: User,
    log: list[Disclosure],
) -> None:
    for user in (worker, other_worker, resident_user, None):
        assert caller(user).get(LIST).status_code in (302, 403)
    there = user_with_role("there", "secretary", community=log[-1].community)
    assert caller(there).get(f"{LIST}{log[0].pk}/change/").status_code == 302
    assert "别处的事" in caller(there).get(LIST).content.decode()
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    assert "电话通知活动改期" in caller(office).get(LIST).content.decode()
