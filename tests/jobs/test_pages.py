"""The staff page of jobs: who sees which, what its buttons do, and that it refreshes itself."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django_tasks_db.models import DBTaskResult

from backend.core.access import SYSTEM, Actor
from backend.jobs import actions
from backend.jobs.choices import JobState
from backend.jobs.models import Job
from backend.jobs.running import work_off
from backend.people.models import User
from backend.places.models import Community
from tests.conftest import user_with_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kinds")]
LIST = "/admin/jobs/job/"


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def job(community: Community) -> Job:
    return actions.start(
        "write_estates", community=community, by=SYSTEM, arguments={"names": ["a"]}
    )


def page(user: User, address: str = LIST) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_staff_see_the_jobs_of_their_community(worker: User, job: Job) -> None:
    text = page(worker)
    assert "登记小区" in text
    assert "排队中" in text
    assert f'action="{LIST}{job.pk}/cancel/"' in text


def test_the_list_says_so_when_there_is_nothing(worker: User) -> None:
    assert "没有后台任务" in page(worker)
    assert "显示全部任务" in page(worker, f"{LIST}?state=failed")


def test_it_is_filtered_by_state(worker: User, community: Community, job: Job) -> None:
    other = actions.start("write_and_fail", community=community, by=SYSTEM, arguments={})
    work_off(other.pk)
    assert "登记后出错" in page(worker)
    assert "登记小区" not in page(worker, f"{LIST}?state=failed")
    assert "登记小区" in page(worker, f"{LIST}?state=nonsense")


@pytest.mark.parametrize("step", ["change", "box", "cancel", "retry"])
def test_another_communitys_job_does_not_exist(
    other_worker: User, resident_user: User, job: Job, step: str
) -> None:
    for user in (other_worker, resident_user, None):
        client = signed_in(user)
        ask = client.get if step in ("change", "box") else client.post
        refused = ask(f"{LIST}{job.pk}/{step}/")
        missing = ask(f"{LIST}{job.pk + 1000}/{step}/")
        assert refused.status_code == missing.status_code
        assert refused.status_code in (302, 403)
        if refused.status_code == 302:
            assert "login" in refused["Location"]
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "登记小区" not in page(other_worker)


def test_who_asked_for_a_job_sees_and_cancels_it_without_the_right_to_see_others(
    community: Community, job: Job
) -> None:
    steward = user_with_role("steward", "steward", community=community)
    assert signed_in(steward).get(LIST).status_code == 403
    own = actions.start(
        "write_and_fail", community=community, by=Actor.of(steward, "admin"), arguments={}
    )
    text = page(steward)
    assert "登记后出错" in text
    assert "登记小区" not in text
    signed_in(steward).post(f"{LIST}{job.pk}/cancel/")
    signed_in(steward).post(f"{LIST}{own.pk}/cancel/")
    assert [Job.objects.get(pk=pk).state for pk in (job.pk, own.pk)] == ["queued", "cancelled"]


def test_who_left_the_community_no_longer_sees_what_they_asked_for_there(
    community: Community, other_worker: User
) -> None:
    actions.start(
        "write_estates", community=community, by=Actor.of(other_worker, "admin"), arguments={}
    )
    assert "登记小区" not in page(other_worker)


def test_the_buttons_cancel_and_retry_and_lead_back(worker: User, job: Job) -> None:
    client = signed_in(worker)
    back = client.post(f"{LIST}{job.pk}/cancel/", {"back": f"{LIST}?state=queued"})
    assert back["Location"] == f"{LIST}?state=queued"
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, "worker")
    assert "由 worker 取消" in page(worker)
    client.post(f"{LIST}{job.pk}/retry/")
    job.refresh_from_db()
    assert (job.state, job.started_by) == (JobState.QUEUED, worker)
    refused = client.post(f"{LIST}{job.pk}/retry/", follow=True)
    assert "不能重试" in refused.content.decode()


def test_a_button_is_no_link_and_leads_to_no_other_site(worker: User, job: Job) -> None:
    client = signed_in(worker)
    assert client.get(f"{LIST}{job.pk}/cancel/").status_code == 403
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    back = client.post(f"{LIST}{job.pk}/cancel/", {"back": "https://evil.example/"})
    assert back["Location"] == LIST


def test_the_page_refreshes_itself_as_long_as_something_is_open(worker: User, job: Job) -> None:
    client = signed_in(worker)
    whole = client.get(LIST).content.decode()
    assert 'data-refresh="/admin/jobs/job/?state=&amp;page=1&amp;part=rows"' in whole
    assert '<noscript><meta http-equiv="refresh"' in whole
    part = client.get(f"{LIST}?part=rows")
    assert "<html" not in part.content.decode()
    assert part["X-Open-Jobs"] == "1"
    box = client.get(f"{LIST}{job.pk}/box/")
    assert box["X-Open-Jobs"] == "1"
    work_off(job.pk)
    assert client.get(f"{LIST}?part=rows")["X-Open-Jobs"] == "0"
    assert client.get(f"{LIST}{job.pk}/box/")["X-Open-Jobs"] == "0"
    assert "<noscript><meta" not in client.get(LIST).content.decode()


def test_a_jobs_own_page_says_what_became_of_it(
    worker: User, community: Community, job: Job
) -> None:
    work_off(job.pk)
    assert "登记了 1 个" in page(worker, f"{LIST}{job.pk}/change/")
    broken = actions.start("write_and_fail", community=community, by=SYSTEM, arguments={})
    work_off(broken.pk)
    text = page(worker, f"{LIST}{broken.pk}/change/")
    assert "job_broken" in text
    assert "张三" not in text


def test_the_list_takes_as_many_statements_for_many_as_for_one(
    worker: User, community: Community, job: Job, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(worker)
    for _ in range(8):
        actions.start("write_estates", community=community, by=SYSTEM, arguments={"names": []})
    Job.objects.update(state=JobState.RUNNING, started_at=job.queued_at)
    with django_assert_max_num_queries(8):
        client.get(f"{LIST}?part=rows")


def test_the_queues_own_page_is_gone() -> None:
    assert DBTaskResult not in admin.site._registry
