"""Jobs are started, done, cancelled and retried; their row is the truth."""

import logging
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import JobProgress
from backend.jobs import actions, running
from backend.jobs.choices import JobState
from backend.jobs.models import Job, Lease
from backend.jobs.running import work_off
from backend.people.models import User
from backend.places.models import Community
from tests.jobs.conftest import estates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kinds")]


def started(community: Community, by: Actor, kind: str = "write_estates", **options: Any) -> Job:
    """A job that would write two estates."""
    return actions.start(
        kind, community=community, by=by, arguments={"names": ["a", "b"]}, **options
    )


def test_a_job_is_done_in_the_name_of_who_asked(
    community: Community, secretary: User, ran: list[str]
) -> None:
    job = started(community, Actor.of(secretary, "admin"), about=community)
    assert (job.state, job.title, job.door) == (JobState.QUEUED, "登记小区", "admin")
    assert work_off(job.pk) == JobState.DONE
    job.refresh_from_db()
    assert (job.state, job.result, job.tries) == (JobState.DONE, "登记了 2 个", 1)
    assert (job.done, job.total, job.phase) == (2, 2, "write")
    assert job.finished_at is not None
    assert ran == ["secretary"]
    assert estates() == ["a", "b"]
    assert not Lease.objects.exists()
    assert not JobProgress.objects.exists()


def test_a_job_is_done_once_however_often_the_queue_rings(
    community: Community, ran: list[str]
) -> None:
    job = started(community, SYSTEM)
    assert [work_off(job.pk), work_off(job.pk)] == [JobState.DONE, ""]
    assert ran == ["system"]


def test_the_queue_hears_of_a_job_once_its_row_is_committed(
    community: Community, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        job = started(community, SYSTEM)
    assert not DBTaskResult.objects.exists()
    for callback in callbacks:
        callback()
    assert DBTaskResult.objects.get().args_kwargs == {"args": [job.pk], "kwargs": {}}


def test_a_job_that_is_rolled_back_was_never_started(
    community: Community, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        started(community, SYSTEM)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_two_clicks_start_one_job_and_a_third_after_its_end_another(community: Community) -> None:
    first = started(community, SYSTEM, once_key="estates")
    assert started(community, SYSTEM, once_key="estates") == first
    assert started(community, SYSTEM, once_key="others") != first
    work_off(first.pk)
    assert started(community, SYSTEM, once_key="estates") != first


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("13812345678", "job_argument_personal"),
        (13812345678, "job_argument_personal"),
        ("tel:+8613812345678", "job_argument_personal"),
        ("0371-67890123", "job_argument_personal"),
        ("41010119900307123X", "job_argument_personal"),
        (["dr-1", {"phone": "13812345678"}], "job_argument_personal"),
        ("张三", "job_argument_not_code"),
        ("a b", "job_argument_not_code"),
        ("x" * 121, "job_argument_not_code"),
        (b"bytes", "job_argument_not_code"),
    ],
)
def test_refuses_arguments_that_tell_of_a_person(
    community: Community, value: Any, code: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        actions.start("write_estates", community=community, by=SYSTEM, arguments={"it": value})
    assert refused.value.code == code
    assert "138" not in refused.value.message
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "value", ["dr-73f4d070a3", "pf-2025", "2025-01-31T08:00:00+08:00", 7, 1.5, True, None, ["a"]]
)
def test_codes_dates_and_numbers_are_arguments(community: Community, value: Any) -> None:
    job = actions.start("write_estates", community=community, by=SYSTEM, arguments={"it": value})
    assert Job.objects.get(pk=job.pk).arguments == {"it": value}


def test_refuses_a_kind_that_nobody_knows(community: Community) -> None:
    with pytest.raises(RuleViolation) as refused:
        started(community, SYSTEM, "unheard_of")
    assert refused.value.code == "job_kind_unknown"
    assert not Job.objects.exists()


def test_an_error_leaves_nothing_but_a_code_and_says_nothing_of_its_text(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    job = started(community, SYSTEM, "write_and_fail")
    with caplog.at_level(logging.INFO):
        assert work_off(job.pk) == JobState.FAILED
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "job_broken")
    assert "没有写入任何内容" in job.message
    assert estates() == []
    assert "ValueError at conftest.py" in caplog.text
    for text in (job.message, caplog.text):
        assert "张三" not in text
        assert "138" not in text


def test_a_rule_that_is_broken_is_told_in_its_own_words(community: Community) -> None:
    job = started(community, SYSTEM, "write_and_refuse")
    work_off(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "event_not_open")
    assert job.message == "活动还没有开放报名。"
    assert estates() == []


def test_a_result_with_a_phone_is_not_kept(community: Community) -> None:
    job = started(community, SYSTEM, "tell_a_phone")
    work_off(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert "138" not in job.result


def test_a_waiting_job_is_cancelled_at_once(community: Community, secretary: User) -> None:
    job = started(community, SYSTEM)
    actions.cancel(job, by=Actor.of(secretary, "admin"))
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, "secretary")
    assert work_off(job.pk) == ""
    assert estates() == []


