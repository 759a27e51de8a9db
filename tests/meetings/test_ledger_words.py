"""What the short words of a ledger mean: the day until when, and which body."""

import datetime
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core.calendar import add_working_days
from backend.meetings.ledger_bodies import Body, body_meant, with_speaker, without_capacity
from backend.meetings.ledger_terms import day_meant, says_a_figure
from backend.meetings.models import ActionItem, JointMeeting, MeetingAttendance
from tests.imports.sheets_by_hand import told
from tests.meetings.test_ledger import _import, _row
from tests.meetings.world import Town

MET = date(2025, 4, 10)


def day(text: str, met_on: date = MET) -> date | None:
    return day_meant(text, met_on, lambda days: add_working_days(met_on, days, {}))


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年4月30日前", date(2025, 4, 30)),
        ("2025.4.30之前完成", date(2025, 4, 30)),
        ("4月30日前", date(2025, 4, 30)),
        ("3月1日前", date(2026, 3, 1)),
        ("4月底前", date(2025, 4, 30)),
        ("2026年2月底前", date(2026, 2, 28)),
        ("月底前", date(2025, 4, 30)),
        ("本月内", date(2025, 4, 30)),
        ("下月底", date(2025, 5, 31)),
        ("5月中旬", date(2025, 5, 20)),
        ("5月上旬前", date(2025, 5, 10)),
        ("3月底", date(2026, 3, 31)),
        ("年底前", date(2025, 12, 31)),
        ("明年年底", date(2026, 12, 31)),
        ("第二季度末", date(2025, 6, 30)),
        ("本季度内", date(2025, 6, 30)),
        ("10个工作日内", date(2025, 4, 24)),
        ("会后十个工作日内完成", date(2025, 4, 24)),
        ("3天内", date(2025, 4, 13)),
        ("一周内", date(2025, 4, 17)),
        ("两周之内", date(2025, 4, 24)),
        ("半个月内", date(2025, 4, 25)),
        ("一个月内", date(2025, 5, 10)),
        ("２个月", date(2025, 6, 10)),
        ("半年内", date(2025, 10, 10)),
        ("立即整改", MET),
        ("立行立改", MET),
        ("长期坚持", None),
        ("下次会议前", None),
        ("尽快", None),
        ("2月30日前", None),
        ("13月底", None),
        ("45号", None),
    ],
)
def test_words_mean_a_day_or_none(text: str, expected: date | None) -> None:
    assert day(text) == expected


@pytest.mark.once
def test_a_month_from_the_last_day_of_one_is_the_last_day_of_the_next() -> None:
    assert day("一个月内", date(2025, 1, 31)) == date(2025, 2, 28)
    assert day("下月底", date(2025, 12, 5)) == date(2026, 1, 31)


@pytest.mark.once
@given(st.text(alphabet="0123456789一二十半年月日底末前内个工作周季度第本下.-/ ", max_size=14))
def test_no_words_break_the_reader(text: str) -> None:
    found = day(text)
    assert found is None or isinstance(found, datetime.date)
    says_a_figure(text)


@pytest.mark.once
def test_a_short_word_means_the_one_body_of_its_kind() -> None:
    company = Body(1, "property_company", ("万达华府诚信行物业", "诚信行"))
    another = Body(2, "property_company", ("安居物业",))
    committee = Body(3, "owners_committee", ("万达华府业委会",))
    office = Body(4, "department", ("河畔街道司法所",))
    everybody = [company, another, committee, office]
    # The one with a seat; of two without, none.
    assert body_meant("物业公司", [company, committee], everybody) == company
    assert body_meant("物业公司", [committee], everybody) is None
    assert body_meant("物业公司", [company, another], everybody) is None
    assert body_meant("业委会", [], everybody) == committee
    assert body_meant("司法所", [], everybody) == office
    # The end of several names, and hardly a name at all.
    assert body_meant("物业", [], everybody) is None
    assert body_meant("法所", [], everybody) is None


@pytest.mark.once
def test_who_spoke_and_as_what_stands_beside_the_name() -> None:
    assert with_speaker("诚信行物业（李经理）") == ("诚信行物业", "李经理")
    assert with_speaker("诚信行物业") == ("诚信行物业", "")
    assert without_capacity("党员代表林代表", ("党员代表",)) == "林代表"
    assert without_capacity("林代表（党员代表）", ("党员代表",)) == "林代表"
    assert without_capacity("党员代表", ("党员代表",)) == "党员代表"


