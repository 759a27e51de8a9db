"""身份证号 in a sheet: only where turned on, sealed as soon as read, and good for telling people."""

import zlib
from pathlib import Path
from typing import Any

import pytest

from backend.core.access import SYSTEM
from backend.core.models import ChangePart
from backend.core.traces import traces_of
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.actions import confirm_import, undo_import
from backend.imports.models import PlanChunk
from backend.imports.problems import CellProblem
from backend.people.models import Resident, ResidentPhone, User
from backend.places.models import Community
from backend.privacy.cells import clean_identity
from backend.privacy.identity import owner_of, record_identity_number
from backend.privacy.models import IdentityNumber
from tests.imports.doors import AdminPages
from tests.imports.sheets_by_hand import sheet
from tests.imports.test_questions import Asked
from tests.people.neighbours import OTHER, PHONE, neighbour
from tests.privacy.test_identity import checked, keys, on  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "身份证号")
FIRST, SECOND = checked("36010119580315123"), checked("36010119610402456")
ZEROS = next(
    n
    for i in range(1000)
    if (n := checked(f"360101{1950 + i % 50}0{1 + i // 50 % 9}0{1 + i % 9}{i % 10}00")).endswith(
        "000"
    )
)


@pytest.fixture
def turned_on(on: Any, keys: Any) -> None:  # noqa: F811
    """The community keeps identity numbers, the installation has keys."""


def roster(folder: Path, *rows: Any) -> Asked:
    return Asked("residents", sheet(folder, [HEADER, *rows], "花名册.csv"))


def signed(folder: Path, *rows: Any) -> Asked:
    return Asked("attendance", sheet(folder, [HEADER, *rows]))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (float(FIRST[:17] + "0"), "identity_rounded"),
        (int(FIRST[:15] + "000"), "identity_rounded"),
        ("3.60101E+17", "identity_rounded"),
        ("3.60101195803151E17", "identity_rounded"),
        (FIRST[:15] + "000", "identity_rounded"),
        ("360101580315123", "identity_number_invalid"),
        (360101580315123, "identity_rounded"),
        (FIRST[:17] + ("0" if FIRST[17] != "0" else "1"), "identity_number_invalid"),
        (FIRST[:16], "identity_number_invalid"),
        ("张三", "identity_number_invalid"),
        ("#REF!", "cell_error"),
        (ZEROS, "identity_perhaps_rounded"),
    ],
)
def test_what_cannot_be_taken_says_what_to_do_and_nothing_of_the_number(
    cell: Any, code: str
) -> None:
    with pytest.raises(CellProblem) as refused:
        clean_identity(cell)
    assert refused.value.code == code
    assert code == "cell_error" or str(cell)[:4] not in refused.value.message


@pytest.mark.parametrize("written", ["{}", " {} ", "'{}", "{}\u200b"])
def test_a_number_is_taken_as_people_write_it(written: str) -> None:
    assert clean_identity(written.format(FIRST)) == FIRST
    with_x = next(n for i in range(100) if (n := checked(f"360101195803151{i:02}")).endswith("X"))
    assert clean_identity(written.format(with_x).lower()) == with_x
    spaced = f"{FIRST[:6]} {FIRST[6:14]}-{FIRST[14:]}"
    assert clean_identity(spaced) == FIRST
    assert clean_identity("无") is None
    assert clean_identity(ZEROS, sure=True) == ZEROS


def test_off_it_is_named_as_ignored_and_nothing_of_it_is_kept(
    community: Community, worker: User, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [HEADER, ("张三", PHONE, FIRST)], "花名册.csv")
    batch = AdminPages(worker)._upload("residents", path, "")
    assert [p["code"] for p in batch.file_problems] == ["column_off"]
    confirm_import(batch, by=SYSTEM)
    assert (Resident.objects.count(), IdentityNumber.objects.count()) == (1, 0)
    assert told_anywhere() == []


def told_anywhere() -> list[str]:
    """Where the numbers stand in the clear: in any table, or in what a plan or history has packed."""
    found = [str(trace) for trace in traces_of([FIRST, SECOND])]
    for rows in (PlanChunk.objects.all(), ChangePart.objects.all()):
        for row in rows:
            packed, text = bytes(row.payload), b""
            while packed:
                stream = zlib.decompressobj()
                text += stream.decompress(packed)
                packed = stream.unused_data
            if any(number.encode() in text for number in (FIRST, SECOND)):
                found.append(row._meta.label)
    return found


