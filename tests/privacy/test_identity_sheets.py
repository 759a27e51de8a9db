"""Identity numbers by the roster's sheet: only where they are on, sealed, whole, and never guessed."""

import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangePart
from backend.imports.models import PlanChunk
from backend.imports.plan import unpack
from backend.imports.problems import CellProblem, Level
from backend.people.models import Resident
from backend.places.models import Community
from backend.privacy.cells import clean_identity
from backend.privacy.identity import owner_of, record_identity_number
from backend.privacy.models import CommunityPrivacy, IdentityNumber
from fixtures.workbook_sheets import STRANGERS
from fixtures.workbook_thirty import invented_identity
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told

NUMBERS = [invented_identity(person) for person in STRANGERS[:6]]
HEADER = ("姓名", "身份证号", "联系电话")


@pytest.fixture
def on(community: Community) -> Community:
    gate.save(CommunityPrivacy(community=community, identity_numbers_on=True), by=SYSTEM)
    return community


def resident(community: Community, place: int) -> Resident:
    person = STRANGERS[place]
    return gate.save(Resident(community=community, name=person.name, phone=person.phone), by=SYSTEM)


def roster(folder: Path, *numbers: str, first: int = 0) -> tuple[int, dict[str, Any]]:
    rows = [
        (STRANGERS[first + n].name, number, STRANGERS[first + n].phone)
        for n, number in enumerate(numbers)
    ]
    return command("residents", str(sheet(folder, [HEADER, *rows])), "--take-good")


def test_new_and_known_people_get_their_numbers_and_the_second_time_changes_nothing(
    on: Community, tmp_path: Path
) -> None:
    known = resident(on, 1)
    _, done = roster(tmp_path, *NUMBERS[:3])
    assert (done["rows"]["create"], done["rows"]["update"]) == (2, 1)
    assert [owner_of(number, on.pk).name for number in NUMBERS[:3]] == [
        person.name for person in STRANGERS[:3]
    ]
    assert IdentityNumber.objects.get(resident=known).shown.endswith(NUMBERS[1][-4:])
    _, again = roster(tmp_path, *NUMBERS[:3])
    assert again["rows"]["unchanged"] == 3


def test_neither_plan_nor_history_holds_a_number(on: Community, tmp_path: Path) -> None:
    _, done = roster(tmp_path, *NUMBERS[:3])
    assert done["state"] == "committed"
    rows = [row for chunk in PlanChunk.objects.all() for row in unpack(chunk.payload)]
    assert len(rows) == 3
    assert not any(number in str(row) for row in rows for number in NUMBERS)
    sealed = set(IdentityNumber.objects.values_list("sealed", flat=True))
    assert not _in_history(sealed)
    call_command("undo_import", done["batch"])
    assert not _in_history(sealed)


def _in_history(sealed: set[str]) -> bool:
    """Whether history tells what was sealed: it would need the keys of its day for ever."""
    parts = ChangePart.objects.filter(model="privacy.IdentityNumber")
    texts = [zlib.decompress(bytes(part.payload)).decode() for part in parts]
    assert texts
    assert sealed
    return any(secret in text for text in texts for secret in sealed)


def test_undo_takes_the_numbers_back(on: Community, tmp_path: Path) -> None:
    resident(on, 1)
    _, done = roster(tmp_path, *NUMBERS[:3])
    call_command("undo_import", done["batch"])
    assert not IdentityNumber.objects.exists()
    assert Resident.objects.count() == 1


def test_another_number_and_anothers_number_are_asked_about(on: Community, tmp_path: Path) -> None:
    record_identity_number(resident(on, 0), NUMBERS[0], by=SYSTEM)
    record_identity_number(resident(on, 1), NUMBERS[1], by=SYSTEM)
    _, done = roster(tmp_path, NUMBERS[0], NUMBERS[4], NUMBERS[1], NUMBERS[5], NUMBERS[5])
    assert told(done) == [
        (3, "身份证号", "identity_number_differs", "question"),
        (4, "身份证号", "identity_number_taken", "question"),
        (6, "身份证号", "identity_number_twice", "question"),
    ]
    assert IdentityNumber.objects.count() == 3


def test_where_they_are_off_the_column_is_named_and_not_read(
    community: Community, tmp_path: Path
) -> None:
    _, done = roster(tmp_path, "9.9E+17", "不是号码")
    assert told(done) == [(None, "身份证号", "column_off", "note")]
    assert done["rows"]["create"] == 2
    assert not IdentityNumber.objects.exists()


GOOD = NUMBERS[3]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (GOOD, GOOD),
        (f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ", GOOD),
        (f"'{GOOD}", GOOD),
        (NUMBERS[5].lower(), NUMBERS[5]),
        ("".join(chr(ord(c) + 0xFEE0) for c in GOOD), GOOD),
        ("", None),
        ("无", None),
        (None, None),
    ],
)
def test_takes_a_whole_number(cell: object, expected: str | None) -> None:
    assert clean_identity(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code", "level"),
    [
        (float(GOOD), "identity_rounded", Level.ERROR),
        (int(float(GOOD)), "identity_rounded", Level.ERROR),
        ("9.9E+17", "identity_rounded", Level.ERROR),
        ("9.90000194801E+17", "identity_rounded", Level.ERROR),
        (f"{GOOD[:15]}000" if GOOD[15:] != "000" else "", "identity_rounded", Level.ERROR),
        (12345.0, "identity_number_invalid", Level.ERROR),
        (GOOD[:17], "identity_number_invalid", Level.ERROR),
        (
            GOOD[:17] + "0" if GOOD[17] != "0" else GOOD[:17] + "1",
            "identity_number_invalid",
            Level.ERROR,
        ),
        ("990000480101001", "identity_number_invalid", Level.ERROR),
        (True, "identity_number_invalid", Level.ERROR),
        ("9" * 5000, "identity_number_invalid", Level.ERROR),
        ("#REF!", "cell_error", Level.ERROR),
    ],
)
def test_refuses_what_is_no_whole_number_and_repeats_nothing(
    cell: object, code: str, level: Level
) -> None:
    with pytest.raises(CellProblem) as caught:
        clean_identity(cell)
    assert (caught.value.code, caught.value.level) == (code, level)
    assert GOOD[:10] not in caught.value.message


def test_asks_about_three_zeros_at_the_end_even_if_the_check_digit_fits() -> None:
    found = set()
    for order in range(10):
        try:
            clean_identity(f"99000019480101{order}000")
        except CellProblem as problem:
            found.add((problem.code, problem.level))
    assert found == {
        ("identity_rounded", Level.ERROR),
        ("identity_perhaps_rounded", Level.QUESTION),
    }