def test_a_job_cancelled_on_its_way_leaves_nothing(
    community: Community, secretary: User, on_the_way: list[Any]
) -> None:
    job = started(community, SYSTEM)
    on_the_way.append(lambda: actions.cancel(job, by=Actor.of(secretary, "admin")))
    assert work_off(job.pk) == JobState.CANCELLED
    job.refresh_from_db()
    assert (job.state, job.cancelled_by, job.done) == (JobState.CANCELLED, "secretary", 1)
    assert estates() == []
    assert not Lease.objects.exists()


def test_refuses_to_cancel_what_is_over_and_what_cannot_be_cancelled(community: Community) -> None:
    over, stubborn = started(community, SYSTEM), started(community, SYSTEM, "write_and_refuse")
    work_off(over.pk)
    for job, code in ((over, "wrong_state"), (stubborn, "job_not_cancellable")):
        before = Job.objects.filter(pk=job.pk).values().get()
        with pytest.raises(RuleViolation) as refused:
            actions.cancel(job, by=SYSTEM)
        assert refused.value.code == code
        assert Job.objects.filter(pk=job.pk).values().get() == before
    assert not Lease.objects.exists()


def test_a_cancelled_job_is_done_when_somebody_wants_it_again(
    community: Community, secretary: User, ran: list[str], on_the_way: list[Any]
) -> None:
    job = started(community, SYSTEM)
    on_the_way.append(lambda: actions.cancel(job, by=SYSTEM))
    work_off(job.pk)
    actions.retry(job, by=Actor.of(secretary, "graphql"))
    job.refresh_from_db()
    assert (job.state, job.tries, job.cancelled_by) == (JobState.QUEUED, 0, "")
    assert work_off(job.pk) == JobState.DONE
    assert ran == ["secretary"], "in the name of who wanted it again"
    assert estates() == ["a", "b"]


def test_who_is_later_to_retry_leaves_the_new_workers_lease_alone(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = started(community, SYSTEM, "write_and_refuse")
    work_off(job.pk)
    asked = actions.rules.can_retry

    def slowly(state: str, label: str) -> None:
        asked(state, label)
        # Meanwhile another one has retried it, and a worker has begun.
        monkeypatch.setattr(actions.rules, "can_retry", asked)
        actions.retry(Job.objects.get(pk=job.pk), by=SYSTEM)
        running._claim(job.pk)

    monkeypatch.setattr(actions.rules, "can_retry", slowly)
    assert actions.retry(job, by=SYSTEM).state == JobState.RUNNING
    assert Lease.objects.get(name=job.lease_name).token == job.token != ""


def test_refuses_to_retry_what_waits_or_is_done(community: Community) -> None:
    job = started(community, SYSTEM)
    for _ in range(2):
        before = Job.objects.values().get()
        with pytest.raises(RuleViolation) as refused:
            actions.retry(job, by=SYSTEM)
        assert refused.value.code == "wrong_state"
        assert Job.objects.values().get() == before
        work_off(job.pk)


def test_a_job_that_another_worker_has_taken_over_cannot_be_finished(
    community: Community, on_the_way: list[Any], ran: list[str]
) -> None:
    job = started(community, SYSTEM)
    on_the_way.append(lambda: Job.objects.filter(pk=job.pk).update(token="another's"))
    assert work_off(job.pk) == ""
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert estates() == [], "what the first one wrote is rolled back"
    assert ran == ["system"], "it had come to its end"


def test_a_worker_that_stops_hands_its_job_back_and_no_try_is_counted(
    community: Community, on_the_way: list[Any]
) -> None:
    job = started(community, SYSTEM)
    on_the_way.append(running.stopping.set)
    try:
        assert work_off(job.pk) == JobState.QUEUED
    finally:
        running.stopping.clear()
    job.refresh_from_db()
    assert (job.state, job.tries, job.token) == (JobState.QUEUED, 0, "")
    assert estates() == []
    assert DBTaskResult.objects.count() == 1, "the queue is told again"
    assert work_off(job.pk) == JobState.DONE


def test_the_rights_are_those_of_the_hour_of_the_work(community: Community, worker: User) -> None:
    job = started(community, Actor.of(worker, "admin"))
    assert work_off(job.pk) == JobState.FAILED
    job.refresh_from_db()
    assert job.error_code == "not_allowed", "a worker may not register estates"
    assert estates() == []


def test_a_limited_key_stays_limited_in_the_background(
    community: Community, secretary: User
) -> None:
    secretary.limited_to = frozenset({"imports.edit"})  # type: ignore[attr-defined]
    job = started(community, Actor.of(secretary, "key"))
    del secretary.limited_to  # type: ignore[attr-defined]
    work_off(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "not_allowed")
    assert estates() == []


def test_somebody_who_left_does_nothing_any_more(community: Community, secretary: User) -> None:
    job = started(community, Actor.of(secretary, "admin"))
    User.objects.update(is_active=False)
    work_off(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "not_allowed")
    assert estates() == []
