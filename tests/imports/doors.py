"""The three doors of an import, each answering in the shape of contracts.md."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from backend.education.models import Attendance
from backend.imports.models import ImportBatch
from backend.imports.queries import as_answer
from backend.people.models import Resident, User
from backend.volunteers.models import ServiceRecord, Volunteer

PAGES = {
    "attendance": "/admin/education/attendance/import/",
    "residents": "/admin/people/resident/import/",
    "volunteers": "/admin/volunteers/volunteer/import/",
    "service_records": "/admin/volunteers/servicerecord/import/",
}
UPLOAD = """mutation ($input: UploadSheetInput!) { uploadSheet(input: $input) { errors { code message }
  report { batch { code sheet status rows { read create update unchanged skip reject } }
  problems(first: 1000) { row column code level message } } } }"""
CONFIRM = """mutation ($input: ConfirmImportInput!) { confirmImport(input: $input) {
  errors { code message } report { batch { code status } } } }"""


class Answer(NamedTuple):
    """What a door said of a file; `refused` when the file itself is."""

    refused: bool
    sheet: str
    rows: dict[str, int]
    problems: list[dict[str, Any]]


def command(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit status of `import_sheet … --json`, and its answer."""
    out = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out):
        try:
            call_command("import_sheet", *arguments, "--json")
        except SystemExit as exit:
            status = int(exit.code or 0)
    return status, json.loads(out.getvalue())


def _answer(found: dict[str, Any], refused: bool) -> Answer:
    return Answer(refused, found["sheet"], found["rows"], found["problems"])


class CommandLine:
    """manage.py import_sheet."""

    def __init__(self, user: User) -> None:
        self.user = user

    def plan(self, register: str, path: Path, event: str) -> Answer:
        _, found = command(register, str(path), *_event(event), "--dry-run")
        # With rejected rows the command's state is refused too; the file is refused without counts.
        return _answer(found, found["state"] == "refused" and not found["rows"]["read"])

    def carry_out(self, register: str, path: Path, event: str) -> None:
        _, found = command(register, str(path), *_event(event), "--take-good")
        assert found["state"] == "committed", found


def _event(code: str) -> list[str]:
    return ["--event", code] if code else []


class AdminPages:
    """The upload page, and the button on the batch's page."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def plan(self, register: str, path: Path, event: str) -> Answer:
        batch = self._upload(register, path, event)
        page = self.client.get(f"/admin/imports/importbatch/{batch.pk}/change/")
        assert page.status_code == 200
        return _answer(as_answer(batch), batch.status == "refused")

    def carry_out(self, register: str, path: Path, event: str) -> None:
        batch = self._upload(register, path, event)
        self.client.post(f"/admin/imports/importbatch/{batch.pk}/confirm/", {"take_good": "1"})
        batch.refresh_from_db()
        assert batch.status == "committed"

    def _upload(self, register: str, path: Path, event: str) -> ImportBatch:
        with path.open("rb") as file:
            given: dict[str, Any] = {"import_file": file}
            if event:
                given["target"] = _target(event)
            done = self.client.post(PAGES[register], given)
        assert done.status_code == 302, done.content.decode()[-3000:]
        return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


def _target(code: str) -> int:
    from backend.education.models import LegalEducationEvent

    return LegalEducationEvent.objects.get(code=code).pk


class Api:
    """uploadSheet and confirmImport of the main API."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def post(self, query: str, variables: dict[str, Any], file: Path | None = None) -> Any:
        """`data` of the answer."""
        operations = json.dumps({"query": query, "variables": variables})
        if file is None:
            done = self.client.post("/graphql/", operations, content_type="application/json")
        else:
            upload = SimpleUploadedFile(file.name, file.read_bytes())
            given = {"operations": operations, "map": '{"0": ["variables.input.file"]}'}
            done = self.client.post("/graphql/", given | {"0": upload})
        answer = done.json()
        assert "errors" not in answer, answer
        return answer["data"]

    def upload(self, register: str, path: Path, event: str) -> dict[str, Any]:
        given = {"register": register, "file": None} | ({"event": event} if event else {})
        done = self.post(UPLOAD, {"input": given}, path)["uploadSheet"]
        assert done["errors"] == []
        return done["report"]

    def plan(self, register: str, path: Path, event: str) -> Answer:
        report = self.upload(register, path, event)
        batch = report["batch"]
        problems = [p | {"level": p["level"].lower()} for p in report["problems"]]
        return Answer(batch["status"] == "REFUSED", batch["sheet"], batch["rows"], problems)

    def carry_out(self, register: str, path: Path, event: str) -> None:
        code = self.upload(register, path, event)["batch"]["code"]
        done = self.post(CONFIRM, {"input": {"batch": code, "takeGood": True}})["confirmImport"]
        assert done["errors"] == []
        assert done["report"]["batch"]["status"] == "COMMITTED"


DOORS = (CommandLine, AdminPages, Api)


def written() -> dict[str, list[Any]]:
    """All that an import may have written, without keys and times of recording."""
    attendance = ("event__code", "name", "resident__name", "resident__phone", "gender", "age")
    attendance += ("signed", "signed_in_at", "remark")
    resident = ("name", "phone", "gender", "birth_month", "building__name", "unit", "room")
    resident += ("address", "remark")
    volunteer = ("resident__name", "resident__phone", "status", "skills", "political_status")
    volunteer += ("carried_minutes", "carried_as_of", "carried_source", "remark", "teams__name")
    hours = ("volunteer__resident__name", "starts_at", "ends_at", "excluded_minutes", "minutes")
    hours += ("content", "source", "status")
    return {
        "attendance": sorted(Attendance.objects.order_by().values_list(*attendance), key=repr),
        "residents": sorted(Resident.objects.order_by().values_list(*resident), key=repr),
        "volunteers": sorted(Volunteer.objects.order_by().values_list(*volunteer), key=repr),
        "hours": sorted(ServiceRecord.objects.order_by().values_list(*hours), key=repr),
    }
