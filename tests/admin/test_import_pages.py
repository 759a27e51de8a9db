"""The import's pages: who may, twice, and when somebody else was faster."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import Resident, User

SHEET = "姓名,联系电话\n张安然,13900000001\n王清和,1371234567\n李知远,13712345678\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def batch(worker: User, event_open: LegalEducationEvent) -> ImportBatch:
    """A planned import of three rows, one of them bad."""
    file = SimpleUploadedFile("签到表.csv", SHEET.encode())
    given = {"import_file": file, "target": event_open.pk}
    done = signed_in(worker).post("/admin/education/attendance/import/", given)
    return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


def address(batch: ImportBatch, step: str) -> str:
    return f"/admin/imports/importbatch/{batch.pk}/{step}/"


def messages(page: Any) -> str:
    return " ".join(str(m) for m in page.context["messages"])


def test_all_or_nothing_unless_the_good_rows_are_chosen(worker: User, batch: ImportBatch) -> None:
    page = signed_in(worker).post(address(batch, "confirm"), follow=True)
    assert Attendance.objects.count() == 0
    assert "1 行" in messages(page) or "有问题" in messages(page)
    signed_in(worker).post(address(batch, "confirm"), {"take_good": "1"})
    assert Attendance.objects.count() == 2


def test_a_second_click_changes_nothing_and_says_so(worker: User, batch: ImportBatch) -> None:
    client = signed_in(worker)
    client.post(address(batch, "confirm"), {"take_good": "1"})
    again = client.post(address(batch, "confirm"), {"take_good": "1"}, follow=True)
    assert again.status_code == 200
    assert messages(again)
    assert Attendance.objects.count() == 2
    client.post(address(batch, "undo"))
    assert Attendance.objects.count() == 0
    again = client.post(address(batch, "undo"), follow=True)
    assert again.status_code == 200
    assert Attendance.objects.count() == 0


def test_undoing_asks_once_and_says_how_many_were_left(worker: User, batch: ImportBatch) -> None:
    client = signed_in(worker)
    # Nothing to take back yet.
    assert client.get(address(batch, "undo")).status_code == 302
    client.post(address(batch, "confirm"), {"take_good": "1"})
    asked = client.get(address(batch, "undo")).content.decode()
    assert "确定要“撤销这次导入”吗" in asked
    assert "写入的 2 行会收回" in asked
    assert Attendance.objects.count() == 2
    row = Attendance.objects.order_by("pk")[0]
    row.remark = "补登"
    gate.save(row, by=SYSTEM)
    told = messages(client.post(address(batch, "undo"), follow=True))
    assert "保留不动" in told
    assert Attendance.objects.count() == 1


def test_what_is_done_asks_for_no_look_any_more(worker: User, batch: ImportBatch) -> None:
    ask = {"code": "event_title_differs", "message": "请确认没有选错活动。", "level": "note"}
    ImportBatch.objects.filter(pk=batch.pk).update(file_problems=[ask])
    client = signed_in(worker)
    assert "请确认没有选错活动" in client.get(address(batch, "change")).content.decode()
    client.post(address(batch, "confirm"), {"take_good": "1"})
    assert "请确认没有选错活动" not in client.get(address(batch, "change")).content.decode()


def test_what_changed_since_the_preview_stops_the_import_by_row(
    worker: User, batch: ImportBatch, event_open: LegalEducationEvent
) -> None:
    # Somebody enters the same new resident between preview and confirmation.
    resident = Resident(community=event_open.community, name="李知远", phone="13712345678")
    gate.save(resident, by=SYSTEM)
    page = signed_in(worker).post(address(batch, "confirm"), {"take_good": "1"})
    assert page.status_code == 200
    assert "预览之后数据有变化" in page.content.decode()
    assert "4" in {str(p.row) for p in page.context["outdated"]}
    assert Attendance.objects.count() == 0
    batch.refresh_from_db()
    assert batch.status == "planned"


def test_the_corrected_workbook_of_a_csv_explains_its_rows(
    worker: User, batch: ImportBatch
) -> None:
    done = signed_in(worker).get(address(batch, "corrected"))
    sheet = load_workbook(io.BytesIO(done.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-1] == "错误说明"
    assert "10 位" in rows[2][-1]
    assert not rows[1][-1]


@pytest.mark.parametrize("step", ["change", "confirm", "undo", "discard", "corrected", "again"])
def test_another_communitys_import_does_not_exist(
    other_worker: User, resident_user: User, batch: ImportBatch, step: str
) -> None:
    for user in (other_worker, resident_user):
        client = signed_in(user)
        ask = client.get if step in ("change", "corrected") else client.post
        assert ask(address(batch, step)).status_code in (302, 403)
    batch.refresh_from_db()
    assert batch.status == "planned"


def test_names_and_phones_are_masked_in_the_preview(worker: User, batch: ImportBatch) -> None:
    text = signed_in(worker).get(address(batch, "change")).content.decode()
    assert "李知远" not in text
    assert "13712345678" not in text
    assert "李**" in text or "李*" in text


def test_import_pages_are_for_those_who_may(
    resident_user: User, other_worker: User, event_open: LegalEducationEvent
) -> None:
    url = f"/admin/education/attendance/import/?target={event_open.code}"
    assert signed_in(resident_user).get(url).status_code in (302, 403)
    # The other community's worker has the page, and not this event.
    page = signed_in(other_worker).get(url)
    assert page.status_code == 200
    assert event_open.title not in page.content.decode()
    file = SimpleUploadedFile("签到表.csv", SHEET.encode())
    given = {"import_file": file, "target": event_open.pk}
    refused = signed_in(other_worker).post("/admin/education/attendance/import/", given)
    assert refused.status_code == 200
    assert not ImportBatch.objects.exists()
