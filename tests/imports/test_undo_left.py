"""An undo after others have worked on: what it would leave, what it has left, and why."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import gate, undo
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet
from backend.education import actions
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports import left
from backend.imports.actions import confirm_import, undo_import
from backend.imports.models import ImportBatch
from backend.imports.sheet import sheet_of
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.conftest import new_event
from tests.imports.doors import AdminPages, Api
from tests.imports.sheets_by_hand import sheet
from tests.people.neighbours import OTHER, PHONE, THIRD, neighbour

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "年龄")
FOURTH = "13600001111"
ROWS = (("张三", PHONE, 60), ("李四", OTHER, 58), ("王五", THIRD, 50), ("周七", FOURTH, 33))
UNDO = """mutation ($code: String!) { undoImport(input: {batch: $code}) { errors { code } left
  report { batch { status } left { row model key record reason message } } } }"""


@pytest.fixture
def batch(worker: User, event_open: LegalEducationEvent, tmp_path: Path) -> ImportBatch:
    """Carried out: 周七 was on the roster, and learned nothing; the others are new."""
    neighbour(event_open.community, "周七", FOURTH)
    path = sheet(tmp_path, [HEADER, *ROWS])
    batch = AdminPages(worker)._upload("attendance", path, event_open.code)
    return confirm_import(batch, by=Actor.of(worker, "admin"))


def work_on(worker: User, venue: Any) -> None:
    """One record each: changed, deleted, used elsewhere."""
    by = Actor.of(worker, "admin")
    person = Resident.objects.get(name="张三")
    person.remark = "行动不便"
    gate.save(person, by=by)
    gate.delete(Attendance.objects.get(name="李四"), by=SYSTEM)
    other = gate.save(new_event(venue, code="pf-other"), by=SYSTEM)
    actions.open_event(other, by=SYSTEM)
    who = Resident.objects.get(name="王五")
    gate.save(
        Attendance(community=other.community, event=other, resident=who, name="王五"), by=SYSTEM
    )


def test_the_page_says_before_and_after_what_stays_and_whose_work_it_is(
    worker: User, batch: ImportBatch, venue: Any
) -> None:
    work_on(worker, venue)
    pages = AdminPages(worker)
    address = f"/admin/imports/importbatch/{batch.pk}"
    before = pages.client.get(f"{address}/undo/").content.decode()
    assert "会保留不动的 3 条记录" in before
    pages.client.post(f"{address}/undo/", follow=True)
    batch.refresh_from_db()
    assert batch.status == "undone"
    after = pages.client.get(f"{address}/change/").content.decode()
    for text in (before, after):
        assert "居民 张* 138****5678" in text
        assert "导入后又被修改（备注），worker，" in text
        assert "签到记录（已删除）" in text
        assert "导入后又被别处使用（签到记录）" in text
        for personal in (PHONE, OTHER, "张三", "行动不便"):
            assert personal not in text
    assert "保留不动的 3 条记录" in after
    assert [(one.row, one.reason) for one in left.kept(batch)] == [
        (2, "changed"),
        (3, "gone"),
        (4, "used"),
    ]
    assert sorted(Resident.objects.values_list("name", flat=True)) == ["周七", "张三", "王五"]
    assert Attendance.objects.get().event.code == "pf-other"


def test_the_main_api_lists_what_stays(worker: User, batch: ImportBatch, venue: Any) -> None:
    work_on(worker, venue)
    answer = Api(worker).post(UNDO, {"code": batch.code})["undoImport"]
    assert (answer["errors"], answer["left"]) == ([], 3)
    rows = [(one["row"], one["model"], one["reason"]) for one in answer["report"]["left"]]
    assert rows == [
        (2, "people.Resident", "changed"),
        (3, "education.Attendance", "gone"),
        (4, "people.Resident", "used"),
    ]


def test_without_others_nothing_is_left(batch: ImportBatch) -> None:
    assert left.would_be_left(batch) == []
    assert undo_import(batch, by=SYSTEM).left == []
    assert batch.left == {}
    assert list(Resident.objects.values_list("name", flat=True)) == ["周七"]


@settings(max_examples=10)
@given(
    changed=st.sets(st.integers(0, 3)),
    gone=st.sets(st.integers(0, 3)),
    named=st.sets(st.integers(0, 3)),
)
def test_what_would_be_left_is_what_is_left(
    changed: set[int], gone: set[int], named: set[int], batch: ImportBatch
) -> None:
    models = sheet_of(batch.register).models
    with transaction.atomic():
        rows = list(Attendance.objects.order_by("pk"))
        people = list(Resident.objects.order_by("pk"))
        for n in changed - gone:
            rows[n].age = 99
            gate.save(rows[n], by=SYSTEM)
        for n in gone:
            gate.delete(rows[n], by=SYSTEM)
        for n in named:
            people[n].remark = "热心"
            gate.save(people[n], by=SYSTEM)
        original = ChangeSet.objects.get(pk=batch.change_set_id)
        foreseen = undo.would_leave(original, only=models)
        done = undo.undo(original, by=SYSTEM, only=models)
        # The next example begins where this one did.
        transaction.set_rollback(True)
    assert sorted(foreseen) == sorted(set(done.left))


def test_a_community_of_others_sees_nothing_of_it(
    other_worker: User, community: Community, batch: ImportBatch
) -> None:
    address = f"/admin/imports/importbatch/{batch.pk}"
    assert AdminPages(other_worker).client.get(f"{address}/undo/").status_code == 403
