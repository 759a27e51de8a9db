"""联席会议台账 as a form of the general export: as one signs and files it; it comes in unchanged."""

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from backend.core.access import SYSTEM, Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.meetings import actions, working
from backend.meetings.actions import RollCall
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting
from backend.people.models import User
from tests.admin.exporting import content, export, is_file, rows_of_csv
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told
from tests.meetings.test_ledger import ALL, HEADER
from tests.meetings.world import Town, in_session, new_meeting

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/meetings/jointmeeting/export/"
TITLE, LINE, HEADING = 1, 2, 3


def held(town: Town) -> JointMeeting:
    """One of today: two resolutions on one item, two tasks of one, an item with the same title, one
    that was left to the next, and a body that sat in.
    """
    meeting = in_session(town, items=2)
    first, second = meeting.items.order_by("position")
    AgendaItem.objects.filter(pk__in=[first.pk, second.pk]).update(
        title="路灯损坏", kind="deliberation"
    )
    actions.call_roll(
        meeting,
        [
            RollCall("present", organization=town.bodies["协会"].pk, capacity="observer"),
            town.call("商户", "left"),
        ],
        by=SYSTEM,
    )
    item = actions.start_item(AgendaItem.objects.get(pk=first.pk), by=SYSTEM)
    actions.finish_item(item, by=SYSTEM)
    tasks = []
    for text, names in (
        ("更换损坏的路灯\n两周内", ("物业", "业委会")),
        ("公示更换情况", ("居委会",)),
    ):
        resolution = actions.resolve(AgendaItem.objects.get(pk=first.pk), text, by=SYSTEM)
        for name in names:
            tasks.append(actions.add_action(resolution, town.bodies[name], "去办", by=SYSTEM))
    actions.close(meeting, by=SYSTEM)
    meeting = actions.confirm(JointMeeting.objects.get(pk=meeting.pk), by=SYSTEM)
    working.report(tasks[0], "已换二十盏", by=SYSTEM)
    working.report(ActionItem.objects.get(pk=tasks[0].pk), "=全部换好", by=SYSTEM)
    return meeting


def said(answer: dict[str, Any]) -> list[Any]:
    """What is said of the rows, but that the sum and the line to sign are no rows."""
    return [one for one in told(answer) if one[2] not in ("row_total", "row_signature")]


def saved(tmp_path: Path, user: User, **given: Any) -> Path:
    out = tmp_path / "台账.xlsx"
    out.write_bytes(content(export(user, ADDRESS, "ledger", **given)))
    return out


def test_it_is_what_one_signs_and_files(town: Town, secretary: User, tmp_path: Path) -> None:
    meeting = held(town)
    new_meeting(town, days=9, title="还没开的会")
    page = load_workbook(saved(tmp_path, secretary, maker="社区书记")).active
    assert str(page.cell(TITLE, 1).value).startswith("新河社区联席会议台账（")
    line = str(page.cell(LINE, 1).value)
    day = f"{meeting.held_on:%Y-%m-%d}"
    assert all(
        word in line for word in ("单位：新河社区", f"期间：{day}", "制表人：社区书记", "制表日期")
    )
    assert (page.freeze_panes, page.print_title_rows) == (
        f"A{HEADING + 1}",
        f"${HEADING}:${HEADING}",
    )
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    rows = list(page.iter_rows(min_row=HEADING, values_only=True))
    assert rows[0] == HEADER
    # A row a task: two of the first resolution, one of the second; one of the item left over.
    assert [row[5:8] for row in rows[1:5]] == [
        ("路灯损坏", "更换损坏的路灯\n两周内", "诚信行物业"),
        ("路灯损坏", "更换损坏的路灯\n两周内", "万达华府业委会"),
        ("路灯损坏", "公示更换情况", "新河社区居委会"),
        ("路灯损坏", None, None),
    ]
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert rows[1][9] == f"落实中：=全部换好（{today}）"
    assert rows[2][9] == "待落实"
    assert rows[4][8:10] == (None, None)
    assert rows[1][4] == ALL + "、邻里互助会"
    assert isinstance(rows[1][1], datetime.datetime)
    assert rows[5][0] == "合计：4 条"
    assert "（盖章）" in rows[6]
    assert "还没开的会" not in {row[5] for row in rows}


def test_what_goes_out_comes_in_again_unchanged(
    town: Town, secretary: User, tmp_path: Path
) -> None:
    held(town)
    before = JointMeeting.objects.count()
    status, answer = command("joint_meetings", str(saved(tmp_path, secretary)))
    assert (status, answer["rows"]["unchanged"], answer["rows"]["create"]) == (0, 4, 0)
    assert said(answer) == []
    assert JointMeeting.objects.count() == before


