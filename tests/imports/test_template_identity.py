"""A template knows what it is for: it imports with no choosing, and says when it lies wrong."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.formats.template_mark import mark_of
from backend.imports.identity import VERSION, Identity, identity_in
from backend.imports.models import ImportBatch
from backend.imports.templates_out.making import template_for, template_name, template_place
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import new_event, user_with_role
from tests.imports.doors import command
from tests.imports.filling import PAGES, PEOPLE, event_template, filled, get, upload
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_other(event_open: LegalEducationEvent) -> LegalEducationEvent:
    from backend.core import gate
    from backend.education import actions

    made = gate.save(new_event(event_open.venue, code="pf-other", title="反诈宣传"), by=SYSTEM)
    return actions.open_event(made, by=SYSTEM)


# --- its identity ---------------------------------------------------------------------------------


def test_a_mark_is_read_back_and_nothing_else_is_one() -> None:
    identity = Identity("attendance", "pf-open", "xinhe")
    assert identity_in(identity.as_mark()) == identity
    assert identity.version == VERSION
    for mark in ("", "linli-template;1;attendance", "linli-template;x;attendance;a;b"):
        assert identity_in(mark) is None
    assert identity_in("linli-template;1;no_register;a;b") is None


@pytest.mark.parametrize("register", sorted(PAGES))
def test_a_filled_template_knows_its_event_on_every_page(
    register: str, worker: User, event_open: LegalEducationEvent, event_other: LegalEducationEvent
) -> None:
    content = filled(event_template(worker, event_open), PEOPLE)
    batch = upload(worker, register, content)
    if register == "attendance":
        assert (batch.status, batch.target, batch.create) == ("planned", "pf-open", 2)
        assert batch.file_problems == []
        return
    assert batch.status == "refused"
    (problem,) = batch.file_problems
    assert problem["code"] == "template_of_other"
    assert "签到表" in problem["message"]
    assert "民法典进小区" in problem["message"]
    page = caller(worker).get(f"/admin/imports/importbatch/{batch.pk}/change/")
    assert "按模板写的地方导入" in page.content.decode()
    done = again(worker, batch, "template")
    assert (done.register, done.target, done.status, done.create) == (
        "attendance",
        "pf-open",
        "planned",
        2,
    )


def again(user: User, batch: ImportBatch, to: str) -> ImportBatch:
    address = f"/admin/imports/importbatch/{batch.pk}/readdress/"
    done = caller(user).post(address, {"to": to})
    return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


def test_another_event_than_the_one_chosen_is_said_before_anything_is_planned(
    worker: User, event_open: LegalEducationEvent, event_other: LegalEducationEvent
) -> None:
    content = filled(event_template(worker, event_open), PEOPLE)
    batch = upload(worker, "attendance", content, target=event_other.pk)
    assert (batch.status, batch.read) == ("refused", 0)
    (problem,) = batch.file_problems
    assert problem["code"] == "template_of_other"
    for title in ("民法典进小区", "反诈宣传"):
        assert title in problem["message"]
    # Last month's file filled with this month's people: the one who knows says so.
    here = again(worker, batch, "chosen")
    assert (here.status, here.target, here.create) == ("planned", "pf-other", 2)
    assert "template_set_aside" in {p["code"] for p in here.file_problems}
    there = again(worker, batch, "template")
    assert (there.status, there.target, there.create) == ("planned", "pf-open", 2)
    assert "template_set_aside" not in {p["code"] for p in there.file_problems}
    caller(worker).post(f"/admin/imports/importbatch/{here.pk}/confirm/")
    assert Attendance.objects.filter(event=event_other).count() == 2
    assert Attendance.objects.filter(event=event_open).count() == 0
    assert again(worker, here, "chosen") == here, "only what was refused for its template"


def test_the_command_line_and_the_api_hear_the_same(
    worker: User,
    event_open: LegalEducationEvent,
    event_other: LegalEducationEvent,
    tmp_path: Path,
) -> None:
    path = tmp_path / "签到表.xlsx"
    path.write_bytes(filled(event_template(worker, event_open), PEOPLE))
    status, answer = command("attendance", str(path), "--event", "pf-other")
    assert (status, answer["state"]) == (1, "refused")
    assert [p["code"] for p in answer["problems"]] == ["template_of_other"]
    assert set(answer["rows"].values()) == {0}
    given = {"register": "attendance", "event": "pf-other"}
    assert api(worker, path, given) == ("REFUSED", "pf-other", ["template_of_other"])
    given["despiteTemplate"] = True
    told = ["template_set_aside", "event_title_differs"]
    assert api(worker, path, given) == ("PLANNED", "pf-other", told)
    assert api(worker, path, {"register": "attendance"}) == ("PLANNED", "pf-open", [])
    options = ("--event", "pf-other", "--despite-template")
    status, answer = command("attendance", str(path), *options, "--dry-run")
    assert (status, answer["rows"]["create"]) == (0, 2)
    status, answer = command("attendance", str(path))
    assert (status, answer["state"]) == (0, "committed")
    assert ImportBatch.objects.get(code=answer["batch"]).target == "pf-open"


def api(user: User, path: Path, given: dict[str, Any]) -> tuple[str, str, list[str]]:
    import json

    query = """mutation ($input: UploadSheetInput!) { uploadSheet(input: $input) {
      errors { code } report { batch { status target } problems { code } } } }"""
    operations = json.dumps({"query": query, "variables": {"input": given | {"file": None}}})
    form = {"operations": operations, "map": '{"0": ["variables.input.file"]}'}
    form["0"] = SimpleUploadedFile("a.xlsx", path.read_bytes())  # type: ignore[assignment]
    answer = caller(user).post("/graphql/", form).json()["data"]["uploadSheet"]
    assert answer["errors"] == []
    report = answer["report"]
    batch = report["batch"]
    return batch["status"], batch["target"], [p["code"] for p in report["problems"]]


def test_an_event_of_elsewhere_answers_like_one_that_there_is_not(
    worker: User,
    other_worker: User,
    event_open: LegalEducationEvent,
    event_other: LegalEducationEvent,
) -> None:
    content = filled(event_template(worker, event_open), PEOPLE)
    place = template_place("attendance", event="pf-open", community="", by=SYSTEM)
    place.target.code = "pf-gone"
    gone = filled(template_for(place, by=SYSTEM), PEOPLE)
    told = []
    for file in (content, gone):
        batch = upload(other_worker, "attendance", file)
        assert (batch.status, batch.target) == ("refused", "")
        told.append([p["message"] for p in batch.file_problems])
        page = caller(other_worker).get(f"/admin/imports/importbatch/{batch.pk}/change/")
        assert "民法典" not in page.content.decode()
        assert "按模板写的地方导入" not in page.content.decode()
        assert again(other_worker, batch, "template") == batch
    assert told[0] == told[1]
    assert [p["code"] for p in batch.file_problems] == ["template_unknown"]


def test_another_communitys_blank_template_is_said_too(
    worker: User, other_worker: User, event_open: LegalEducationEvent, other_community: Community
) -> None:
    content = filled(bytes(get(worker, "residents").content), PEOPLE)
    assert upload(worker, "residents", content).status == "planned"
    batch = upload(other_worker, "residents", content)
    assert [p["code"] for p in batch.file_problems] == ["template_unknown"]
    both = user_with_role("both", "worker", community=other_community)
    from backend.core import gate
    from backend.people.models import CommunityRole
    from tests.conftest import TERM_START

    role = CommunityRole(
        user=both, role="worker", community=event_open.community, valid_from=TERM_START
    )
    gate.save(role, by=SYSTEM)
    batch = upload(both, "residents", content, community=other_community.pk)
    (problem,) = batch.file_problems
    assert problem["code"] == "template_of_other"
    assert "新河社区" in problem["message"]
    assert again(both, batch, "template").community == event_open.community
    assert again(both, batch, "chosen").community == other_community


def test_a_large_one_is_told_apart_in_the_background_too(
    worker: User, event_open: LegalEducationEvent, event_other: LegalEducationEvent, settings: Any
) -> None:
    from backend.jobs.models import Job
    from backend.jobs.running import work_off

    settings.IMPORT_IN_BACKGROUND_BYTES = 10
    content = filled(event_template(worker, event_open), PEOPLE)
    batch = upload(worker, "attendance", content, target=event_other.pk)
    work_off(Job.objects.get().pk)
    batch.refresh_from_db()
    assert [p["code"] for p in batch.file_problems] == ["template_of_other"]
    here = again(worker, batch, "chosen")
    assert here.status == "reading"
    caller(worker).get(f"/admin/imports/importbatch/{here.pk}/change/")
    work_off(Job.objects.latest("pk").pk)
    here.refresh_from_db()
    assert (here.status, here.target, here.create) == ("planned", "pf-other", 2)


# --- other programs -------------------------------------------------------------------------------

PROGRAM = shutil.which("soffice")


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_template_saved_by_libreoffice_knows_what_it_is(
    kind: str, worker: User, event_open: LegalEducationEvent, tmp_path: Path
) -> None:
    path = tmp_path / "填好.xlsx"
    path.write_bytes(filled(event_template(worker, event_open), PEOPLE))
    saved = tmp_path / "saved"
    subprocess.run(
        [
            str(PROGRAM),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(saved),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    file = saved / f"填好.{kind}"
    place = template_place("attendance", event="pf-open", community="", by=SYSTEM)
    assert identity_in(mark_of(file, kind)) == Identity("attendance", "pf-open", "xinhe")
    assert template_name(place).startswith("签到表模板-民法典进小区")
    batch = upload(worker, "attendance", file.read_bytes())
    assert (batch.status, batch.target, batch.create) == ("planned", "pf-open", 2)
    assert batch.file_problems == []
