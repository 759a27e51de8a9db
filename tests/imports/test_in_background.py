"""Large imports are read and written by jobs; their page shows how far they are."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet, JobProgress
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.tasks import take_back
from backend.jobs import actions
from backend.jobs.choices import JobState
from backend.jobs.models import Job
from backend.jobs.queries import names_of
from backend.jobs.running import work_off
from backend.people.models import Resident, User
from tests.schema.asking import caller, data

pytestmark = pytest.mark.django_db
SHEET = "姓名,联系电话\n" + "".join(
    f"张安{name},1371234{number:04}\n" for number, name in enumerate("然清远泰和宁")
)
CONFIRM = """mutation($code: String!) { confirmImport(input: {batch: $code}) {
  errors { code } job { id kind state } report { batch { status } } } }"""

UNDO = """mutation($code: String!) { undoImport(input: {batch: $code}) {
  errors { code } job { kind } report { batch { status } } } }"""


@pytest.fixture
def batch(worker: User, event_open: LegalEducationEvent, settings: Any) -> ImportBatch:
    """Uploaded by page where nothing is small: its reading waits."""
    settings.IMPORT_IN_BACKGROUND_BYTES = 10
    settings.IMPORT_CONFIRM_IN_BACKGROUND_ROWS = 5
    file = SimpleUploadedFile("签到表.csv", SHEET.encode())
    given = {"import_file": file, "target": event_open.pk}
    done = caller(worker).post("/admin/education/attendance/import/", given)
    return ImportBatch.objects.get(pk=done["Location"].split("/")[-3])


@pytest.fixture
def planned(batch: ImportBatch) -> ImportBatch:
    assert work_off(Job.objects.get().pk) == JobState.DONE
    batch.refresh_from_db()
    return batch


def page(user: User, batch: ImportBatch) -> str:
    answer = caller(user).get(f"/admin/imports/importbatch/{batch.pk}/change/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(user: User, batch: ImportBatch, step: str) -> Any:
    return caller(user).post(f"/admin/imports/importbatch/{batch.pk}/{step}/", follow=True)


def test_reading_is_a_job_in_the_name_of_who_uploaded(worker: User, batch: ImportBatch) -> None:
    job = Job.objects.get()
    assert (job.kind, job.started_by, job.community) == ("import_plan", worker, batch.community)
    assert job.arguments == {"batch": batch.code}
    assert "签到表" not in repr(list(Job.objects.values()))
    text = page(worker, batch)
    assert "正在后台读取" in text
    assert f"/admin/jobs/job/{job.pk}/cancel/" in text
    work_off(job.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.read, batch.create) == ("planned", 6, 6)
    job.refresh_from_db()
    assert job.result == "读到 6 行。"
    assert "确认导入（6 行）" in page(worker, batch)


def test_the_list_of_jobs_names_the_file_to_who_may_see_the_import(
    worker: User, other_worker: User, batch: ImportBatch
) -> None:
    job = Job.objects.get()
    for address in ("/admin/jobs/job/", f"/admin/jobs/job/{job.pk}/"):
        text = caller(worker).get(address, follow=True).content.decode()
        assert "读取导入文件" in text
        assert "签到表.csv" in text
    assert names_of([job], worker) == {job.pk: "签到表.csv"}
    assert names_of([job], other_worker) == {}, "an import of another community"


def test_the_page_tells_rows_a_second_and_the_time_left(worker: User, planned: ImportBatch) -> None:
    post(worker, planned, "confirm")
    job = Job.objects.get(kind="import_confirm")
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=job.queued_at)
    gate.note(JobProgress, {"key": job.lease_name}, {"done": 3, "total": 6, "phase": "write"})
    text = page(worker, planned)
    assert "3 / 6 · 写入 · 每秒" in text
    assert "约剩" in text
    assert "../confirm/" not in text, "it is confirmed already"


def test_a_large_plan_is_written_by_a_job_and_two_clicks_are_one(
    worker: User, planned: ImportBatch
) -> None:
    text = post(worker, planned, "confirm").content.decode()
    assert "正在后台写入" in text
    post(worker, planned, "confirm")
    job = Job.objects.get(kind="import_confirm")
    assert not Attendance.objects.exists()
    assert work_off(job.pk) == JobState.DONE
    planned.refresh_from_db()
    assert planned.status == "committed"
    assert planned.change_set is not None
    assert (planned.change_set.actor, planned.change_set.door) == (worker, "worker")
    assert Attendance.objects.count() == 6
    job.refresh_from_db()
    assert job.result == "新增 6 行，更新 0 行。"
    post(worker, planned, "undo")
    assert not Attendance.objects.exists()


def test_a_small_plan_is_written_at_once(worker: User, planned: ImportBatch, settings: Any) -> None:
    settings.IMPORT_CONFIRM_IN_BACKGROUND_ROWS = 6
    post(worker, planned, "confirm")
    assert Attendance.objects.count() == 6
    assert not Job.objects.filter(kind="import_confirm").exists()


def test_reading_that_is_cancelled_can_be_retried_or_given_up(
    worker: User, batch: ImportBatch
) -> None:
    job = Job.objects.get()
    caller(worker).post(f"/admin/jobs/job/{job.pk}/cancel/")
    text = page(worker, batch)
    assert "文件没有读完" in text
    listed = caller(worker).get("/admin/imports/importbatch/").content.decode()
    for shown in (text, listed):
        assert "未读完" in shown
    assert f"/admin/jobs/job/{job.pk}/retry/" in text
    assert not PlanChunk.objects.exists()
    caller(worker).post(f"/admin/jobs/job/{job.pk}/retry/")
    caller(worker).post(f"/admin/jobs/job/{job.pk}/cancel/")
    post(worker, batch, "discard")
    batch.refresh_from_db()
    assert batch.status == "discarded"


def test_writing_that_is_cancelled_leaves_the_plan_to_be_confirmed_again(
    worker: User, planned: ImportBatch
) -> None:
    post(worker, planned, "confirm")
    actions.cancel(Job.objects.get(kind="import_confirm"), by=SYSTEM)
    text = page(worker, planned)
    assert "写入已取消，什么都没有写入" in text
    assert "确认导入（6 行）" in text
    post(worker, planned, "confirm")
    work_off(Job.objects.filter(kind="import_confirm").latest("pk").pk)
    assert Attendance.objects.count() == 6


def test_what_changed_since_the_preview_stops_the_job_and_the_page_says_so(
    worker: User, planned: ImportBatch, event_open: LegalEducationEvent
) -> None:
    post(worker, planned, "confirm")
    person = Resident(community=event_open.community, name="张安远", phone="13712340002")
    gate.save(person, by=SYSTEM)
    job = Job.objects.get(kind="import_confirm")
    assert work_off(job.pk) == JobState.FAILED
    job.refresh_from_db()
    assert job.error_code == "changed_since_preview"
    assert not Attendance.objects.exists()
    planned.refresh_from_db()
    assert planned.status == "planned"
    assert "预览之后数据有变化" in page(worker, planned)


def test_what_is_plainly_wrong_is_said_at_once(
    worker: User, other_worker: User, planned: ImportBatch
) -> None:
    ImportBatch.objects.filter(pk=planned.pk).update(reject=1)
    post(worker, planned, "confirm")
    assert post(other_worker, planned, "confirm").status_code == 403
    assert not Job.objects.filter(kind="import_confirm").exists()


def test_the_api_answers_the_job_of_a_large_import(worker: User, planned: ImportBatch) -> None:
    answer = data(caller(worker), CONFIRM, code=planned.code)["confirmImport"]
    assert (answer["errors"], answer["report"]["batch"]["status"]) == ([], "PLANNED")
    assert (answer["job"]["kind"], answer["job"]["state"]) == ("import_confirm", "QUEUED")
    again = data(caller(worker), CONFIRM, code=planned.code)["confirmImport"]
    assert again["job"]["id"] == answer["job"]["id"]
    work_off(Job.objects.get(kind="import_confirm").pk)
    over = data(caller(worker), CONFIRM, code=planned.code)["confirmImport"]
    assert over["errors"] == [{"code": "wrong_state"}]


def test_a_large_undo_is_a_job_that_can_be_cancelled_and_begun_again(
    worker: User, planned: ImportBatch, settings: Any
) -> None:
    settings.IMPORT_CONFIRM_IN_BACKGROUND_ROWS = 6
    settings.IMPORT_UNDO_IN_BACKGROUND_ROWS = 5
    post(worker, planned, "confirm")
    text = post(worker, planned, "undo").content.decode()
    assert "正在后台撤销" in text
    assert "撤销这次导入</a>" not in text, "it is under way"
    actions.cancel(Job.objects.get(kind="import_undo"), by=SYSTEM)
    assert "没有撤销完，什么都没有改变" in page(worker, planned)
    assert Attendance.objects.count() == 6
    answer = data(caller(worker), UNDO, code=planned.code)["undoImport"]
    assert (answer["errors"], answer["job"]["kind"]) == ([], "import_undo")
    job = Job.objects.filter(kind="import_undo").latest("pk")
    assert work_off(job.pk) == JobState.DONE
    job.refresh_from_db()
    assert job.result == "写入的内容全部收回。"
    assert not Attendance.objects.exists()
    assert "这次导入已撤销" in page(worker, planned)
    refused = data(caller(worker), UNDO, code=planned.code)["undoImport"]
    assert refused["errors"] == [{"code": "wrong_state"}]


def test_a_large_undo_with_a_reason_is_a_job_and_the_reason_stands_with_what_it_did(
    worker: User, planned: ImportBatch, settings: Any
) -> None:
    settings.IMPORT_CONFIRM_IN_BACKGROUND_ROWS = 6
    settings.IMPORT_UNDO_IN_BACKGROUND_ROWS = 5
    post(worker, planned, "confirm")
    by = Actor.of(worker, "admin")
    planned.refresh_from_db()
    first = take_back(planned, by=by, reason="传错了活动")
    assert isinstance(first, Job)
    assert take_back(ImportBatch.objects.get(pk=planned.pk), by=by, reason="另一个原因") == first
    assert "传错了" not in str(first.arguments), "a job takes no prose"
    assert Attendance.objects.count() == 6
    assert work_off(first.pk) == JobState.DONE
    planned.refresh_from_db()
    assert (planned.status, planned.undo_reason) == ("undone", "")
    assert not Attendance.objects.exists()
    assert ChangeSet.objects.filter(reason="传错了活动").exists()
    assert not ChangeSet.objects.filter(reason="另一个原因").exists()


def test_reading_tells_about_how_many_rows_there_are(
    worker: User, batch: ImportBatch, monkeypatch: Any
) -> None:
    told = []
    monkeypatch.setattr(
        "backend.jobs.running._Context.progress",
        lambda context, done, total=0, phase="": told.append((done, total, phase)),
    )
    work_off(Job.objects.get().pk)
    assert told == [(6, 7, "read")]


def test_answers_to_a_large_file_are_a_job_and_a_wrong_one_is_refused_at_once(
    worker: User, batch: ImportBatch, event_open: LegalEducationEvent
) -> None:
    gate.save(Resident(community=event_open.community, name="张安", phone="13712340002"), by=SYSTEM)
    work_off(Job.objects.get().pk)
    answers = {"all.phone_other_name": "shares"}
    address = f"/admin/imports/importbatch/{batch.pk}/answers/"
    text = caller(worker).post(address, {"all.phone_other_name": "third"}, follow=True).content
    assert "不在可选项里" in text.decode()
    assert Job.objects.count() == 1
    text = caller(worker).post(address, answers, follow=True).content.decode()
    assert "正在后台重新生成预览" in text
    assert work_off(Job.objects.latest("pk").pk) == JobState.DONE
    batch.refresh_from_db()
    assert (batch.status, batch.create, batch.reject) == ("planned", 6, 0)
