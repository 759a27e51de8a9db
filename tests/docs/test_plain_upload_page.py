"""The page on plain uploads, gone from top to bottom: by a token, by a page's session, by nobody."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from backend.core.models import Disclosure
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import User
from tests.docs.blocks import examples_of
from tests.docs.codes import ROOT
from tests.schema.asking import ask, caller, data

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "api" / "plain-upload.md").read_text(encoding="utf-8")
STEPS = {example.name: example.query for example in examples_of(PAGE)}
ADDRESS = "/graphql/upload/"
SHEET = "姓名,联系电话\n张安然,13900000001\n王清和,1390000001\n李知远,13900000002/13900000003\n"


def form(**more: Any) -> dict[str, Any]:
    """The fields that the page's curl sends, and a file."""
    (line,) = re.findall(r"^curl .*graphql/upload/.*$", PAGE, re.MULTILINE)
    fields = dict(re.findall(r"-F (\w+)=([^@\s]+)", line))
    assert fields["register"] == "attendance"
    sheet = SimpleUploadedFile("签到表.csv", SHEET.encode())
    return {**fields, "file": sheet, **more}


def test_the_way_from_the_form_to_the_undo(worker: User, event_open: LegalEducationEvent) -> None:
    client = caller(worker)
    answer = client.post(ADDRESS, form(event=event_open.code)).json()["data"]["uploadSheet"]
    assert answer["errors"] == []
    report = answer["report"]
    batch, rows = report["batch"]["code"], report["batch"]["rows"]
    assert (rows["read"], rows["create"], rows["reject"]) == (3, 1, 2)
    again = client.post(ADDRESS, form(event=event_open.code)).json()["data"]["uploadSheet"]
    assert again["report"]["batch"]["code"] == batch, "the same key: the first result"

    planned = data(client, STEPS["Planned"], batch=batch)["importReport"]
    assert {p["code"] for p in planned["problems"]} == {"phone_incomplete", "phone_two"}
    (question,) = planned["questions"]
    (row,) = question["asked"]
    said = [{"code": question["code"], "value": row["choices"][0]["value"]}]
    told = data(client, STEPS["Answer"], batch=batch, answers=said)["directImport"]
    assert told["errors"] == []
    assert told["report"]["batch"]["rows"] == {"create": 2, "reject": 1}

    workbook = client.get(report["correctedWorkbook"])
    assert workbook.status_code == 200
    content = b"".join(workbook)  # type: ignore[arg-type]
    cells = [c.value for c in load_workbook(io.BytesIO(content)).worksheets[0][1]]
    assert cells[-1] == "错误说明"
    assert Disclosure.objects.filter(user=worker, door="graphql").exists()

    carried = data(client, STEPS["Carry"], batch=batch)["confirmImport"]
    assert carried["errors"] == []
    assert Attendance.objects.filter(event=event_open).count() == 2
    progress = data(client, STEPS["Progress"], batch=batch)["importReport"]["batch"]
    assert progress["status"] == "COMMITTED"
    back = data(client, STEPS["Back"], batch=batch)["undoImport"]
    assert back["errors"] == []
    assert back["left"] == 0
    assert not Attendance.objects.filter(event=event_open).exists()


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"file": ""}, 400, "bad_request"),
        ({"more": SimpleUploadedFile("b.csv", b"a")}, 400, "bad_request"),
        ({"filters": "x"}, 400, "bad_request"),
        ({"despiteTemplate": "perhaps"}, 400, "bad_request"),
    ],
)
def test_another_form_is_refused(worker: User, given: Any, status: int, code: str) -> None:
    answer = caller(worker).post(ADDRESS, form(**given))
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert not ImportBatch.objects.exists()


def test_a_broken_rule_is_data_as_everywhere(worker: User, other_worker: User) -> None:
    unknown = caller(worker).post(ADDRESS, form(register="menu", event=""))
    assert unknown.status_code == 200
    (error,) = unknown.json()["data"]["uploadSheet"]["errors"]
    assert (error["field"], error["code"]) == ("register", "register_unknown")
    nobody = Client().post(ADDRESS, form()).json()["data"]["uploadSheet"]
    assert [error["code"] for error in nobody["errors"]] == ["not_allowed"]


def test_a_cookie_needs_its_csrf_token(worker: User, event_open: LegalEducationEvent) -> None:
    page = Client(enforce_csrf_checks=True)
    page.force_login(worker)
    refused = page.post(ADDRESS, form(event=event_open.code))
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "csrf_failed"
    # Without the cookie no token is asked for: then it is nobody's.
    assert Client(enforce_csrf_checks=True).post(ADDRESS, form()).status_code == 200


def test_a_corrected_workbook_is_for_those_who_see_the_import(
    worker: User, other_worker: User, event_open: LegalEducationEvent
) -> None:
    answer = caller(worker).post(ADDRESS, form(event=event_open.code)).json()
    address = answer["data"]["uploadSheet"]["report"]["correctedWorkbook"]
    for client in (caller(other_worker), Client()):
        refused = client.get(address)
        assert refused.status_code in (403, 404)
        assert refused.json()["errors"][0]["extensions"]["code"] in ("not_found", "not_allowed")
    assert caller(worker).post(address).status_code == 405
    assert "errors" in ask(caller(worker), "{ importReport }")