def test_what_was_edited_of_a_known_meeting_is_told_and_not_lost_in_silence(
    town: Town, secretary: User, tmp_path: Path
) -> None:
    held(town)
    out = saved(tmp_path, secretary)
    book = load_workbook(out)
    first = HEADING + 1
    book.active.cell(first, 10).value = "已全部完成"
    book.active.cell(first + 1, 8).value = "惠民便利店"
    book.active.cell(first + 2, 9).value = datetime.date(2099, 1, 1)
    book.save(out)
    before = list(ActionItem.objects.order_by("pk").values())
    status, answer = command("joint_meetings", str(out))
    assert (status, answer["rows"]["unchanged"]) == (0, 4)
    assert said(answer) == [
        (first, "落实情况", "known_not_changed", "note"),
        (first + 1, "责任单位", "known_not_changed", "note"),
        (first + 2, "完成时限", "known_not_changed", "note"),
    ]
    assert list(ActionItem.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.slow
def test_any_ledger_that_came_in_goes_out_and_in_unchanged(
    town: Town, secretary: User, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    rows: list[tuple[Any, ...]] = []
    for month in range(1, 7):
        for _ in range(dice.randint(1, 3)):
            agreed = dice.random() < 0.8
            rows.append(
                (
                    len(rows) + 1,
                    datetime.datetime(2026, month, 10, dice.choice([9]), 30),
                    "会议室",
                    "",
                    dice.choice([ALL, ALL, ""]) if not rows or rows[-1][1].month != month else "",
                    dice.choice(["路灯", "绿化 补种", "3-5号楼外墙", "（续）停车\n收费"]),
                    dice.choice(["照办", "+两周内办好", "1. 公示\n2. 施工"]) if agreed else "",
                    dice.choice(["诚信行物业", "新河社区居委会"]) if agreed else "",
                    datetime.date(2026, month, 28) if agreed and dice.random() < 0.7 else "",
                    dice.choice(["已完成", "推进中", "未落实", ""]) if agreed else "",
                    dice.choice(["", "补录"]),
                )
            )
    book = Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    status, answer = command("joint_meetings", str(tmp_path / "in.xlsx"))
    assert [one for one in told(answer) if one[3] != "note"] == []
    assert (status, answer["rows"]["create"]) == (0, len(rows))
    status, answer = command("joint_meetings", str(saved(tmp_path, secretary)))
    assert (status, answer["rows"]["unchanged"], said(answer)) == (0, len(rows), [])


def test_the_period_narrows_it(town: Town, secretary: User, tmp_path: Path) -> None:
    held(town)
    out = saved(tmp_path, secretary, since="2020-01-01", until="2020-12-31")
    rows = list(load_workbook(out).active.iter_rows(min_row=HEADING + 1, values_only=True))
    assert rows[0][0] == "合计：0 条"


def test_the_list_itself_goes_out_as_before(town: Town, secretary: User) -> None:
    held(town)
    new_meeting(town, days=9, title="还没开的会")
    titles = [row["会议名称"] for row in rows_of_csv(export(secretary, ADDRESS))]
    assert sorted(titles) == ["联席会议", "还没开的会"]


def test_it_is_for_those_who_may_export(
    town: Town, resident_user: User, other_worker: User, tmp_path: Path
) -> None:
    held(town)
    assert not is_file(export(resident_user, ADDRESS, "ledger"))
    rows = load_workbook(saved(tmp_path, other_worker)).active.iter_rows(values_only=True)
    assert "路灯损坏" not in {cell for row in rows for cell in row}


@pytest.mark.slow
def test_ten_meetings_cost_what_one_does(town: Town, secretary: User, tmp_path: Path) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured, (tmp_path / "t.xlsx").open("wb") as out:
            write_export(
                JointMeeting.objects.visible_to(secretary),
                ExportOrder(Form.LEDGER),
                by=Actor.of(secretary, "test"),
                target=out,
            )
        return len(captured)

    def tell_of(months: range) -> None:
        rows = [
            (
                1,
                f"2026年{month}月10日 9:30",
                "",
                "",
                ALL,
                "路灯",
                "照办",
                "诚信行物业",
                "",
                "推进中",
                "",
            )
            for month in months
        ]
        assert command("joint_meetings", str(sheet(tmp_path, [HEADER, *rows])))[0] == 0

    tell_of(range(1, 2))
    statements()  # Who may what is asked once.
    first = statements()
    tell_of(range(2, 11))
    assert statements() == first
