"""Exports of the admin: real workbooks, nothing that runs, nobody's phone."""

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people.models import Resident, User

FIELDS = ("event", "name", "gender", "age", "signed_in_at", "signed", "remark")


@pytest.fixture
def row(event_open: LegalEducationEvent) -> Attendance:
    return gate.save(
        Attendance(
            community=event_open.community,
            event=event_open,
            name="周若谷",
            age=66,
            signed_in_at=event_open.starts_at,
            remark="来得早",
        ),
        by=SYSTEM,
    )


def export(user: User, model: str, fields: tuple[str, ...], number: int) -> Any:
    client = Client()
    client.force_login(user)
    name = model.rsplit("/", 1)[-1]
    chosen = {f"{name}_{field}": "on" for field in fields}
    return client.post(f"/admin/{model}/export/", {"format": number, "resource": ""} | chosen)


def test_a_workbook_holds_real_numbers_and_dates_and_no_formula(
    worker: User, row: Attendance
) -> None:
    done = export(worker, "education/attendance", FIELDS, 0)
    assert "%E7%AD%BE%E5%88%B0%E8%AE%B0%E5%BD%95" in done["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(done.content))["签到记录"]
    headings, values = list(sheet.iter_rows())
    found = {h.value: v for h, v in zip(headings, values, strict=True)}
    assert found["姓名"].value == "周*"
    assert found["年龄"].value == 66
    assert found["签到时间"].is_date
    # Free text may hold anything, and is masked.
    assert found["备注"].value == "＊＊＊"
    assert sheet.freeze_panes == "A2"


def test_csv_is_read_by_excel_as_chinese(worker: User, row: Attendance) -> None:
    text = export(worker, "education/attendance", FIELDS, 1).content
    assert text.startswith("\ufeff活动,姓名".encode())
    assert b"\xef\xbb\xbf" not in text[3:]
    assert "来得早".encode() not in text


def test_phones_leave_masked(worker: User, row: Attendance) -> None:
    resident = Resident(community=row.community, name="吴越", phone="13900000003")
    gate.save(resident, by=SYSTEM)
    text = export(worker, "people/resident", ("name", "phone"), 1).content.decode()
    assert "139****0003" in text
    assert "13900000003" not in text


def test_only_the_own_communitys_rows_leave(
    worker: User, other_worker: User, row: Attendance
) -> None:
    assert "周*" in export(worker, "education/attendance", FIELDS, 1).content.decode()
    assert "周*" not in export(other_worker, "education/attendance", FIELDS, 1).content.decode()


def test_who_may_not_export_may_not(resident_user: User, row: Attendance) -> None:
    assert export(resident_user, "education/attendance", FIELDS, 1).status_code in (302, 403)


def test_a_formula_leaves_as_text(worker: User, venue: Venue) -> None:
    gate.save(new_event(venue, title="=1+1", topic="@SUM(A1)"), by=SYSTEM)
    fields = ("title", "topic")
    done = export(worker, "education/legaleducationevent", fields, 0)
    sheet = load_workbook(io.BytesIO(done.content))["普法活动"]
    values = list(sheet.iter_rows(min_row=2))[0]
    assert [(v.value, v.data_type) for v in values] == [("'=1+1", "s"), ("'@SUM(A1)", "s")]
    assert b"'=1+1" in export(worker, "education/legaleducationevent", fields, 1).content
