"""What is guessed, found in titles, remembered or kept is the same through every door, and undone."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangeSet
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.actions import undo_import
from backend.imports.directing import Said, direct_import
from backend.imports.directions import Directions
from backend.imports.forgetting import forget_in_imports
from backend.imports.kept import with_kept
from backend.imports.models import ImportBatch, MappingProfile
from backend.imports.planning import plan_file
from backend.imports.sheet import sheet_of
from backend.people.models import Resident, User
from tests.imports.doors import DOORS, AdminPages, written

LIKELY = "您的姓名,本人电话,现居住地址,职业\n张安然,13700000001,3-2-501,会计\n李知远,13700000002,3-2-502,退休\n"


def sheet_at(folder: Path, text: str, name: str = "表.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "event"),
    [
        (LIKELY, "pf-open"),
        ("《民法典进小区》签到表,,,\n" + LIKELY, ""),
        ("乱,七\n八,糟\n", "pf-open"),
    ],
)
def test_every_door_understands_a_sheet_alike(
    tmp_path: Path, worker: User, event_open: LegalEducationEvent, content: str, event: str
) -> None:
    path = sheet_at(tmp_path, content)
    answers = [door(worker).plan("attendance", path, event) for door in DOORS]
    assert answers[0] == answers[1] == answers[2]
    assert not Attendance.objects.exists()


def test_what_was_guessed_writes_the_same_through_every_door(
    tmp_path: Path, worker: User, event_open: LegalEducationEvent
) -> None:
    path = sheet_at(tmp_path, LIKELY)
    found = []
    for door in DOORS:
        with transaction.atomic():
            door(worker).carry_out("attendance", path, "pf-open")
            found.append(written())
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert len(found[0]["attendance"]) == 2
    assert "会计" not in repr(found), "what nobody confirmed is not stored"


def kept(worker: User, path: Path, register: str = "residents") -> ImportBatch:
    """A batch of the sheet with 职业 kept in the remark, carried out."""
    door = AdminPages(worker)
    batch = door._upload(register, path, "")
    direct_import(batch, Said(header_row=1, columns={3: "+"}), by=SYSTEM)
    door.client.post(f"/admin/imports/importbatch/{batch.pk}/confirm/")
    batch.refresh_from_db()
    return batch


def test_what_is_kept_stands_in_the_remark_once_and_is_undone(
    tmp_path: Path, worker: User, event_open: LegalEducationEvent
) -> None:
    community = event_open.community
    known = gate.save(
        Resident(community=community, name="张安然", phone="13700000001", remark="独居"), by=SYSTEM
    )
    first = kept(worker, sheet_at(tmp_path, LIKELY))
    assert first.status == "committed"
    known.refresh_from_db()
    assert known.remark == "独居；职业：会计"
    assert Resident.objects.get(name="李知远").remark == "职业：退休"
    again = kept(worker, sheet_at(tmp_path, LIKELY))
    assert (again.create, again.update, again.unchanged) == (0, 0, 2)
    changed = kept(worker, sheet_at(tmp_path, LIKELY.replace("会计", "退休")))
    assert (changed.update, changed.unchanged) == (1, 1)
    known.refresh_from_db()
    assert known.remark == "独居；职业：退休"
    undo_import(changed, by=SYSTEM)
    known.refresh_from_db()
    assert known.remark == "独居；职业：会计"


def test_a_remark_that_becomes_too_long_rejects_its_row_alone(
    tmp_path: Path, worker: User, event_open: LegalEducationEvent
) -> None:
    long = "长" * 99
    table = f"姓名,联系电话,备注,经历\n张安然,13700000001,{long}{long},{long}\n李知远,13700000002,,{long}\n"
    batch = AdminPages(worker)._upload("residents", sheet_at(tmp_path, table), "")
    direct_import(batch, Said(header_row=1, columns={3: "+"}), by=SYSTEM)
    batch.refresh_from_db()
    assert (batch.create, batch.reject) == (1, 1)


def test_an_identity_number_is_never_kept(tmp_path: Path, event_open: LegalEducationEvent) -> None:
    # Below what is looked at to judge the column.
    table = (
        "姓名,联系电话,职业\n"
        + "".join(
            f"{'赵钱孙李周吴郑王冯陈'[n % 10]}{'安然知远清和云舒若水'[n // 10]}{'一二三四五六七八九十'[n % 10]},137000010{n:02},会计\n"
            for n in range(30)
        )
        + "王清和,13700000099,410101195001010011\n"
    )
    plan = plan_file(
        sheet_at(tmp_path, table),
        sheet_of("residents"),
        community=event_open.community,
        directions=Directions(columns={2: "+"}),
    )
    assert plan.counts["create"] == 31
    told = [problem.code for problem in plan.problems()]
    assert told == ["kept_identity_number"]
    assert b"410101" not in repr([row.writes for row in plan.rows()]).encode()


WORDS = st.text("甲乙丙丁", min_size=1, max_size=4)


@given(remark=st.lists(WORDS).map("；".join), pieces=st.dictionaries(WORDS, WORDS, max_size=4))
def test_keeping_twice_is_keeping_once(remark: str, pieces: dict[str, str]) -> None:
    once = with_kept(remark, pieces)
    assert with_kept(once, pieces) == once
    assert once.startswith(remark)
    for heading, value in pieces.items():
        assert f"{heading}：{value}" in once.split("；")


def test_a_profile_whose_headings_name_somebody_goes_with_them(
    event_open: LegalEducationEvent,
) -> None:
    def profile(*headings: str) -> MappingProfile:
        made: Any = MappingProfile(
            community=event_open.community,
            register="attendance",
            fingerprint=str(len(headings)),
            headings=list(headings),
            columns={headings[-1]: "-"},
        )
        return gate.save(made, by=SYSTEM)

    profile("日期", "张安然")
    other = profile("大名", "号头", "职业")
    with gate.change_set("erase", by=SYSTEM, community_id=event_open.community_id) as changes:
        assert isinstance(changes, ChangeSet)
        forget_in_imports(["张安然"], by=SYSTEM, within=changes)
    assert list(MappingProfile.objects.all()) == [other]
