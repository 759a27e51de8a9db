"""Templates: what is in them, and who gets one."""

import datetime
import io
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from backend.core.access import SYSTEM, Actor
from backend.education.models import LegalEducationEvent
from backend.imports.sheet import registers
from backend.imports.templates_out.making import template_for, template_place
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role
from tests.imports.doors import command
from tests.imports.filling import PAGES, PEOPLE, event_template, filled, get, upload
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db


# --- what is in one -------------------------------------------------------------------------------


def test_an_events_template_says_what_and_when_and_marks_what_must_be_filled(
    worker: User, event_open: LegalEducationEvent, building: Building
) -> None:
    sheet = load_workbook(io.BytesIO(event_template(worker, event_open))).worksheets[0]
    assert sheet.title == "签到表"
    assert [sheet.cell(row, 1).value for row in (1, 2, 4)] == [
        "新河社区 签到表",
        "活动名称：民法典进小区",
        "地点：小马扎剧场",
    ]
    headings = [cell.value for cell in sheet[6]]
    assert headings[:3] == ["序号", "姓名", "性别"]
    assert "活动编号" not in headings, "the file says which event it is"
    name, phone = sheet["B6"], sheet["E6"]
    assert (name.value, phone.value) == ("姓名", "联系电话")
    assert "必填" in name.comment.text
    assert "可不填" in phone.comment.text
    assert name.fill.fgColor.rgb != phone.fill.fgColor.rgb
    assert sheet.column_dimensions["E"].width > 15
    assert sheet.freeze_panes == "A7"
    assert (sheet.page_setup.paperSize, sheet.print_title_rows) == (9, "$6:$6")
    lists = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    assert lists["C7"].formula1 == '"男,女"'
    assert lists["F7"].formula1 == '"万达华府3号楼"'
    assert lists["F7"].showErrorMessage is False, "a whole address begins like a building"
    assert sheet.max_row == 6, "nothing that an import could take for data"


def test_phones_keep_their_digits(worker: User, event_open: LegalEducationEvent) -> None:
    content = event_template(worker, event_open)
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    # The column's own format: every cell that is typed into takes it.
    assert sheet.column_dimensions["E"].number_format == "@"
    assert sheet.column_dimensions["F"].number_format == "@"


def test_a_long_list_stands_on_a_hidden_sheet(
    worker: User, event_open: LegalEducationEvent, estate: Estate
) -> None:
    from backend.core import gate

    for number in range(1, 61):
        gate.save(Building(community=estate.community, estate=estate, name=str(number)), by=SYSTEM)
    content = event_template(worker, event_open)
    book = load_workbook(io.BytesIO(content))
    assert [(s.title, s.sheet_state) for s in book] == [("签到表", "visible"), ("_lists", "hidden")]
    (rule,) = (
        v
        for v in book.worksheets[0].data_validations.dataValidation
        if str(v.sqref).startswith("F7")
    )
    assert rule.formula1 == "_lists!$F$1:$F$60"
    assert [book["_lists"].cell(row, 6).value for row in (1, 2, 10, 60)] == [
        f"万达华府{number}号楼" for number in (1, 2, 10, 60)
    ]
    batch = upload(worker, "attendance", filled(content, PEOPLE))
    assert (batch.status, batch.sheet, batch.create) == ("planned", "签到表", 2)


def test_a_template_holds_nobodys_data(
    worker: User, event_open: LegalEducationEvent, community: Community
) -> None:
    from backend.core import gate

    gate.save(Resident(community=community, name="赵云舒", phone="13712349999"), by=SYSTEM)
    for sheet in registers():
        content = template_for(
            template_place(sheet.register, event="", community="xinhe", by=SYSTEM), by=SYSTEM
        )
        for each in load_workbook(io.BytesIO(content)):
            text = repr(list(each.iter_rows(values_only=True)))
            assert "赵云舒" not in text
            assert "13712349999" not in text


@pytest.mark.parametrize("register", sorted(s.register for s in registers()))
def test_an_empty_template_is_refused_for_having_no_rows_and_for_nothing_else(
    register: str, worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    """Its headings are known, all required ones are there, and no hint counts as a row."""
    path = tmp_path / "模板.xlsx"
    by = Actor.of(worker, "test")
    event = "pf-open" if register == "attendance" else ""
    place = template_place(register, event=event, community="", by=by)
    path.write_bytes(template_for(place, by=by))
    status, answer = command(register, str(path), "--dry-run")
    assert status == 1
    # A meeting is of those who have seats: that is said before any row is looked at.
    expected = "roll_empty" if register == "joint_meetings" else "sheet_without_rows"
    assert [p["code"] for p in answer["problems"]] == [expected]


# --- who gets one ---------------------------------------------------------------------------------


def test_templates_are_for_those_who_may_import(
    worker: User,
    other_worker: User,
    resident_user: User,
    event_open: LegalEducationEvent,
    community: Community,
) -> None:
    steward = user_with_role("steward", "steward", community=community)
    assert get(worker, "attendance", event="pf-open").status_code == 200
    assert get(steward, "attendance", event="pf-open").status_code == 403
    assert get(resident_user, "attendance", event="pf-open").status_code == 403
    assert get(other_worker, "attendance", event="pf-open").status_code == 404
    assert get(worker, "attendance", event="pf-gone").status_code == 404
    assert get(worker, "attendance", community="dongfang").status_code == 404
    assert get(worker, "no_register").status_code == 404
    assert get(worker, "residents", event="pf-open").status_code == 404
    assert Client().get("/templates/attendance.xlsx?event=pf-open").status_code == 403
    assert caller(worker).post("/templates/attendance.xlsx").status_code == 405


def test_who_has_several_communities_says_which(
    admin_user: User, community: Community, other_community: Community
) -> None:
    assert get(admin_user, "residents").status_code == 400
    done = get(admin_user, "residents", community="dongfang")
    assert done.status_code == 200
    sheet = load_workbook(io.BytesIO(done.content)).worksheets[0]
    assert sheet["A1"].value == "东方社区 居民花名册"


def test_a_key_gets_what_its_scopes_allow(worker: User, event_open: LegalEducationEvent) -> None:
    from backend.accounts.actions import create_api_key

    address = "/templates/attendance.xlsx?event=pf-open"
    for scopes, status in (
        (["attendance.edit", "imports.edit", "education.see"], 200),
        (["attendance.edit", "imports.edit"], 404),
        (["imports.edit", "education.see"], 403),
    ):
        until = timezone.now() + datetime.timedelta(days=30)
        _, token = create_api_key("表", scopes, until, by=Actor.of(worker, "test"))
        done = Client().get(address, headers={"Authorization": f"Bearer {token}"})
        assert done.status_code == status, scopes


def test_the_pages_have_the_button(worker: User, event_open: LegalEducationEvent) -> None:
    page = caller(worker).get(PAGES["attendance"] + "?target=pf-open").content.decode()
    assert "/templates/attendance.xlsx?event=pf-open" in page
    page = caller(worker).get(PAGES["residents"]).content.decode()
    assert "/templates/residents.xlsx?community=xinhe" in page
