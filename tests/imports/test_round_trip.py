"""What was exported and comes back unchanged is no work: masked and whole, as list, ledger and CSV."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.exporting.identity import record_number
from backend.core.exporting.orders import Form
from backend.education import actions
from backend.education.models import Attendance, Venue
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.people.choices import PhoneKind
from backend.people.models import Resident, ResidentPhone, User
from backend.places.models import Building, Community, Estate
from tests.conftest import new_event
from tests.imports.coming_back import (
    FORMS,
    WAYS,
    World,
    assert_nothing_to_do,
    exported,
    import_rows,
    outcome,
    planned,
)

# Text as people write it, and as nobody should: what a program runs, what XML cannot hold.
TEXTS = st.one_of(
    st.sampled_from(
        ["", "补签", "=1+1", "'=1+1", "-3", "+86", "@小区", "''-", "_x000D_", "a&b<c>", "两\n行",
         '引"号', "，逗号", "\u3000空格 ", "0012", "3-2", "1e5", "2026-01-02", "无", "＊＊＊说明"]
    ),
    st.text(alphabet="张=+-@'\" ,;\n甲1_x", max_size=12),
)  # fmt: skip
NAMES = ["张安然", "张安宁", "李知远", "欧阳若谷", "阿依古丽·买买提", "王=五", "Anna Lee"]
PLACES = ["", "3-2-501", "河边平房", "万达华府3号楼", "9-1-101"]
PHONES = ["", *(f"1390000{n:04}" for n in range(12)), "0371-66001234"]


@pytest.fixture
def world(worker: User, community: Community, venue: Venue, building: Building) -> World:
    namesake = gate.save(Estate(community=community, name="万达"), by=SYSTEM)
    gate.save(Building(community=community, estate=namesake, name="3"), by=SYSTEM)
    gate.save(Building(community=community, estate=building.estate, name="12号楼"), by=SYSTEM)
    events = [
        actions.open_event(gate.save(new_event(venue, code=code), by=SYSTEM), by=SYSTEM)
        for code in ("pf-open", "pf-second")
    ]
    return World(community, worker, events)


ATTENDANCE_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["pf-open", "pf-second"]),
        st.sampled_from(NAMES),
        st.sampled_from(["男", "女", ""]),
        st.sampled_from(["65", "0", ""]),
        st.sampled_from(PHONES),
        st.sampled_from(PLACES),
        st.sampled_from(["", "9:05", "2025-04-01 14:30:59"]),
        st.sampled_from(["√", "否", ""]),
        st.sampled_from(["", "0", "2"]),
        TEXTS,
    ),
    min_size=1,
    max_size=8,
)
HEADER = ("活动编号", "姓名", "性别", "年龄", "联系电话", "住址", "签到时间", "签名", "同来人数")


@pytest.mark.slow
def test_sign_ins_come_back_as_they_left(world: World) -> None:
    made = {"create": 0}

    @given(rows=ATTENDANCE_ROWS)
    def holds(rows: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            made["create"] += import_rows("attendance", [(*HEADER, "备注"), *rows])["create"]
            if Attendance.objects.exists():
                for form, whole in WAYS:
                    assert_nothing_to_do(world, "attendance", form, whole=whole)
            transaction.set_rollback(True)

    holds()
    assert made["create"] > 10


@pytest.mark.slow
def test_residents_come_back_as_they_left(world: World) -> None:
    made = {"create": 0}
    rows_of = st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.sampled_from(["男", "女", ""]),
            st.sampled_from(["1958-03", "1960年4月", ""]),
            st.sampled_from(PHONES),
            st.sampled_from(PLACES),
            TEXTS,
        ),
        min_size=1,
        max_size=8,
    )

    @given(rows=rows_of)
    def holds(rows: list[tuple[Any, ...]]) -> None:
        header = ("姓名", "性别", "出生年月", "联系电话", "住址", "备注")
        with transaction.atomic():
            made["create"] += import_rows("residents", [header, *rows])["create"]
            if Resident.objects.exists():
                for form, whole in WAYS:
                    assert_nothing_to_do(world, "residents", form, whole=whole)
            transaction.set_rollback(True)

    holds()
    assert made["create"] > 10


def test_events_come_back_as_they_left(world: World, venue: Venue) -> None:
    texts = TEXTS.map(str.strip)
    start = datetime.datetime(2025, 4, 1, 9, 30, 15, 250_000, tzinfo=datetime.UTC)
    # A title that says nothing (-) no sheet brings.
    filled = st.text(alphabet="张=+-@'\"甲1", max_size=9).map(lambda text: f"{text}甲")

    @given(
        title=filled,
        topic=texts,
        speaker=texts,
        summary=texts,
        capacity=st.sampled_from([None, 30]),
    )
    def holds(**values: Any) -> None:
        with transaction.atomic():
            event = new_event(
                venue, starts_at=start, ends_at=start + datetime.timedelta(hours=1), **values
            )
            gate.save(event, by=SYSTEM)
            for form in FORMS:
                assert_nothing_to_do(world, "legal_education_events", form, whole=False)
            transaction.set_rollback(True)

    holds()


# --- one by one ------------------------------------------------------------------------------------


@pytest.fixture
def people(world: World, building: Building) -> list[Resident]:
    """Two of one mask, one who left, one without a phone at a door, one with words for an address."""
    door = {"building": building, "unit": "2", "room": "501"}
    rows = [
        Resident(community=world.community, name="张安然", phone="13900001234", **door),
        Resident(community=world.community, name="张安宁", phone="13911111234", **door),
        Resident(community=world.community, name="李知远", birth_month="1958-03", **door),
        Resident(community=world.community, name="王清和", address="河边  平房", remark="=1"),
        Resident(community=world.community, name="赵云舒", phone="13900000005"),
    ]
    for row in rows:
        gate.save(row, by=SYSTEM)
    gone = rows[-1]
    gone.moved_out_on = datetime.date(2025, 1, 31)
    gate.save(gone, by=SYSTEM)
    return rows


@pytest.mark.parametrize(("form", "whole"), WAYS)
def test_those_who_left_namesakes_and_neighbours_are_known_again(
    world: World, people: list[Resident], form: Form, whole: bool
) -> None:
    assert_nothing_to_do(world, "residents", form, whole=whole)


def test_an_edited_cell_of_a_masked_export_is_an_update_of_that_row(
    world: World, people: list[Resident]
) -> None:
    assert outcome(world, "residents", row=0, 性别="女") == ("update", [])
    assert outcome(world, "residents", row=1, 联系电话="13955555555") == ("update", [])
    assert outcome(world, "residents", row=3, 备注="搬了新家") == ("update", [])
    assert outcome(world, "residents", row=2, 住址="万达华府3号楼1单元101室") == ("update", [])


@pytest.mark.parametrize(
    ("row", "cells", "code"),
    [
        (0, {"联系电话": "139****9999"}, "mask_mismatch"),
        (4, {"住址": "＊＊＊"}, "mask_mismatch"),
        (4, {"备注": "＊＊＊"}, "mask_mismatch"),
        (0, {"出生年月": "＊＊＊"}, "mask_mismatch"),
        (0, {"姓名": "李*"}, "record_number_other_name"),
        (0, {"姓名": "张安宁"}, "record_number_other_name"),
        (0, {"系统编号": "N999999-AAA"}, "record_number_unknown"),
        (0, {"系统编号": ""}, "name_masked"),
        (0, {"联系电话": "1390000"}, "phone_incomplete"),
    ],
)
def test_a_mask_or_number_that_does_not_fit_is_an_error_of_its_row(
    world: World, people: list[Resident], row: int, cells: dict[str, str], code: str
) -> None:
    assert outcome(world, "residents", row=row, **cells) == ("reject", [code])


def test_a_number_dragged_down_a_column_is_nobodys(world: World, people: list[Resident]) -> None:
    with exported(world, "residents", Form.CSV, whole=False) as path:
        text = path.read_text(encoding="utf-8-sig")
    number = text.splitlines()[1].rsplit(",", 1)[1]
    key, check = number[1:].split("-")
    dragged = f"N{int(key) + 1}-{check}"
    assert outcome(world, "residents", row=1, 系统编号=dragged) == (
        "reject",
        ["record_number_unknown"],
    )


def test_another_communitys_number_is_nobodys(
    world: World, people: list[Resident], other_community: Community
) -> None:
    foreign = Resident(community=other_community, name="张安然", phone="13900007777")
    gate.save(foreign, by=SYSTEM)
    number = record_number("people.Resident", foreign.pk)
    assert outcome(world, "residents", row=0, 系统编号=number) == (
        "reject",
        ["record_number_unknown"],
    )


def test_a_phone_that_would_make_two_of_one_is_refused_in_the_preview(
    world: World, people: list[Resident]
) -> None:
    gate.save(Resident(community=world.community, name="张安然", phone="13922222222"), by=SYSTEM)
    found = outcome(world, "residents", row=0, 联系电话="13922222222")
    assert found == ("reject", ["resident_taken"])


def test_a_further_phone_is_no_new_one(world: World, people: list[Resident]) -> None:
    further = ResidentPhone(
        community=world.community, resident=people[0], phone="13933333333", kind=PhoneKind.OWN
    )
    gate.save(further, by=SYSTEM)
    assert outcome(world, "residents", row=0, 联系电话="13933333333") == ("unchanged", [])


@pytest.fixture
def signed_in(world: World, people: list[Resident]) -> list[Attendance]:
    """Masked alike, one of nobody on the roster; the second event is archived by now."""
    rows = [
        Attendance(event=world.events[0], resident=people[0], name="张安然", remark="早到"),
        Attendance(event=world.events[0], resident=people[1], name="张安宁", signed=True),
        Attendance(event=world.events[0], name="张安安", companions=2),
        Attendance(event=world.events[1], resident=people[4], name="赵云舒", age=70),
    ]
    for row in rows:
        row.community = world.community
        row.signed_in_at = row.event.starts_at + datetime.timedelta(seconds=61, microseconds=7)
        gate.save(row, by=SYSTEM)
    actions.hold_event(world.events[1], by=SYSTEM)
    actions.archive_event(world.events[1], by=SYSTEM)
    return rows


@pytest.mark.parametrize(("form", "whole"), WAYS)
def test_sign_ins_of_archived_events_come_back_too(
    world: World, signed_in: list[Attendance], form: Form, whole: bool
) -> None:
    assert_nothing_to_do(world, "attendance", form, whole=whole)


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (0, {"年龄": "66"}, ("update", [])),
        (2, {"同来人数": "3"}, ("update", [])),
        (0, {"备注": "补签"}, ("update", [])),
        (3, {"年龄": "71"}, ("reject", ["event_not_open"])),
        (2, {"联系电话": "13900008888"}, ("reject", ["unlinked_contact"])),
        (0, {"联系电话": "13900008888"}, ("reject", ["phone_of_roster"])),
        (0, {"联系电话": "139****8888"}, ("reject", ["mask_mismatch"])),
        (1, {"备注": "＊＊＊"}, ("reject", ["mask_mismatch"])),
        (0, {"活动编号": "pf-second"}, ("reject", ["event_mismatch"])),
        (1, {"姓名": "王*"}, ("reject", ["record_number_other_name"])),
    ],
)
def test_an_edited_sign_in_changes_itself_alone(
    world: World, signed_in: list[Attendance], row: int, cells: dict[str, str], expected: Any
) -> None:
    assert outcome(world, "attendance", row=row, **cells) == expected


def test_a_roster_that_left_masked_may_become_a_sign_in_list(
    world: World, people: list[Resident]
) -> None:
    columns = ("name", "phone", "record_number")
    with exported(world, "residents", Form.XLSX, whole=False, columns=columns) as path:
        plan = plan_file(
            path, sheet_of("attendance"), community=world.community, target=world.events[0]
        )
    counts = plan.counts_dict()
    assert (counts["create"], counts["reject"]) == (5, 0)
    named = [write.values["resident_id"] for row in plan.rows() for write in row.writes]
    assert named == [person.pk for person in people]


def test_without_the_number_a_whole_export_is_known_by_its_natural_keys(
    world: World, people: list[Resident]
) -> None:
    columns = ("name", "gender", "phone", "door", "remark")
    with exported(world, "residents", Form.XLSX, whole=True, columns=columns) as path:
        plan = planned(world, "residents", path)
    counts = plan.counts_dict()
    # Whoever has moved out since is asked about, as on any sheet.
    assert (counts["unchanged"], counts["reject"]) == (4, 1)


def test_columns_that_are_only_shown_are_said_to_be(world: World, people: list[Resident]) -> None:
    with exported(world, "residents", Form.XLSX, whole=False) as path:
        plan = planned(world, "residents", path)
    said = {(p.column, p.code, str(p.level)) for p in plan.file_problems}
    assert said == {
        ("所在楼栋", "column_shown_only", "note"),
        ("居住状态", "column_shown_only", "note"),
    }


def test_the_control_without_its_numbers_a_masked_export_names_nobody(
    world: World, people: list[Resident]
) -> None:
    columns = ("name", "gender", "phone", "door", "remark")
    with exported(world, "residents", Form.XLSX, whole=False, columns=columns) as path:
        plan = planned(world, "residents", path)
    counts = plan.counts_dict()
    # Two of one mask are one row to it.
    assert (counts["reject"], counts["skip"], counts["unchanged"]) == (4, 1, 0)
    assert {p.code for p in plan.problems() if p.rejects} == {"name_masked"}
