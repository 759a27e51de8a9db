"""The main API says what an import's columns were taken for, and takes what staff say of them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.education.models import LegalEducationEvent
from backend.imports.models import ImportBatch, MappingProfile
from backend.people.models import User
from tests.schema.asking import ask, caller, code, data

OWN = "大名,本人电话,职业,身份证号\n张安然,13700000001,会计,410101195001010011\n李知远,13700000002,退休,\n"
UPLOAD = """mutation ($input: UploadSheetInput!) { uploadSheet(input: $input) { report { batch { code } } } }"""
REPORT = """query ($code: String!) { importReport(code: $code) {
  columns { index heading attribute label confidence reason proposal examples }
  sheets { name rows headings } problems { code } batch { status rows { create } } } }"""
DIRECT = """mutation ($input: DirectImportInput!) { directImport(input: $input) {
  errors { field code } report { batch { status rows { create reject } } problems { code } } } }"""


@pytest.fixture
def client(worker: User) -> Client:
    return caller(worker)


def upload(client: Client, content: str) -> str:
    """The code of the batch."""
    operations = json.dumps(
        {
            "query": UPLOAD,
            "variables": {"input": {"register": "attendance", "event": "pf-open", "file": None}},
        }
    )
    parts = {
        "operations": operations,
        "map": '{"0": ["variables.input.file"]}',
        "0": SimpleUploadedFile("表.csv", content.encode()),
    }
    answer = client.post("/graphql/", parts).json()
    found: str = answer["data"]["uploadSheet"]["report"]["batch"]["code"]
    return found


def direct(client: Client, batch: str, **said: Any) -> dict[str, Any]:
    found: dict[str, Any] = data(client, DIRECT, input={"batch": batch} | said)["directImport"]
    return found


def test_columns_are_told_with_confidence_and_masked_examples(
    client: Client, event_open: LegalEducationEvent
) -> None:
    batch = upload(client, "姓名" + OWN.removeprefix("大名"))
    told = {c["heading"]: c for c in data(client, REPORT, code=batch)["importReport"]["columns"]}
    assert {h: (c["attribute"], c["confidence"] == 1) for h, c in told.items()} == {
        "姓名": ("name", True),
        "本人电话": ("phone", False),
        "职业": (None, False),
        "身份证号": (None, True),
    }
    assert 0.8 <= told["本人电话"]["confidence"] < 1
    assert told["本人电话"]["examples"] == ["137****0001", "137****0002"]
    assert told["姓名"]["examples"] == ["张*", "李*"]
    assert told["身份证号"]["examples"] == []
    assert "会计" not in json.dumps(told, ensure_ascii=False)


def test_what_is_said_is_planned_and_what_is_left_out_stays(
    client: Client, event_open: LegalEducationEvent
) -> None:
    batch = upload(client, OWN)
    columns = [{"index": 0, "use": "name"}, {"index": 1, "use": "phone"}]
    done = direct(client, batch, headerRow=1, columns=columns, remember=True)
    assert done["errors"] == []
    assert done["report"]["batch"] == {"status": "PLANNED", "rows": {"create": 2, "reject": 0}}
    done = direct(client, batch, columns=[{"index": 2, "use": "+"}])
    assert done["report"]["batch"]["rows"]["create"] == 2
    told = {c["index"]: c for c in data(client, REPORT, code=batch)["importReport"]["columns"]}
    assert [told[i]["attribute"] for i in range(4)] == ["name", "phone", "+", None]
    assert MappingProfile.objects.get().columns == {
        "大名": "name",
        "本人电话": "phone",
        "职业": "+",
    }
    # Left to the importer again, the heading of its own is unknown, and the file has no name.
    done = direct(client, batch, columns=[{"index": 0, "use": None}])
    assert {p["code"] for p in done["report"]["problems"]} >= {"profile_used"}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"columns": [{"index": 0, "use": "password"}]}, "use_unknown"),
        ({"columns": [{"index": 99999, "use": "name"}]}, "column_position_invalid"),
        (
            {"columns": [{"index": 0, "use": "name"}, {"index": 1, "use": "name"}]},
            "use_twice",
        ),
        ({"headerRow": 5000}, "header_row_invalid"),
        ({"answers": [{"code": "x" * 300, "value": "1"}]}, "answers_invalid"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    client: Client, event_open: LegalEducationEvent, said: dict[str, Any], refusal: str
) -> None:
    batch = upload(client, OWN)
    before = ImportBatch.objects.values().get()
    done = direct(client, batch, **said)
    assert [error["code"] for error in done["errors"]] == [refusal]
    assert ImportBatch.objects.values().get() == before


def test_what_is_carried_out_is_directed_no_more(
    client: Client, event_open: LegalEducationEvent
) -> None:
    batch = upload(client, "姓名,联系电话\n张安然,13700000001\n")
    confirm = """mutation ($input: ConfirmImportInput!) { confirmImport(input: $input) { errors { code } } }"""
    assert data(client, confirm, input={"batch": batch})["confirmImport"]["errors"] == []
    done = direct(client, batch, columns=[{"index": 1, "use": "-"}])
    assert [error["code"] for error in done["errors"]] == ["wrong_state"]
    assert data(client, REPORT, code=batch)["importReport"]["columns"] is None


def test_one_request_opens_few_files(client: Client, event_open: LegalEducationEvent) -> None:
    batch = upload(client, OWN)
    one = 'a%d: importReport(code: "%s") { columns { heading } }'
    query = "{ %s }"
    assert data(client, query % " ".join(one % (n, batch) for n in range(3)))
    assert (
        code(ask(client, query % " ".join(one % (n, batch) for n in range(4))))
        == "query_too_costly"
    )
