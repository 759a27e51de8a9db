"""The questions of an import at its page and in the main API; the answers are part of the plan."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.directing import Answered, Said, direct_import
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.plan import unpack
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.imports.doors import CONFIRM, AdminPages, Api
from tests.imports.sheets_by_hand import sheet
from tests.people.neighbours import OTHER, PHONE, THIRD, neighbour

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "联系电话", "年龄")
ROWS = (
    ("张三", PHONE, 60),
    ("李四", PHONE, 58),
    ("王五", f"{OTHER}/{THIRD}", 50),
    ("赵六", f"{THIRD} {OTHER}", 44),
    ("张三", PHONE, 61),
)
DIRECT = """mutation ($input: DirectImportInput!) { directImport(input: $input) {
  errors { field code message } report { batch { rows { create skip reject } } QUESTIONS } } }"""
QUESTIONS = """questions { code title column total answered answer rows
  choices { value label alike } asked(first: 1) { row answer choices { value } } }"""


def upload(user: User, folder: Path, event: LegalEducationEvent) -> ImportBatch:
    path = sheet(folder, [HEADER, *ROWS])
    return AdminPages(user)._upload("attendance", path, event.code)


def page_of(client: Client, batch: ImportBatch, query: str = "") -> str:
    answer = client.get(f"/admin/imports/importbatch/{batch.pk}/change/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def answer(client: Client, batch: ImportBatch, **given: str) -> str:
    told = {name.replace("__", "."): value for name, value in given.items()}
    done = client.post(f"/admin/imports/importbatch/{batch.pk}/answers/", told, follow=True)
    batch.refresh_from_db()
    return str(done.content.decode())


def test_the_page_asks_once_a_kind_and_says_what_an_answer_changes(
    worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    batch = upload(worker, tmp_path, event_open)
    client = AdminPages(worker).client
    text = page_of(client, batch)
    assert "需要您确认 3 件事" in text
    assert "对全部 2 行" in text
    for personal in (PHONE, OTHER, THIRD, "张三", "王五"):
        assert personal not in text
    text = answer(client, batch, all__phone_two="first")
    assert "预览已更新：新增 1 → 3 行，退回 4 → 2 行。" in text
    assert "需要您确认 2 件事" in text
    assert "没有改动" in answer(client, batch, all__phone_two="first")
    assert (batch.create, batch.reject) == (3, 2)
    text = answer(client, batch, **{"row.4.phone_two": "second", "all.phone_other_name": "skip"})
    assert "跳过 0 → 2 行" in text
    text = answer(client, batch, clear="1")
    assert "退回 1 → 4 行" in text
    assert (batch.reject, batch.directions["answers"]) == (4, {})


def test_what_is_no_choice_is_refused_and_changes_nothing(
    worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    batch = upload(worker, tmp_path, event_open)
    client = AdminPages(worker).client
    assert "不在可选项里" in answer(client, batch, all__phone_two="third")
    assert "没有“phon_two”这个问题" in answer(client, batch, all__phon_two="first")
    assert (batch.status, batch.reject, batch.directions.get("answers", {})) == ("planned", 4, {})


def test_who_may_not_import_answers_nothing(
    worker: User, other_worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    batch = upload(worker, tmp_path, event_open)
    address = f"/admin/imports/importbatch/{batch.pk}/answers/"
    assert (
        AdminPages(other_worker).client.post(address, {"all.phone_two": "first"}).status_code == 403
    )
    assert AdminPages(worker).client.get(address).status_code == 403
    batch.refresh_from_db()
    assert batch.reject == 4


def test_the_main_api_asks_and_takes_answers(
    worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    batch = upload(worker, tmp_path, event_open)
    api = Api(worker)
    direct = DIRECT.replace("QUESTIONS", QUESTIONS)

    def say(*answers: tuple[str, int | None, str | None]) -> Any:
        told = [{"code": code, "row": row, "value": value} for code, row, value in answers]
        return api.post(direct, {"input": {"batch": batch.code, "answers": told}})["directImport"]

    report = say()["report"]
    asked = {question["code"]: question for question in report["questions"]}
    assert sorted(asked) == ["person_twice", "phone_other_name", "phone_two"]
    two = asked["phone_two"]
    assert (two["total"], two["answered"], two["rows"], two["column"]) == (2, 0, [4, 5], "联系电话")
    values = [choice["value"] for choice in two["choices"]]
    assert values == ["first", "second", "both", "none", "skip"]
    done = say(
        ("phone_two", None, "first"), ("phone_two", 5, "second"), ("person_twice", None, "last")
    )
    assert done["errors"] == []
    # Without its first row the phone of 张三 is first told of by 李四; and so is another one.
    asked = {question["code"]: question for question in done["report"]["questions"]}
    assert (asked["phone_two"]["answered"], asked["phone_two"]["answer"]) == (2, "first")
    assert asked["phone_other_name"]["rows"] == [5, 6]
    done = say(("phone_other_name", None, "shares"))
    assert done["report"]["batch"]["rows"] == {"create": 4, "skip": 1, "reject": 0}
    wrong = say(("phone_two", None, "third"))
    assert [(e["field"], e["code"]) for e in wrong["errors"]] == [("answers", "answer_unknown")]
    confirmed = api.post(CONFIRM, {"input": {"batch": batch.code}})["confirmImport"]
    assert confirmed["report"]["batch"]["status"] == "COMMITTED"
    assert Attendance.objects.get(name="张三").age == 61
    assert Resident.objects.count() == 4


ANSWERS = (
    Answered("phone_two", "first"),
    Answered("phone_two", "second", 5),
    Answered("phone_other_name", "shares"),
    Answered("phone_other_name", "skip", 3),
    Answered("person_twice", "last"),
    Answered("person_ambiguous", "skip"),
)


def plan_of(batch: ImportBatch) -> list[Any]:
    chunks = PlanChunk.objects.filter(batch=batch).order_by("index")
    return [repr(row) for chunk in chunks for row in unpack(chunk.payload)]


@settings(max_examples=8)
@given(order=st.permutations(ANSWERS), cuts=st.sets(st.integers(1, len(ANSWERS) - 1)))
@pytest.mark.slow
def test_in_whatever_order_and_portions_answers_come_the_plan_is_the_same(
    order: list[Answered], cuts: set[int], tmp_path_factory: Any, django_db_blocker: Any
) -> None:
    batch = Sheets.batch
    assert batch is not None
    direct_import(batch, Said(answers=[a for a in ANSWERS]), by=SYSTEM)
    wanted = plan_of(batch)
    batch.refresh_from_db()
    taken_back = [Answered(a.code, None, a.row) for a in ANSWERS]
    direct_import(batch, Said(answers=taken_back), by=SYSTEM)
    assert plan_of(batch) != wanted
    borders = [0, *sorted(cuts), len(order)]
    for start, end in pairwise(borders):
        batch.refresh_from_db()
        direct_import(batch, Said(answers=order[start:end]), by=SYSTEM)
    batch.refresh_from_db()
    assert plan_of(batch) == wanted
    assert batch.reject == 0


class Sheets:
    """The batch that every example of the property answers."""

    batch: ImportBatch | None = None


@pytest.fixture(autouse=True)
def _batch(request: Any) -> None:
    if "whatever_order" in request.node.name:
        user, event = (request.getfixturevalue(name) for name in ("worker", "event_open"))
        Sheets.batch = upload(user, request.getfixturevalue("tmp_path"), event)


def test_many_rows_are_answered_page_by_page(
    worker: User, community: Community, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    neighbour(community)
    names = [f"李{a}{b}" for a in "安平和乐" for b in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"]
    path = sheet(tmp_path, [HEADER, *((name, PHONE, 40) for name in names)])
    pages = AdminPages(worker)
    batch = pages._upload("attendance", path, event_open.code)
    text = page_of(pages.client, batch)
    assert ("row.51.phone_other_name" in text, "row.52.phone_other_name" in text) == (True, False)
    text = page_of(pages.client, batch, "?question=phone_other_name&qpage=2")
    assert ("row.51.phone_other_name" in text, "row.52.phone_other_name" in text) == (False, True)
    answer(pages.client, batch, **{"row.52.phone_other_name": "skip"})
    assert (batch.skip, batch.reject) == (1, len(names) - 1)