# --- the ledger as a neighbourhood keeps it ------------------------------------------------------

AS_KEPT: dict[str, Any] = {
    "参会单位": "社区党委、居委会、物业公司（李经理）、业委会",
    "议定事项": "1.更换损坏的路灯；2.公示更换情况。",
    "责任单位": "物业",
    "完成时限": "4月底前",
    "落实情况": "已完成",
}


@pytest.mark.django_db
def test_short_names_and_a_term_in_words_are_read_and_said(town: Town, tmp_path: Path) -> None:
    status, answer = _import(tmp_path, _row(**AS_KEPT))
    assert (status, answer["rows"]["create"]) == (0, 1)
    assert told(answer) == [
        (2, "参会单位", "body_meant", "note"),
        (2, "责任单位", "body_meant", "note"),
        (2, "完成时限", "due_read", "note"),
        (2, "落实情况", "done_day_inferred", "note"),
    ]
    task = ActionItem.objects.get()
    assert (task.organization, task.due_on) == (town.bodies["物业"], date(2025, 4, 30))
    assert task.details == "台账写的完成时限：4月底前"
    here = MeetingAttendance.objects.filter(kind="present")
    assert here.count() == 4
    assert here.get(seat=town.seats["物业"]).attendee == "李经理"

    # Once more: nothing, and nothing to say of what was understood then.
    status, answer = _import(tmp_path, _row(**AS_KEPT))
    assert (status, answer["rows"]["unchanged"], told(answer)) == (0, 1, [])
    assert JointMeeting.objects.count() == 1


@pytest.mark.django_db
def test_words_that_mean_no_day_are_kept_with_the_task(town: Town, tmp_path: Path) -> None:
    status, answer = _import(tmp_path, _row(完成时限="长期坚持", 落实情况=""))
    assert (status, told(answer)) == (0, [(2, "完成时限", "due_in_words", "note")])
    task = ActionItem.objects.get()
    assert task.due_on == date(2025, 4, 24), "ten working days"
    assert task.details == "台账写的完成时限：长期坚持"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2月30日前", "date_impossible"),
        ("45号前", "date_invalid"),
        ("2025.4", "date_no_day"),
        ("2025年2月30日", "date_impossible"),
    ],
)
def test_a_day_that_does_not_exist_is_still_refused(
    town: Town, tmp_path: Path, written: str, code: str
) -> None:
    status, answer = _import(tmp_path, _row(完成时限=written))
    assert status == 1
    assert (2, "完成时限", code, "error") in told(answer)
    assert not JointMeeting.objects.exists()


@pytest.mark.django_db
def test_several_bodies_are_asked_about_and_each_may_have_its_own_item(
    town: Town, tmp_path: Path
) -> None:
    row = _row(责任单位="诚信行物业、业委会", 落实情况="推进中")
    status, answer = _import(tmp_path, row)
    assert status == 1
    assert (2, "责任单位", "organization_several", "question") in told(answer)
    status, _ = _import(tmp_path, row, more=("--answer", "organization_several=each"))
    assert status == 0
    found = ActionItem.objects.order_by("pk").values_list("organization__name", "status", "details")
    assert list(found) == [
        ("诚信行物业", "in_progress", ""),
        ("万达华府业委会", "in_progress", ""),
    ]
    status, answer = _import(tmp_path, row)
    assert (status, answer["rows"]["unchanged"]) == (0, 1)


@pytest.mark.django_db
def test_one_of_several_bodies_may_lead(town: Town, tmp_path: Path) -> None:
    row = _row(责任单位="诚信行物业、业委会", 落实情况="")
    status, _ = _import(tmp_path, row, more=("--answer", "organization_several=lead"))
    assert status == 0
    task = ActionItem.objects.get()
    assert (task.organization.name, task.details) == ("诚信行物业", "配合单位：万达华府业委会")


@pytest.mark.django_db
def test_a_meeting_that_began_before_its_hour_comes_in_again(town: Town, tmp_path: Path) -> None:
    _import(tmp_path, _row())
    later = (timezone.now() + datetime.timedelta(hours=1)).replace(second=0, microsecond=0)
    JointMeeting.objects.update(starts_at=later)
    row = _row(时间=f"{timezone.localtime(later):%Y-%m-%d %H:%M}", 完成时限="", 落实情况="")
    status, answer = _import(tmp_path, row)
    assert (status, answer["rows"]["unchanged"]) == (0, 1)
