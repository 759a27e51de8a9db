"""What was shown is carried out; what changed since is said of every row, and can be shown anew."""

from pathlib import Path
from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports import plan as plans
from backend.imports import planning
from backend.imports.actions import confirm_import
from backend.imports.committing import PlanOutdated
from backend.imports.directing import Answered, Said, direct_import
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.imports.doors import AdminPages, Api
from tests.imports.sheets_by_hand import sheet
from tests.people.neighbours import OTHER, PHONE, THIRD, neighbour

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "年龄")
ROWS = (("张三", PHONE, 60), ("李四", OTHER, 58), ("王五", THIRD, 50))
CONFIRM = """mutation ($code: String!) { confirmImport(input: {batch: $code}) {
  errors { field code message } outdatedTotal outdated { row code message } } }"""


@pytest.fixture
def batch(worker: User, event_open: LegalEducationEvent, tmp_path: Path) -> ImportBatch:
    neighbour(event_open.community)
    return AdminPages(worker)._upload(
        "attendance", sheet(tmp_path, [HEADER, *ROWS]), event_open.code
    )


def outdated(batch: ImportBatch) -> list[tuple[int | None, str]]:
    """The rows that stand in the way, and what is said of each; nothing is written."""
    before = (Attendance.objects.count(), Resident.objects.count())
    with pytest.raises(PlanOutdated) as refused:
        confirm_import(batch, by=SYSTEM)
    assert (Attendance.objects.count(), Resident.objects.count()) == before
    batch.refresh_from_db()
    assert batch.status == "planned"
    return [(problem.row, problem.message) for problem in refused.value.problems]


def test_a_new_neighbour_on_the_same_phone_is_noticed(
    community: Community, batch: ImportBatch
) -> None:
    neighbour(community, "李小四", OTHER)
    ((row, why),) = outdated(batch)
    assert row == 3
    assert "预览时是“新增”，现在是“退回”" in why


def test_a_row_that_writes_nothing_rests_on_its_record_too(
    batch: ImportBatch, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    confirm_import(batch, by=SYSTEM)
    again = ImportBatch.objects.get(pk=batch.pk)
    worker = again.uploaded_by
    second = AdminPages(worker)._upload("attendance", tmp_path / "签到表.csv", event_open.code)
    assert (second.unchanged, second.create) == (3, 0)
    gate.delete(Attendance.objects.get(name="王五"), by=SYSTEM)
    assert [row for row, _ in outdated(second)] == [4]


def test_who_was_meant_may_have_changed_their_name(
    community: Community, batch: ImportBatch
) -> None:
    person = Resident.objects.get(name="张三")
    person.name = "张山"
    gate.save(person, by=SYSTEM)
    assert [row for row, _ in outdated(batch)] == [2]


def test_what_no_row_rests_on_hinders_nothing(community: Community, batch: ImportBatch) -> None:
    neighbour(community, "赵六", "13600001111")
    person = Resident.objects.get(name="张三")
    person.remark = "热心"
    gate.save(person, by=SYSTEM)
    confirm_import(batch, by=SYSTEM)
    assert Attendance.objects.count() == 3


def test_every_row_is_named_by_page_and_api_and_the_preview_is_made_anew(
    worker: User,
    community: Community,
    event_open: LegalEducationEvent,
    tmp_path: Path,
    monkeypatch: Any,
) -> None:
    # Rows of several chunks, and of both models.
    monkeypatch.setattr(planning, "CHUNK_ROWS", 2)
    monkeypatch.setattr(plans, "CHUNK_ROWS", 2)
    known = neighbour(community, "周七", "13600001111", gender="")
    rows = [*ROWS, ("周七", "13600001111", 33), ("吴八", "13600002222", 20)]
    batch = AdminPages(worker)._upload("attendance", sheet(tmp_path, [HEADER, *rows]), "pf-open")
    assert batch.chunks.count() == 3
    neighbour(community, "李四", OTHER)
    neighbour(community, "吴八", "13600002222")
    gate.save(
        Attendance(community=community, event=event_open, resident=known, name="周七"), by=SYSTEM
    )
    assert [row for row, _ in outdated(batch)] == [3, 5, 6]
    answer = Api(worker).post(CONFIRM, {"code": batch.code})["confirmImport"]
    assert [(e["field"], e["code"]) for e in answer["errors"]] == [
        ("batch", "changed_since_preview")
    ]
    assert "第 3、5、6 行" in answer["errors"][0]["message"]
    assert (answer["outdatedTotal"], [p["row"] for p in answer["outdated"]]) == (3, [3, 5, 6])
    pages = AdminPages(worker)
    address = f"/admin/imports/importbatch/{batch.pk}"
    text = pages.client.post(f"{address}/confirm/").content.decode()
    for row in (3, 5, 6):
        assert f"第 {row} 行：预览之后数据有变化" in text
    assert "../again/" in text
    text = pages.client.post(f"{address}/again/", follow=True).content.decode()
    assert "预览已更新：新增 5 → 4 行，更新 0 → 1 行。" in text
    pages.client.post(f"{address}/confirm/")
    assert (Attendance.objects.count(), Resident.objects.count()) == (5, 5)


def test_a_plan_made_anew_keeps_what_was_said(
    worker: User, community: Community, batch: ImportBatch, event_open: LegalEducationEvent
) -> None:
    neighbour(community, "李小四", OTHER)
    said = Said(answers=[Answered("phone_other_name", "shares")])
    direct_import(batch, said, by=SYSTEM)
    batch.refresh_from_db()
    direct_import(batch, Said(), by=SYSTEM)
    batch.refresh_from_db()
    assert (batch.create, batch.reject) == (3, 0)
    confirm_import(batch, by=SYSTEM)


def test_a_plan_whose_file_is_gone_is_not_carried_out(batch: ImportBatch) -> None:
    batch.upload = ""
    gate.save(batch, by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        confirm_import(batch, by=SYSTEM)
    assert refused.value.code == "upload_gone"
