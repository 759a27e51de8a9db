"""联席会议台账: history replayed by the meeting's own verbs, with the row's dates."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet, Transition
from backend.imports import actions as imports
from backend.imports.left import kept, would_be_left
from backend.imports.models import ImportBatch
from backend.meetings import actions
from backend.meetings.actions import ACTION_VERBS
from backend.meetings.ledger import names_in_list, told_of
from backend.meetings.models import (
    ActionItem,
    JointMeeting,
    MeetingAttendance,
    Resolution,
    Seat,
)
from backend.people.models import Organization, User
from tests.conftest import TERM_START
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told
from tests.meetings.world import Town

HEADER = (
    *("序号", "时间", "地点", "主持人", "参会单位", "议题", "议定事项", "责任单位", "完成时限"),
    *("落实情况", "备注"),
)
ALL = "新河社区党委、新河社区居委会、诚信行物业、万达华府业委会、惠民便利店、邻里互助会"
DAY = datetime.date(2025, 4, 10)


def _row(number: int = 1, **given: Any) -> tuple[Any, ...]:
    usual: dict[str, Any] = {
        "时间": "2025年4月10日 14:30",
        "地点": "社区会议室",
        "主持人": "社区书记",
        "参会单位": ALL,
        "议题": "路灯损坏",
        "议定事项": "更换损坏的路灯",
        "责任单位": "诚信行物业",
        "完成时限": "2025.4.30",
        "落实情况": "已完成，2025.4.28",
        "备注": "",
    }
    values = usual | given
    return (number, *(values[name] for name in HEADER[1:]))


def _import(tmp_path: Path, *rows: tuple[Any, ...], more: tuple[str, ...] = ()) -> Any:
    path = sheet(tmp_path, [HEADER, *rows])
    return command("joint_meetings", str(path), *more)


@pytest.mark.django_db
def test_a_row_becomes_a_meeting_at_the_times_of_then(town: Town, tmp_path: Path) -> None:
    status, answer = _import(tmp_path, _row())
    assert (status, answer["rows"]["create"], told(answer)) == (0, 1, [])
    meeting = JointMeeting.objects.get()
    start = timezone.make_aware(datetime.datetime(2025, 4, 10, 14, 30))
    assert (meeting.status, meeting.starts_at, meeting.from_ledger) == ("confirmed", start, True)
    assert (meeting.year, meeting.number) == (2025, 1)
    task = ActionItem.objects.get()
    assert (task.status, task.due_on) == ("done", datetime.date(2025, 4, 30))
    assert timezone.localtime(task.done_at).date() == datetime.date(2025, 4, 28)
    moves = {m.move: m for m in Transition.objects.filter(model="meetings.JointMeeting")}
    assert timezone.localtime(moves["notice"].occurred_at).date() == datetime.date(2025, 4, 7)
    assert moves["open"].occurred_at == start
    # Heard of now, and what nobody wrote down says so.
    assert timezone.now() - moves["open"].recorded_at < datetime.timedelta(minutes=5)
    assert "推定" in moves["notice"].reason
    assert "推定" in moves["close"].reason
    assert MeetingAttendance.objects.filter(kind="present").count() == 6
    # One act.
    assert ChangeSet.objects.filter(verb="import joint_meetings").count() == 1
    assert not ChangeSet.objects.filter(verb__contains="JointMeeting", pk__gt=_last()).exists()


def _last() -> int:
    return ChangeSet.objects.filter(verb="import joint_meetings").latest("pk").pk


@pytest.mark.django_db
def test_rows_of_one_time_are_one_meeting(town: Town, tmp_path: Path) -> None:
    second = _row(
        2, 议题="绿化补种", 议定事项="补种绿化", 责任单位="新河社区居委会", 落实情况="推进中"
    )
    status, answer = _import(tmp_path, _row(), second)
    assert (status, answer["rows"]["create"]) == (0, 2)
    assert JointMeeting.objects.get().items.count() == 2
    assert list(Resolution.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    states = dict(ActionItem.objects.values_list("title", "status"))
    assert states == {"更换损坏的路灯": "done", "补种绿化": "in_progress"}


@pytest.mark.django_db
def test_the_same_ledger_twice_changes_nothing(town: Town, tmp_path: Path) -> None:
    _import(tmp_path, _row())
    status, answer = _import(tmp_path, _row())
    assert (status, answer["rows"]["unchanged"], answer["rows"]["create"]) == (0, 1, 0)
    assert told(answer) == []
    assert JointMeeting.objects.count() == 1
    _, answer = _import(tmp_path, _row(议定事项="别的"))
    assert told(answer) == [(2, "议定事项", "meeting_known", "error")]


@pytest.mark.django_db
def test_missing_evidence_becomes_a_note(town: Town, tmp_path: Path) -> None:
    row = _row(时间="2025.4.10", 参会单位="", 责任单位="诚信行物业", 完成时限="", 落实情况="已完成")
    status, answer = _import(tmp_path, row)
    assert status == 0
    assert told(answer) == [
        (2, "时间", "time_missing", "note"),
        (2, "参会单位", "attendance_missing", "note"),
        (2, "完成时限", "due_inferred", "note"),
        (2, "落实情况", "done_day_inferred", "note"),
    ]
    assert set(MeetingAttendance.objects.values_list("note", flat=True)) == {
        "补录：台账没有写，按常规推定"
    }
    # Ten working days: 2025-04-24.
    assert ActionItem.objects.get().due_on == datetime.date(2025, 4, 24)


@pytest.mark.django_db
def test_a_column_that_the_sheet_lacks_is_named_as_staff_call_it(
    town: Town, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [("时间", "议题"), ("2025-04-10 14:00", "停车位")], "台账.csv")
    status, answer = command("joint_meetings", str(path))
    assert (status, told(answer)) == (0, [(2, "参会单位", "attendance_missing", "note")])


@pytest.mark.django_db
def test_nobody_who_is_named_is_left_out(town: Town, tmp_path: Path) -> None:
    """A person with a seat is there; a body without one, and a name that matches nothing, sat in."""
    for name in ("林代表", "何同名", "何同名"):
        gate.save(
            Seat(
                community=town.community,
                tier="extended",
                holder="party_member",
                person_name=name,
                valid_from=TERM_START,
            ),
            by=SYSTEM,
        )
    body = gate.save(
        Organization(community=town.community, name="东湖派出所", kind="department"), by=SYSTEM
    )
    rows = (
        _row(参会单位=""),
        _row(2, 议题="绿化", 参会单位=f"{ALL}、林代表、东湖派出所、何同名、客人甲"),
    )
    status, answer = _import(tmp_path, *rows)
    assert status == 0
    # By the row that says it.
    assert told(answer) == [
        (3, "参会单位", "attendance_sits_in", "note"),
        (3, "参会单位", "attendance_unmatched", "note"),
    ]
    assert "何同名" not in json.dumps(answer["problems"], ensure_ascii=False)
    there = MeetingAttendance.objects.filter(kind="present")
    assert there.filter(seat__person_name="林代表").exists()
    assert not there.filter(seat__person_name="何同名").exists()
    sat_in = there.filter(capacity="observer").order_by("pk")
    assert list(sat_in.values_list("organization", "attendee")) == [
        (body.pk, ""),
        (None, "何同名"),
        (None, "客人甲"),
    ]
    # In the minutes as everybody without a seat: masked.
    minutes = JointMeeting.objects.get().minutes.get().text
    assert "东湖派出所" in minutes
    assert "客人甲" not in minutes


@pytest.mark.django_db
def test_a_resolution_that_nobody_is_to_do_waits_in_the_draft(town: Town, tmp_path: Path) -> None:
    status, answer = _import(tmp_path, _row(责任单位="", 完成时限="", 落实情况=""))
    assert (status, told(answer)) == (0, [(2, "责任单位", "task_missing", "note")])
    assert JointMeeting.objects.get().status == "minutes_draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "column", "code"),
    [
        ({"完成时限": "2025.4.1"}, "完成时限", "due_too_early"),
        ({"落实情况": "2025年3月1日已完成"}, "落实情况", "done_before_meeting"),
        ({"落实情况": "2099年3月1日已完成"}, "落实情况", "occurred_in_future"),
        ({"议定事项": ""}, "议定事项", "task_without_resolution"),
        ({"责任单位": "不认识的公司"}, "责任单位", "organization_unknown"),
        ({"参会单位": "诚信行物业、惠民便利店"}, "参会单位", "inquorate"),
        ({"时间": "2099年4月10日"}, "时间", "occurred_in_future"),
        ({"时间": "2025年2月30日"}, "时间", "date_impossible"),
        ({"时间": "2024年4月10日"}, "时间", "roll_empty"),
    ],
)
def test_a_contradiction_is_an_error_and_nothing_is_written(
    town: Town, tmp_path: Path, given: dict[str, Any], column: str, code: str
) -> None:
    status, answer = _import(tmp_path, _row(**given))
    assert status == 1
    assert (2, column, code, "error") in told(answer)
    assert not JointMeeting.objects.exists()


@pytest.mark.django_db
def test_several_accountable_bodies_are_a_question(town: Town, tmp_path: Path) -> None:
    _, answer = _import(tmp_path, _row(责任单位="诚信行物业、新河社区居委会"))
    assert told(answer) == [(2, "责任单位", "organization_several", "question")]


@pytest.mark.django_db
def test_a_meeting_is_told_as_a_whole_or_not_at_all(town: Town, tmp_path: Path) -> None:
    bad = _row(2, 议题="绿化", 完成时限="2025.4.1")
    status, answer = _import(tmp_path, _row(), bad, more=("--take-good",))
    assert status == 1
    assert (2, None, "meeting_incomplete", "error") in told(answer)
    assert not JointMeeting.objects.exists()
    other = _row(3, 时间="2025年5月10日 14:30", 完成时限="2025.5.30", 落实情况="未落实")
    _import(tmp_path, _row(), bad, other, more=("--take-good",))
    assert JointMeeting.objects.get().starts_at.month == 5


@pytest.mark.django_db
def test_what_differs_within_one_meeting_is_said(town: Town, tmp_path: Path) -> None:
    _, answer = _import(tmp_path, _row(), _row(2, 议题="绿化", 地点="别处"))
    assert (3, "地点", "meeting_differs", "error") in told(answer)


@pytest.mark.django_db
def test_taking_an_import_back_voids_its_meetings_and_keeps_the_numbers(
    town: Town, tmp_path: Path, secretary: User
) -> None:
    _import(tmp_path, _row())
    done = imports.undo_import(ImportBatch.objects.get(), by=SYSTEM, reason="传错了")
    assert done.left == []
    meeting = JointMeeting.objects.get()
    assert (meeting.status, meeting.number) == ("void", 1)
    assert not ActionItem.objects.visible_to(secretary).exists()
    # It can be imported anew, under the next number.
    _import(tmp_path, _row())
    assert JointMeeting.objects.get(status="confirmed").number == 2


@pytest.mark.django_db
def test_what_somebody_has_worked_on_since_stays(town: Town, tmp_path: Path) -> None:
    _import(tmp_path, _row())
    actions.publish(JointMeeting.objects.get(), by=SYSTEM)
    assert [(row.row, row.reason) for row in would_be_left(ImportBatch.objects.get())] == [
        (2, "changed")
    ]
    done = imports.undo_import(ImportBatch.objects.get(), by=SYSTEM)
    assert [row.reason for row in done.left] == ["changed"]
    assert JointMeeting.objects.get().status == "published"


@pytest.mark.django_db
def test_what_somebody_has_verified_is_named_before_and_after_and_stays(
    town: Town, tmp_path: Path, secretary: User, worker: User
) -> None:
    """The one meeting stays, with its reason and its row; the other is taken back all the same."""
    _import(
        tmp_path,
        _row(),
        _row(2, 时间="2025年5月10日 14:30", 完成时限="2025.5.30", 落实情况="已完成，2025.5.20"),
    )
    batch = ImportBatch.objects.get()
    assert would_be_left(batch) == []
    second = ActionItem.objects.get(meeting__starts_at__month=5)
    ACTION_VERBS["verify"](second, by=Actor.of(secretary, "test"), reason="")
    client = Client()
    client.force_login(worker)
    page = client.get(f"/admin/imports/importbatch/{batch.pk}/undo/").content.decode()
    assert "已有落实事项通过核验" in page
    before = would_be_left(batch)
    assert [(row.row, row.reason, row.pk) for row in before] == [
        (3, "meeting_has_work", second.meeting_id)
    ]
    done = imports.undo_import(batch, by=SYSTEM, reason="传错了")
    assert done.left == before
    assert [row.why for row in done.left] == ["已有落实事项通过核验，会议不能作废"]
    states = dict(JointMeeting.objects.values_list("pk", "status"))
    assert states.pop(second.meeting_id) == "confirmed"
    assert set(states.values()) == {"void"}
    assert ActionItem.objects.get(pk=second.pk).status == "verified"
    batch.refresh_from_db()
    assert [row.reason for row in kept(batch)] == ["meeting_has_work"]


@pytest.mark.django_db
def test_a_plan_that_rests_on_other_settings_is_outdated(town: Town, tmp_path: Path) -> None:
    """The verbs judge anew when the plan is carried out."""
    from django.core.files.base import ContentFile

    from backend.imports.committing import PlanOutdated
    from backend.imports.sheet import sheet_of

    path = sheet(tmp_path, [HEADER, _row()])
    upload = imports.Upload(ContentFile(path.read_bytes(), name=path.name), path.name, 1)
    batch = imports.receive(upload, sheet_of("joint_meetings"), community=town.community, by=SYSTEM)
    batch = imports.plan_batch(batch, by=SYSTEM)
    core = town.seats["党委"]
    core.valid_to = core.valid_from
    gate.save(core, by=SYSTEM)
    with pytest.raises(PlanOutdated) as outdated:
        imports.confirm_import(batch, by=SYSTEM)
    assert outdated.value.problems[0].code == "changed_since_preview"
    assert not JointMeeting.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "status", "day"),
    [
        ("", "open", None),
        ("未落实", "open", None),
        ("尚未启动", "open", None),
        ("推进中", "begun", None),
        ("部分完成", "begun", None),
        ("正在施工，预计5月底完成", "begun", None),
        ("已完成", "done", None),
        ("已落实到位", "done", None),
        ("4月28日已办结", "done", datetime.date(2025, 4, 28)),
        ("1月5日已办结", "done", datetime.date(2026, 1, 5)),
        ("2025.4.28整改完毕", "done", datetime.date(2025, 4, 28)),
        ("4月12日开工，4月28日完成", "done", datetime.date(2025, 4, 28)),
        ("2月30日完成", "done", None),
    ],
)
def test_how_far_it_is_in_words(text: str, status: str, day: datetime.date | None) -> None:
    found = told_of(text, DAY)
    assert (found.status, found.day) == (status, day)


@pytest.mark.once
@given(st.text(max_size=60))
@example("\r")
def test_any_words_are_read(text: str) -> None:
    found = told_of(text, DAY)
    assert found.status in ("open", "begun", "done")
    assert all(name.strip() for name in names_in_list(text))
