"""Exports of the admin: real workbooks, nothing that runs, nobody's phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.admin.exporting import cells, content, export, is_file, rows_of_csv, send, sheet_of
from tests.conftest import new_event
from tests.schema.asking import caller

SIGN_INS = "/admin/education/attendance/export/"
EVENTS = "/admin/education/legaleducationevent/export/"
PEOPLE = "/admin/people/resident/export/"


@pytest.fixture
def person(community: Community, building: Building) -> Resident:
    return gate.save(
        Resident(
            community=community,
            name="周若谷",
            phone="13900000003",
            building=building,
            unit="2",
            room="501",
            birth_month="1958-03",
        ),
        by=SYSTEM,
    )


@pytest.fixture
def row(event_open: LegalEducationEvent, person: Resident) -> Attendance:
    return gate.save(
        Attendance(
            community=event_open.community,
            event=event_open,
            resident=person,
            name="周若谷",
            age=66,
            signed_in_at=event_open.starts_at,
            signed=True,
            companions=1,
            remark="来得早",
        ),
        by=SYSTEM,
    )


def test_a_workbook_holds_real_numbers_and_dates_and_no_formula(
    worker: User, row: Attendance
) -> None:
    done = export(worker, SIGN_INS, "xlsx")
    assert "%E7%AD%BE%E5%88%B0%E8%AE%B0%E5%BD%95" in done["Content-Disposition"]
    sheet = sheet_of(done)
    assert sheet.title == "签到记录"
    found = cells(sheet)
    assert found["姓名"].value == "周*"
    assert found["年龄"].value == 66
    moment = found["签到时间"]
    assert moment.is_date
    assert moment.number_format == "yyyy-mm-dd hh:mm"
    local = timezone.localtime(row.event.starts_at).replace(tzinfo=None)
    assert abs(moment.value - local) < timedelta(milliseconds=500)
    # Free text may hold anything, and is masked.
    assert found["备注"].value == "＊＊＊"
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"


def test_phones_are_text_and_personal_values_of_the_roster_are_masked(
    worker: User, row: Attendance
) -> None:
    found = cells(sheet_of(export(worker, SIGN_INS, "xlsx")))
    phone = found["联系电话"]
    assert (phone.value, phone.data_type, phone.number_format) == ("139****0003", "s", "@")
    assert found["住址"].value == "＊＊＊"
    assert found["活动编号"].value == "pf-open"
    whole = {"whole": "on", "reason": "电话通知活动改期"}
    found = cells(sheet_of(export(worker, SIGN_INS, "xlsx", **whole)))
    assert (found["联系电话"].value, found["联系电话"].data_type) == ("13900000003", "s")
    assert found["住址"].value == "万达华府3号楼2单元501室"
    assert (found["姓名"].value, found["备注"].value) == ("周若谷", "来得早")


def test_csv_is_read_by_excel_as_chinese(worker: User, row: Attendance) -> None:
    (found,) = rows_of_csv(export(worker, SIGN_INS))
    assert found["活动"] == "民法典进小区"
    assert "来得早" not in found.values()


def test_phones_leave_masked(worker: User, person: Resident) -> None:
    text = content(export(worker, PEOPLE, columns=["name", "phone"])).decode()
    assert "139****0003" in text
    assert "13900000003" not in text


def test_the_columns_are_those_chosen_in_their_order(worker: User, person: Resident) -> None:
    (found,) = rows_of_csv(export(worker, PEOPLE, columns=["phone", "gender", "name", "nonsense"]))
    assert list(found) == ["联系电话", "性别", "姓名"]
    (usual,) = rows_of_csv(export(worker, PEOPLE))
    read_back = ["姓名", "性别", "出生年月", "联系电话", "住址"]
    assert list(usual) == [*read_back, "所在楼栋", "居住状态", "备注", "系统编号"]


def test_the_order_of_the_list_is_that_of_the_file(
    worker: User, venue: Venue, event_open: LegalEducationEvent
) -> None:
    for day, title in ((3, "乙"), (5, "甲"), (4, "丙")):
        start = timezone.now() - timedelta(days=day)
        end = start + timedelta(hours=1)
        gate.save(new_event(venue, title=title, starts_at=start, ends_at=end), by=SYSTEM)
    usual = [row["活动名称"] for row in rows_of_csv(export(worker, EVENTS))]
    assert usual == ["民法典进小区", "乙", "丙", "甲"]
    turned = [row["活动名称"] for row in rows_of_csv(export(worker, f"{EVENTS}?o=3"))]
    assert turned == ["甲", "丙", "乙", "民法典进小区"]
    found = [row["活动名称"] for row in rows_of_csv(export(worker, f"{EVENTS}?q=甲"))]
    assert found == ["甲"]


def test_the_default_filter_of_a_list_holds_in_its_export(
    worker: User, person: Resident, community: Community
) -> None:
    gone = Resident(community=community, name="吴越人", phone="13900000004")
    gone.moved_out_on = timezone.localdate()
    gate.save(gone, by=SYSTEM)
    assert [row["姓名"] for row in rows_of_csv(export(worker, PEOPLE))] == ["周*"]
    everybody = rows_of_csv(export(worker, f"{PEOPLE}?residence=all"))
    assert {row["居住状态"] for row in everybody} == {"在住", "已迁出"}


def test_only_the_own_communitys_rows_leave(
    worker: User, other_worker: User, row: Attendance
) -> None:
    assert len(rows_of_csv(export(worker, SIGN_INS))) == 1
    assert rows_of_csv(export(other_worker, SIGN_INS)) == []


def test_who_may_not_export_may_not(resident_user: User, row: Attendance) -> None:
    assert export(resident_user, SIGN_INS).status_code in (302, 403)


def test_a_filter_that_is_not_offered_finds_nobody(worker: User, person: Resident) -> None:
    for asked in ("phone__startswith=139", "name=周若谷", "gender__exact=xx&updated_at__gt=?"):
        answer = export(worker, f"{PEOPLE}?{asked}")
        assert answer.status_code in (302, 400, 403)
        assert not is_file(answer)


def test_a_formula_leaves_as_text(worker: User, venue: Venue) -> None:
    gate.save(new_event(venue, title="=1+1", topic="@SUM(A1)", speaker="'-3"), by=SYSTEM)
    found = cells(sheet_of(export(worker, EVENTS, "xlsx")))
    shown = [(found[name].value, found[name].data_type) for name in ("活动名称", "主题", "主讲人")]
    assert shown == [("=1+1", "s"), ("@SUM(A1)", "s"), ("'-3", "s")]
    (row,) = rows_of_csv(export(worker, EVENTS))
    assert (row["活动名称"], row["主题"], row["主讲人"]) == ("'=1+1", "'@SUM(A1)", "''-3")


def test_a_ledger_is_what_one_signs_and_files(worker: User, row: Attendance) -> None:
    sheet = sheet_of(export(worker, SIGN_INS, "ledger", maker="王工作"))
    day = f"{timezone.localtime(row.event.starts_at):%Y-%m-%d}"
    assert sheet["A1"].value == f"新河社区签到台账（{day}）"
    line = str(sheet["A2"].value)
    today = f"{timezone.localdate():%Y-%m-%d}"
    for part in ("单位：新河社区", f"期间：{day}", "制表人：王工作", f"制表日期：{today}"):
        assert part in line
    assert sheet["A3"].value == "序号"
    assert [cell.value for cell in sheet[4]][:3] == [1, "pf-open", "民法典进小区"]
    assert sheet["A5"].value == "合计：1 条"
    signed = [cell.value for cell in sheet[6] if cell.value]
    assert signed == ["制表人：________", "审核人：________", "（盖章）"]
    assert sheet.max_row == 6
    page = sheet.page_setup
    assert (page.orientation, int(page.paperSize)) == ("landscape", 9)
    # One page wide, as many as it takes high.
    assert (page.fitToWidth or 1, page.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$3:$3")
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:M1", "A2:M2"}
    assert sheet["B4"].border.left.style == "thin"
    # 民法典进小区 is six wide characters.
    assert sheet.column_dimensions["C"].width >= 12
    assert sheet["L4"].alignment.wrap_text


def test_a_period_narrows_the_ledger_and_is_printed(
    worker: User, venue: Venue, row: Attendance
) -> None:
    today = timezone.localdate()
    ask = {"since": f"{today - timedelta(days=9):%Y-%m-%d}", "until": f"{today:%Y-%m-%d}"}
    sheet = sheet_of(export(worker, SIGN_INS, "ledger", **ask))
    assert f"期间：{ask['since']} 至 {ask['until']}" in str(sheet["A2"].value)
    assert sheet["A5"].value == "合计：1 条"
    far = {"since": "2020-01-01", "until": "2020-12-31"}
    sheet = sheet_of(export(worker, SIGN_INS, "ledger", **far))
    assert "期间：2020年" in str(sheet["A2"].value)
    assert sheet["A4"].value == "合计：0 条"
    back = export(worker, SIGN_INS, "ledger", since="2020-12-31", until="2020-01-01")
    assert not is_file(back)
    assert "结束日期早于开始日期" in back.content.decode()


def test_the_lists_own_dates_are_the_period(worker: User, event_open: LegalEducationEvent) -> None:
    day = timezone.localtime(event_open.starts_at)
    asked = f"{EVENTS}?starts_at__year={day.year}&starts_at__month={day.month}"
    page = caller(worker).get(asked).content.decode()
    assert f"{day.year}年{day.month}月" in page
    assert 'name="since"' not in page
    sheet = sheet_of(export(worker, asked, "ledger"))
    assert sheet["A1"].value == f"新河社区普法活动台账（{day.year}年{day.month}月）"


def test_the_page_offers_columns_to_choose_and_to_order(worker: User, person: Resident) -> None:
    page = caller(worker).get(PEOPLE).content.decode()
    names = re.findall(r'name="columns" value="(\w+)"( checked)?', page)
    assert [name for name, chosen in names if chosen][:3] == ["name", "gender", "birth_month"]
    assert ("room", "") in names
    assert "系统编号" in page


def test_selected_rows_and_all_that_the_filter_finds(worker: User, venue: Venue) -> None:
    made = [gate.save(new_event(venue, title=title), by=SYSTEM) for title in "甲乙丙"]
    client = caller(worker)
    asked = {"action": "export_admin_action", "_selected_action": [made[0].pk, made[2].pk]}
    page = client.post(EVENTS.replace("export/", ""), asked).content.decode()
    items = re.findall(r'name="export_items" value="(\d+)"', page)
    assert sorted(map(int, items)) == [made[0].pk, made[2].pk]
    rows = rows_of_csv(send(client, EVENTS, export_items=items))
    assert {row["活动名称"] for row in rows} == {"甲", "丙"}
    # All pages of a filtered list are that list, not a thousand keys in a form.
    across = asked | {"select_across": "1"}
    answer = client.post(EVENTS.replace("export/", "?q=乙"), across)
    assert (answer.status_code, answer["Location"]) == (302, f"{EVENTS}?q=%E4%B9%99")
