"""Sheets that name people with several phones, people who have left, and merged rows."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.access import SYSTEM, Actor
from backend.education.models import Attendance, LegalEducationEvent
from backend.people import actions
from backend.people.matching import NOWHERE, Known, Roster, Wanted
from backend.people.merging import merge_residents
from backend.people.models import Resident
from backend.places.models import Community
from tests.imports.doors import command
from tests.imports.sheets_by_hand import attendance, sheet, told
from tests.people.neighbours import OTHER, PHONE, THIRD, neighbour

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话")


def residents(folder: Path, *rows: Any) -> tuple[int, dict[str, Any]]:
    """The roster's import of these rows."""
    return command("residents", str(sheet(folder, [HEADER, *rows], "花名册.csv")))


def codes(answer: dict[str, Any]) -> list[str]:
    return [code for _, _, code, _ in told(answer)]


def test_a_further_phone_and_the_name_are_the_person(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community)
    actions.add_phone(person, phone=OTHER, kind="own", by=SYSTEM)
    status, answer = attendance(sheet(tmp_path, [HEADER, ("张三", OTHER)]))
    assert (status, answer["rows"]["create"]) == (0, 1)
    assert Attendance.objects.get().resident == person
    person.refresh_from_db()
    assert person.phone == PHONE
    assert Resident.objects.count() == 1


def test_a_further_phone_fills_no_blank_of_its_own_person(
    community: Community, tmp_path: Path
) -> None:
    person = neighbour(community, phone="")
    actions.add_phone(person, phone=OTHER, kind="own", by=SYSTEM)
    status, answer = residents(tmp_path, ("张三", OTHER))
    assert (status, answer["rows"]["unchanged"]) == (0, 1)


def test_ones_own_second_phone_under_another_name_is_a_question(
    community: Community, tmp_path: Path
) -> None:
    person = neighbour(community)
    actions.add_phone(person, phone=OTHER, kind="own", by=SYSTEM)
    status, answer = residents(tmp_path, ("李四", OTHER))
    assert (status, codes(answer)) == (1, ["phone_other_name"])


def test_a_daughters_phone_is_no_question_when_she_comes_herself(
    community: Community, tmp_path: Path
) -> None:
    mother = neighbour(community)
    actions.add_phone(mother, phone=OTHER, kind="family", by=SYSTEM)
    status, answer = residents(tmp_path, ("张小妹", OTHER))
    assert (status, answer["rows"]["create"]) == (0, 1)


def test_who_has_left_or_died_is_asked_about(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    left, dead = neighbour(community), neighbour(community, "李四", OTHER)
    day = datetime.date(2025, 5, 1)
    actions.move_out(left, on=day, by=SYSTEM)
    actions.record_death(dead, on=day, by=SYSTEM)
    rows = (("张三", PHONE), ("李四", OTHER), ("王五", THIRD))
    for status, answer in (
        residents(tmp_path, *rows),
        attendance(sheet(tmp_path, [HEADER, *rows])),
    ):
        assert status == 1
        assert told(answer) == [
            (2, "姓名", "person_moved_out", "question"),
            (3, "姓名", "person_deceased", "question"),
        ]
    assert Resident.objects.count() == 2


def test_who_left_after_the_event_was_there(
    community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community)
    actions.move_out(person, on=datetime.date.today(), by=SYSTEM)
    status, answer = attendance(sheet(tmp_path, [HEADER, ("张三", PHONE)]))
    assert (status, told(answer)) == (0, [])
    assert Attendance.objects.get().resident == person


def test_a_merged_row_is_nobody(community: Community, actor: Actor, tmp_path: Path) -> None:
    keep, drop = neighbour(community), neighbour(community, phone=OTHER)
    merge_residents(keep, drop, by=actor, reason="重复")
    status, answer = residents(tmp_path, ("张三", OTHER), ("张三", PHONE))
    # Both phones are those of the one who stays: the second row says nothing new of them.
    assert answer["rows"]["unchanged"] + answer["rows"]["skip"] + answer["rows"]["reject"] == 2
    assert answer["rows"]["create"] == 0
    roster = Roster(community.pk)
    wanted = Wanted(1, "张三", OTHER, NOWHERE)
    roster.load([wanted])
    found = roster.find(wanted)
    assert isinstance(found, Known)
    assert found.pk == keep.pk
    assert status in (0, 1)


def test_the_number_of_queries_does_not_grow_with_the_phones(community: Community) -> None:
    def queries(count: int) -> int:
        wanted = [Wanted(n, f"张{n}", f"1380000{n:04d}", NOWHERE) for n in range(1, count + 1)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Roster(community.pk).load(wanted)
        return len(captured)

    for n in range(5):
        person = neighbour(community, f"张{n}", f"1350000{n:04d}")
        actions.add_phone(person, phone=f"1380000{n:04d}", kind="own", by=SYSTEM)
    assert queries(2) == queries(300) <= 3
