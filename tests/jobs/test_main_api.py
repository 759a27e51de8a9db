"""Jobs by the main API: seen by those who may, followed, cancelled and retried."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import JobProgress
from backend.core.roles import GRANTS, Role
from backend.jobs import actions
from backend.jobs.choices import JobState
from backend.jobs.models import Job
from backend.jobs.running import work_off
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import user_with_role
from tests.schema.asking import ask, caller, code, data, nodes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kinds")]
JOB = """
query Job($id: ID!) {
  job(id: $id) {
    kind title state stateLabel tries errorCode message result
    progress { done total phase perSecond secondsLeft }
    availableActions { name label }
  }
}
"""
CANCEL = "mutation($id: ID!) { cancelJob(input: {jobId: $id}) { errors { code } job { state } } }"
RETRY = "mutation($id: ID!) { retryJob(input: {jobId: $id}) { errors { code } job { state } } }"
LIST = """
query($filters: JobFilter) {
  jobs(first: 50, filters: $filters) { totalCount edges { node {
    kind state progress { done secondsLeft } availableActions { name } } } }
}
"""


@pytest.fixture
def job(community: Community) -> Job:
    return actions.start(
        "write_estates", community=community, by=SYSTEM, arguments={"names": ["a"]}
    )


def gid(job: Job) -> str:
    return to_base64("Job", job.pk)


def runs(job: Job, done: int, total: int, seconds: int) -> None:
    """As if a worker had been at it for so long."""
    began = timezone.now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=began)
    gate.note(
        JobProgress, {"key": job.lease_name}, {"done": done, "total": total, "phase": "write"}
    )


def test_a_running_job_says_how_far_it_is(worker: User, job: Job) -> None:
    runs(job, 400, 1000, 4)
    found = data(caller(worker), JOB, id=gid(job))["job"]
    assert (found["state"], found["stateLabel"], found["title"]) == (
        "RUNNING",
        "进行中",
        "登记小区",
    )
    progress = found["progress"]
    assert (progress["done"], progress["total"], progress["phase"]) == (400, 1000, "write")
    # Slower on a slow machine, never faster.
    assert 10 < progress["perSecond"] <= 100
    assert 6 <= progress["secondsLeft"] <= 60
    assert found["availableActions"] == [{"name": "cancel", "label": "取消任务"}]


def test_a_job_that_is_over_says_what_became_of_it(worker: User, community: Community) -> None:
    done = actions.start(
        "write_estates", community=community, by=SYSTEM, arguments={"names": ["a", "b"]}
    )
    broken = actions.start("write_and_fail", community=community, by=SYSTEM, arguments={})
    for job in (done, broken):
        work_off(job.pk)
    found = data(caller(worker), JOB, id=gid(done))["job"]
    assert (found["state"], found["result"], found["errorCode"]) == ("DONE", "登记了 2 个", None)
    assert found["progress"]["done"] == 2
    assert found["availableActions"] == []
    found = data(caller(worker), JOB, id=gid(broken))["job"]
    assert (found["state"], found["errorCode"]) == ("FAILED", "job_broken")
    assert found["availableActions"] == [{"name": "retry", "label": "重试"}]


def test_a_job_is_cancelled_and_retried(worker: User, job: Job) -> None:
    client = caller(worker)
    assert data(client, CANCEL, id=gid(job))["cancelJob"] == {
        "errors": [],
        "job": {"state": "CANCELLED"},
    }
    again = data(client, CANCEL, id=gid(job))["cancelJob"]
    assert again == {"errors": [{"code": "wrong_state"}], "job": None}
    assert data(client, RETRY, id=gid(job))["retryJob"]["job"] == {"state": "QUEUED"}


@pytest.mark.parametrize("who", ["other", "resident", "nobody"])
def test_another_communitys_job_does_not_exist(
    other_worker: User, resident_user: User, job: Job, who: str
) -> None:
    client = caller({"other": other_worker, "resident": resident_user, "nobody": None}[who])
    assert data(client, JOB, id=gid(job)) == {"job": None}
    found = data(client, "query($id: ID!) { node(id: $id) { id } }", id=gid(job))
    assert found == {"node": None}
    assert data(client, LIST)["jobs"] == {"totalCount": 0, "edges": []}
    missing = Job(pk=job.pk + 1000)
    for query, name in ((CANCEL, "cancelJob"), (RETRY, "retryJob")):
        refused = data(client, query, id=gid(job))[name]["errors"]
        assert refused == data(client, query, id=gid(missing))[name]["errors"]
        assert refused[0]["code"] in ("not_found", "not_allowed")
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.parametrize("role", [str(r) for r in Role if r != Role.OFFICE])
def test_each_role_sees_the_communitys_jobs_as_the_table_says(
    community: Community, job: Job, role: str
) -> None:
    if role == Role.INSTALLATION:
        user = User.objects.create_superuser("somebody")
    else:
        user = user_with_role("somebody", role, community=community)
    counted = data(caller(user), LIST)["jobs"]["totalCount"]
    assert bool(counted) == (role in GRANTS["jobs.see"])


def test_an_id_of_another_kind_is_no_job(worker: User, job: Job) -> None:
    wrong = to_base64("ImportBatch", job.pk)
    refused = data(caller(worker), CANCEL, id=wrong)["cancelJob"]["errors"]
    assert refused == [{"code": "not_found"}]
    assert Job.objects.get().state == JobState.QUEUED


def test_the_list_is_filtered(worker: User, community: Community, job: Job) -> None:
    own = actions.start(
        "write_and_fail", community=community, by=Actor.of(worker, "graphql"), arguments={}
    )
    actions.cancel(own, by=SYSTEM)
    client = caller(worker)
    for filters, kinds in (
        ({}, ["write_and_fail", "write_estates"]),
        ({"state": ["QUEUED"]}, ["write_estates"]),
        ({"kind": "write_and_fail"}, ["write_and_fail"]),
        ({"mine": True}, ["write_and_fail"]),
        ({"mine": False}, ["write_estates"]),
    ):
        found = data(client, LIST, filters=filters)["jobs"]
        assert [node["kind"] for node in nodes(found)] == kinds, filters


def test_nothing_personal_can_be_asked_for(worker: User, job: Job) -> None:
    for field in ("arguments", "token", "actorName", "worker"):
        refused = ask(caller(worker), f"{{ jobs {{ edges {{ node {{ {field} }} }} }} }}")
        assert code(refused) == "bad_request"


def test_many_running_jobs_take_as_many_statements_as_one(
    worker: User, community: Community, job: Job
) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            data(caller(worker), LIST)
        return len(captured)

    runs(job, 1, 2, 3)
    one = taken()
    for _ in range(5):
        more = actions.start("write_estates", community=community, by=SYSTEM, arguments={})
        runs(more, 1, 2, 3)
    assert taken() == one


def test_a_key_reaches_its_owners_jobs_only_if_it_names_them(
    community: Community, secretary: User
) -> None:
    by = Actor.of(secretary, "graphql")
    job = actions.start("write_estates", community=community, by=by, arguments={"names": ["a"]})
    actions.cancel(job, by=by)
    for named, sees, moves in (
        ({"places.see"}, False, False),
        ({"places.see", "jobs.see"}, True, False),
        ({"places.see", "jobs.move"}, False, True),
        ({"jobs.see", "jobs.move"}, True, True),
    ):
        program = User.objects.get(pk=secretary.pk)
        program.limited_to = frozenset(named)  # type: ignore[attr-defined]
        assert Job.objects.filter(Job.visible(program)).exists() == sees, named
        assert actions.may_move(job, Actor.of(program, "graphql")) == moves, named
        if not moves:
            with pytest.raises(RuleViolation):
                actions.retry(job, by=Actor.of(program, "graphql"))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert actions.may_move(job, by), "the control: in person"
