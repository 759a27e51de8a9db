"""Large exports: made by a job, from the filter and not from keys; fetched by who asked, once made."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import Disclosure
from backend.exports import tasks
from backend.exports.models import ExportFile
from backend.exports.tasks import expire_exports
from backend.jobs import actions as jobs
from backend.jobs.choices import JobState
from backend.jobs.models import Job
from backend.jobs.queries import names_of
from backend.jobs.running import work_off
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community
from tests.admin.exporting import content, export, is_file, send
from tests.conftest import user_with_role
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/people/resident/export/"
WHY = "给派出所核对名单"
NAMES = ("周若谷", "吴越人", "郑重之", "王清和", "冯安然")


@pytest.fixture(autouse=True)
def _few_are_many(settings: Any) -> None:
    settings.EXPORT_IN_BACKGROUND_ROWS = 3


@pytest.fixture
def people(community: Community) -> list[Resident]:
    rows = [
        Resident(community=community, name=name, phone=f"1390000000{n}")
        for n, name in enumerate(NAMES)
    ]
    gate.save_many(rows, by=SYSTEM)
    return rows


@pytest.fixture
def asked(worker: User, people: list[Resident]) -> ExportFile:
    """Asked for by the page: it waits for the worker."""
    done = export(worker, f"{PEOPLE}?o=1", form="csv")
    assert done.status_code == 302
    found = ExportFile.objects.get()
    assert done["Location"] == page(found)
    return found


def page(asked: ExportFile) -> str:
    return f"/admin/exports/exportfile/{asked.pk}/change/"


def file(user: User, asked: ExportFile) -> Any:
    return caller(user).get(f"/admin/exports/exportfile/{asked.pk}/file/")


def make(asked: ExportFile) -> str:
    return work_off(Job.objects.get(arguments__export=asked.code).pk)


def files() -> list[str]:
    return default_storage.listdir("exports")[1] if default_storage.exists("exports") else []


def test_a_large_export_is_a_job_that_holds_the_filter_and_no_keys(
    worker: User, asked: ExportFile, people: list[Resident]
) -> None:
    job = Job.objects.get()
    assert (job.kind, job.started_by, job.community) == (
        "export_list",
        worker,
        people[0].community,
    )
    assert job.arguments == {"export": asked.code}
    assert asked.query == "o=1"
    assert (asked.order["form"], asked.order["whole"]) == ("csv", False)
    assert not Disclosure.objects.exists(), "nothing has left"
    text = caller(worker).get(page(asked)).content.decode()
    assert "正在后台生成文件" in text
    assert f"/admin/jobs/job/{job.pk}/cancel/" in text
    assert not is_file(file(worker, asked))


def test_who_comes_under_the_filter_by_then_is_in_the_file_and_it_is_logged_once(
    worker: User, asked: ExportFile, community: Community
) -> None:
    gate.save(Resident(community=community, name="许后来", phone="13900000009"), by=SYSTEM)
    assert make(asked) == JobState.DONE
    job = Job.objects.get()
    assert (job.done, job.total, job.result) == (6, 6, "共 6 条，24 小时内可以下载。")
    assert job.link == page(asked)
    text = caller(worker).get(page(asked)).content.decode()
    assert "共 6 条" in text
    first, second = content(file(worker, asked)), content(file(worker, asked))
    assert first == second
    assert b"139****0009" in first
    assert "许后来".encode() not in first
    row = Disclosure.objects.get()
    assert (row.kind, row.rows, row.whole, row.door) == ("export", 6, False, "worker")
    assert (row.actor_name, row.details) == ("worker", "csv")


def test_a_small_one_and_one_of_chosen_rows_leave_at_once(
    worker: User, people: list[Resident]
) -> None:
    assert is_file(export(worker, f"{PEOPLE}?q=周若谷"))
    items = [row.pk for row in people]
    assert is_file(send(caller(worker), PEOPLE, export_items=items))
    assert not ExportFile.objects.exists()


def test_only_who_asked_gets_the_file(
    secretary: User, admin_user: User, other_worker: User, asked: ExportFile
) -> None:
    make(asked)
    for user in (secretary, admin_user, other_worker):
        assert file(user, asked).status_code == 403
        assert caller(user).get(page(asked)).status_code == 403
        assert asked.code not in caller(user).get("/admin/exports/exportfile/").content.decode()


def test_the_list_shows_ones_own(worker: User, asked: ExportFile) -> None:
    make(asked)
    text = caller(worker).get("/admin/exports/exportfile/").content.decode()
    assert f"/admin/exports/exportfile/{asked.pk}/file/" in text


def test_rights_are_asked_again_when_it_is_made(worker: User, asked: ExportFile) -> None:
    CommunityRole.objects.filter(user=worker).update(valid_to=timezone.localdate() - timedelta(1))
    assert make(asked) == JobState.FAILED
    assert Job.objects.get().error_code == "not_allowed"
    assert files() == []
    assert not Disclosure.objects.exists()


def test_rights_are_asked_again_when_it_is_fetched(worker: User, people: list[Resident]) -> None:
    export(worker, PEOPLE, form="xlsx", whole="on", reason=WHY)
    asked = ExportFile.objects.get()
    assert make(asked) == JobState.DONE
    assert Disclosure.objects.get().whole
    assert is_file(file(worker, asked))
    yesterday = timezone.localdate() - timedelta(1)
    CommunityRole.objects.filter(user=worker).update(valid_to=yesterday)
    other = CommunityRole(
        user=worker, role="worker", community=_another(people[0].community), valid_from=yesterday
    )
    gate.save(other, by=SYSTEM)
    answer = caller(User.objects.get(pk=worker.pk)).get(
        f"/admin/exports/exportfile/{asked.pk}/file/", follow=True
    )
    assert not is_file(answer)
    assert "权限有变化" in answer.content.decode()


def test_the_list_of_jobs_says_which_list_is_exported_and_nothing_of_its_filter(
    worker: User, people: list[Resident]
) -> None:
    send(caller(worker), f"{PEOPLE}?q=周若谷", columns=["name"])
    send(caller(worker), PEOPLE)
    job = Job.objects.get()
    assert names_of([job], worker) == {job.pk: "居民"}
    text = caller(worker).get("/admin/jobs/job/").content.decode()
    assert 'title="居民"' in text
    assert "周若谷" not in text
    ExportFile.objects.all().delete()
    assert names_of([job], worker) == {}


def _another(community: Community) -> Community:
    return gate.save(
        Community(code="xihe", name="西河社区", subdistrict=community.subdistrict), by=SYSTEM
    )


def test_nobody_else_retries_it_in_their_own_name(secretary: User, asked: ExportFile) -> None:
    job = Job.objects.get()
    jobs.cancel(job, by=SYSTEM)
    jobs.retry(job, by=Actor.of(secretary, "test"))
    assert make(asked) == JobState.FAILED
    assert Job.objects.get().error_code == "not_allowed"
    assert files() == []


def test_one_that_is_cancelled_leaves_nothing_and_can_be_retried(
    worker: User, asked: ExportFile
) -> None:
    job = Job.objects.get()
    jobs.cancel(job, by=Actor.of(worker, "test"))
    text = caller(worker).get(page(asked)).content.decode()
    assert "文件没有生成" in text
    assert files() == []
    jobs.retry(job, by=Actor.of(worker, "test"))
    assert make(asked) == JobState.DONE
    assert len(files()) == 1


def test_it_goes_after_a_day_file_and_filter_alike(
    worker: User, asked: ExportFile, community: Community
) -> None:
    make(asked)
    assert expire_exports.func() == 0
    ExportFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert file(worker, asked).status_code == 403, "expired before the routine comes"
    assert expire_exports.func() == 1
    assert (files(), ExportFile.objects.count()) == ([], 0)


def test_bytes_that_no_row_names_are_swept(worker: User, asked: ExportFile, settings: Any) -> None:
    make(asked)
    default_storage.save("exports/orphan", default_storage.open(files_path()))
    later = timezone.now() + timedelta(days=2)
    ExportFile.objects.update(expires_at=later + timedelta(days=1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tasks.timezone, "now", lambda: later)
        assert tasks.expire_exports.func() == 1
    assert len(files()) == 1


def files_path() -> str:
    return f"exports/{files()[0]}"


def test_who_may_not_export_asks_for_nothing(
    community: Community, resident_user: User, people: list[Resident]
) -> None:
    steward = user_with_role("guest", "mediator", community=community)
    for user in (steward, resident_user):
        assert export(user, PEOPLE).status_code in (302, 403)
    assert not ExportFile.objects.exists()
