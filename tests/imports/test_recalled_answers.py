"""What was answered for a row holds for it when the sheet comes in again, and for no other row."""

from pathlib import Path

import pytest

from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.imports.queries import all_problems
from backend.people.models import Resident, User
from tests.imports.rounds import take_good, upload
from tests.imports.sheets_by_hand import sheet
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "年龄")
ASKS = ("张安然", "13900000001/13900000002", 65)
ALSO_ASKS = ("李知远", "13900000003/13900000004", 60)
BAD = ("王清和", "13900000005", 165)
MENDED = ("王清和", "13900000005", 65)


def taken(user: User, folder: Path, *rows: object, answers: dict[str, str]) -> ImportBatch:
    """A sheet whose questions were answered, and its good rows taken."""
    batch = sent(user, folder, *rows)
    caller(user).post(f"/admin/imports/importbatch/{batch.pk}/answers/", answers)
    take_good(user, batch)
    return batch


def sent(user: User, folder: Path, *rows: object, header: tuple[str, ...] = HEADER) -> ImportBatch:
    path = sheet(folder, [header, *rows])  # type: ignore[list-item]
    return upload(user, path.name, path.read_bytes())


def outcomes(batch: ImportBatch) -> tuple[int, int, int]:
    return batch.create, batch.unchanged, batch.reject


def recalled(batch: ImportBatch) -> bool:
    return "answers_recalled" in {problem.code for problem in all_problems(batch)}


@pytest.fixture
def first(worker: User, event_open: LegalEducationEvent, tmp_path: Path) -> ImportBatch:
    first = taken(worker, tmp_path, ASKS, BAD, answers={"all.phone_two": "second"})
    assert Resident.objects.get().phone == "13900000002"
    return first


@pytest.mark.parametrize("order", [HEADER, ("年龄", "联系电话", "姓名")])
def test_the_same_row_takes_the_same_answer(
    first: ImportBatch, worker: User, tmp_path: Path, order: tuple[str, ...]
) -> None:
    rows = [tuple(row[HEADER.index(name)] for name in order) for row in (MENDED, ASKS)]
    again = sent(worker, tmp_path, *rows, header=order)
    assert outcomes(again) == (1, 1, 0)
    assert recalled(again)
    assert again.directions["answers"] == {"phone_two@3": "second"}
    take_good(worker, again)
    assert sorted(Attendance.objects.values_list("name", flat=True)) == ["张安然", "王清和"]
    # And once more, though the youngest import asked nothing new.
    assert outcomes(sent(worker, tmp_path, ASKS, MENDED)) == (0, 2, 0)


@pytest.mark.parametrize(
    "row",
    [
        ALSO_ASKS,
        ("张安然", "13900000001/13900000002", 66),
        ("张安然", "13900000001/13900000009", 65),
        ("同上", "13900000001/13900000002", 65),
    ],
)
def test_another_row_asks(
    first: ImportBatch, worker: User, tmp_path: Path, row: tuple[object, ...]
) -> None:
    again = sent(worker, tmp_path, MENDED, row)
    assert again.reject == 1
    assert not recalled(again)
    assert again.directions == {}


def test_of_two_rows_that_ask_the_known_one_is_answered(
    first: ImportBatch, worker: User, tmp_path: Path
) -> None:
    assert outcomes(sent(worker, tmp_path, ASKS, ALSO_ASKS)) == (0, 1, 1)


def test_what_was_recalled_is_shown_and_can_be_taken_back(
    first: ImportBatch, worker: User, tmp_path: Path
) -> None:
    again = sent(worker, tmp_path, ASKS, MENDED)
    address = f"/admin/imports/importbatch/{again.pk}/"
    page = caller(worker).get(f"{address}change/").content.decode()
    assert "已按那时的选择处理" in page
    assert "您选了：用第二个" in page
    assert 'name="row.2.phone_two" value="second" checked' in page
    caller(worker).post(f"{address}answers/", {"row.2.phone_two": ""})
    again.refresh_from_db()
    assert outcomes(again) == (1, 0, 1)
    assert not recalled(again)


def test_an_import_that_was_taken_back_or_given_up_is_not_asked(
    first: ImportBatch, worker: User, tmp_path: Path
) -> None:
    caller(worker).post(f"/admin/imports/importbatch/{first.pk}/undo/")
    assert outcomes(sent(worker, tmp_path, ASKS)) == (0, 0, 1)