def test_on_it_is_sealed_from_the_first_moment(
    turned_on: None, community: Community, worker: User, tmp_path: Path
) -> None:
    rows = [("张三", PHONE, FIRST), ("李四", OTHER, SECOND.lower()), ("合计", "", FIRST)]
    pages = AdminPages(worker)
    batch = pages._upload("residents", sheet(tmp_path, [HEADER, *rows], "花名册.csv"), "")
    assert (batch.create, batch.skip, batch.file_problems) == (2, 1, [])
    assert told_anywhere() == []
    text = pages.client.get(f"/admin/imports/importbatch/{batch.pk}/change/").content.decode()
    assert FIRST not in text
    confirm_import(batch, by=SYSTEM)
    assert told_anywhere() == []
    person = owner_of(FIRST, community.pk)
    assert person is not None
    assert person.name == "张三"
    # History knows that there is a number, and no more.
    for part in ChangePart.objects.filter(model="privacy.IdentityNumber"):
        text = zlib.decompress(bytes(part.payload)).decode()
        for record in IdentityNumber.objects.all():
            assert record.sealed not in text
            assert record.digest not in text
    again = pages._upload("residents", tmp_path / "花名册.csv", "")
    assert (again.unchanged, again.create, again.update) == (2, 0, 0)
    batch.refresh_from_db()
    assert undo_import(batch, by=SYSTEM).left == []
    assert (Resident.objects.count(), IdentityNumber.objects.count()) == (0, 0)
    for part in ChangePart.objects.filter(model="privacy.IdentityNumber"):
        assert '"gAAAA' not in zlib.decompress(bytes(part.payload)).decode()


def test_the_same_plan_though_sealing_never_gives_the_same(
    turned_on: None, community: Community, worker: User, tmp_path: Path
) -> None:
    path = sheet(tmp_path, [HEADER, ("张三", PHONE, FIRST)], "花名册.csv")
    batch = AdminPages(worker)._upload("residents", path, "")
    neighbour(community, "王五", "13600001111")
    confirm_import(batch, by=SYSTEM)
    assert IdentityNumber.objects.get().resident.name == "张三"


def test_the_number_tells_who_it_is(
    turned_on: None, community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community)
    record_identity_number(person, FIRST, by=SYSTEM)
    # Without phone or address, where else the name alone would say nothing.
    asked = signed(tmp_path, ("张三", "", FIRST), ("李四", "", SECOND))
    assert asked.rows() == {"create": 2}
    assert Attendance.objects.get(name="张三").resident == person
    assert Attendance.objects.get(name="李四").resident == owner_of(SECOND, community.pk)
    assert asked.rows() == {"unchanged": 2}
    assert roster(tmp_path, ("张三", "", FIRST)).rows() == {"unchanged": 1}


def test_another_phone_and_the_same_number(
    turned_on: None, community: Community, tmp_path: Path
) -> None:
    record_identity_number(neighbour(community), FIRST, by=SYSTEM)
    asked = roster(tmp_path, ("张三", OTHER, FIRST))
    assert asked.codes() == ["person_new_phone"]
    assert asked.rows("person_new_phone=same", dry=True) == {"unchanged": 1}
    assert asked.rows("person_new_phone=replace") == {"update": 1}
    assert (Resident.objects.get().phone, ResidentPhone.objects.get().phone) == (OTHER, PHONE)
    assert asked.rows() == {"unchanged": 1}


def test_another_number_for_the_same_name_and_phone_is_a_question(
    turned_on: None, community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    person = neighbour(community)
    record_identity_number(person, FIRST, by=SYSTEM)
    at_an_event = signed(tmp_path, ("张三", PHONE, SECOND))
    assert at_an_event.codes() == ["identity_number_differs"]
    assert "answer_unknown" in at_an_event.codes("identity_number_differs=number")
    assert at_an_event.rows("identity_number_differs=keep") == {"create": 1}
    asked = roster(tmp_path, ("张三", PHONE, SECOND))
    assert asked.rows("identity_number_differs=skip") == {"skip": 1}
    assert asked.rows("identity_number_differs=number") == {"update": 1}
    assert owner_of(SECOND, community.pk) == person
    assert asked.rows() == {"unchanged": 1}


def test_another_name_for_the_same_number_is_a_question(
    turned_on: None, community: Community, tmp_path: Path
) -> None:
    record_identity_number(neighbour(community), FIRST, by=SYSTEM)
    asked = roster(tmp_path, ("张三丰", PHONE, FIRST))
    assert asked.codes() == ["identity_number_taken"]
    assert asked.rows("identity_number_taken=same") == {"unchanged": 1}
    assert Resident.objects.get().name == "张三"


def test_one_number_twice_in_a_file_is_one_person(
    turned_on: None, community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    asked = signed(tmp_path, ("张三", PHONE, FIRST), ("张三", "", FIRST), ("李四", OTHER, FIRST))
    assert asked.codes() == ["person_twice", "identity_number_twice"]
    given = ("person_twice=first", "identity_number_twice=skip")
    assert asked.rows(*given) == {"create": 1, "skip": 2}


def test_three_zeros_are_asked_about(turned_on: None, community: Community, tmp_path: Path) -> None:
    asked = roster(tmp_path, ("张三", PHONE, ZEROS))
    assert asked.codes() == ["identity_perhaps_rounded"]
    assert asked.rows("identity_perhaps_rounded=blank", dry=True) == {"create": 1}
    assert asked.rows("identity_perhaps_rounded=real") == {"create": 1}
    assert owner_of(ZEROS, community.pk) is not None
