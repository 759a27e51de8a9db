"""A worker in a process of its own that says how far it is, can be held there, and can be robbed of
a protection: `python -m tests.jobs.races.runner MARKS_FD OPTIONS COMMAND ARG…`.

Its kind of job, `write`, registers estates one by one; `naive` is the control: the same as a bare
task of the queue, each row committed at once. Every run of either uses other codes, so that what is
done twice is there twice.
"""

import json
import os
import secrets
import sys
import time
from typing import Any

import django
from django.core.management import execute_from_command_line
from django.db import transaction

django.setup()

from django.core.files.base import ContentFile  # noqa: E402  they need the apps
from django_tasks import task  # noqa: E402

from backend.core import gate, routines  # noqa: E402
from backend.core.access import COMMAND_LINE, SYSTEM, Actor  # noqa: E402
from backend.core.exporting.orders import ExportOrder  # noqa: E402
from backend.exports import actions as exports  # noqa: E402
from backend.imports import actions as imports  # noqa: E402
from backend.imports import tasks as import_jobs  # noqa: E402
from backend.imports.directing import Answered, Said, direct_import  # noqa: E402
from backend.imports.models import ImportBatch  # noqa: E402
from backend.imports.sheet import sheet_of  # noqa: E402
from backend.jobs import actions, leases, running  # noqa: E402
from backend.jobs.kinds import JobContext, job_kind  # noqa: E402
from backend.jobs.management.commands import worker  # noqa: E402
from backend.jobs.models import Job  # noqa: E402
from backend.people.models import Resident, User  # noqa: E402
from backend.places.models import Community, Estate  # noqa: E402

MARKS = int(sys.argv[1])
OPTIONS: dict[str, list[str]] = json.loads(sys.argv[2])
HOLD = set(OPTIONS["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there, the first time, if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        HOLD.discard(name)
        sys.stdin.readline()


def _write_estate(community_id: int | None) -> None:
    code = secrets.token_hex(8)
    gate.save(Estate(community_id=community_id, code=code, name=code), by=SYSTEM)


@job_kind("write", title="登记小区")
def write(context: JobContext) -> str:
    rows = context.arguments["rows"]
    for row in range(1, rows + 1):
        mark(f"row {row}")
        _write_estate(context.community_id)
        context.progress(row, rows, "write")
        time.sleep(context.arguments.get("pause", 0))
    mark("written")
    return f"登记了 {rows} 个"


@job_kind("deaf", title="不看信号的任务")
def deaf(context: JobContext) -> None:
    """Writes, and then neither says how far it is nor listens."""
    _write_estate(context.community_id)
    mark("deaf")
    time.sleep(600)


@task()
def naive(rows: int) -> None:
    """The control."""
    for row in range(1, rows + 1):
        mark(f"row {row}")
        _write_estate(Community.objects.get().pk)
    mark("written")


@task()
def race_routine() -> None:
    """Registers an estate, in one transaction, and may be held before it is committed."""
    with transaction.atomic():
        _write_estate(Community.objects.get().pk)
        mark("routine written")


if "RACE_ROUTINE" in os.environ:
    routines.daily(race_routine)


def watch() -> None:
    """Sets a mark where a job is claimed, where its end is written, and where it is all over."""
    claim, write_end, forget = running._claim, running._write_end, leases.forget

    def claimed(pk: int) -> Any:
        job = claim(pk)
        if job is not None:
            mark("claimed")
        return job

    def ended(*args: Any) -> bool:
        mark("ending")
        was_ours = write_end(*args)
        mark("ended")
        return was_ours

    def forgotten(name: str) -> None:
        mark("committed")
        forget(name)

    running._claim = claimed
    running._write_end = ended
    leases.forget = forgotten


def take_away(protection: str) -> None:
    """Works on without hearing that the job is another's, or without the look at the token."""
    match protection:
        case "listening":
            running.Pulse.obey = lambda self: None  # type: ignore[method-assign]
        case "token":

            def write_end(job: Job, pulse: Any, values: dict[str, Any]) -> bool:
                return bool(gate.change_notes(Job.objects.filter(pk=job.pk), **values))

            running._write_end = write_end
        case _:
            raise LookupError(protection)


def start(kind: str, rows: str, pause: str = "0", times: str = "1") -> None:
    """Starts jobs; prints their keys."""
    arguments = {"rows": int(rows), "pause": float(pause)}
    community = Community.objects.get()
    jobs = [
        actions.start(kind, community=community, by=COMMAND_LINE, arguments=arguments)
        for _ in range(int(times))
    ]
    print(json.dumps([job.pk for job in jobs]))


def import_large(file: str, event: str) -> None:
    """Uploads a sheet whose reading is a job; prints the batch's code."""
    sheet = sheet_of("attendance")
    with open(file, "rb") as content:
        upload = imports.Upload(ContentFile(content.read()), "large.xlsx", os.path.getsize(file))
    community = sheet.find_target(event).community
    batch = imports.receive(upload, sheet, community=community, by=COMMAND_LINE, target_code=event)
    import_jobs.plan_in_background(batch, by=COMMAND_LINE)
    print(json.dumps(batch.code))


def confirm_large(code: str) -> None:
    """Confirms a large import; prints the key of its job."""
    job = import_jobs.confirm(ImportBatch.objects.get(code=code), by=COMMAND_LINE)
    assert job is not None
    print(json.dumps(job.pk))


def export_large() -> None:
    """Asks for the roster's file; prints the key of its job."""
    user, _ = User.objects.get_or_create(username="exporter", is_superuser=True, is_staff=True)
    by = Actor.of(user, "admin")
    export = exports.make_later(Resident, "residence=all&o=1", ExportOrder(), by)
    job = exports.job_of(export)
    assert job is not None
    print(json.dumps(job.pk))


def answer_large(code: str, key: str, value: str) -> None:
    """Answers a question of a large import; prints the key of the job that plans it anew."""
    said = Said(answers=[Answered(key, value)])
    job = direct_import(ImportBatch.objects.get(code=code), said, by=COMMAND_LINE)
    assert job is not None
    print(json.dumps(job.pk))


def undo_large(code: str) -> None:
    """Takes a large import back; prints the key of its job."""
    job = import_jobs.take_back(ImportBatch.objects.get(code=code), by=COMMAND_LINE)
    assert isinstance(job, Job)
    print(json.dumps(job.pk))


def start_naive(rows: str) -> None:
    """Queues the control."""
    naive.enqueue(int(rows))


def cancel(pk: str) -> None:
    """Cancels a job, as another process would."""
    actions.cancel(Job.objects.get(pk=pk), by=COMMAND_LINE)


def retry(pk: str) -> None:
    """Queues a job anew, as another process would."""
    actions.retry(Job.objects.get(pk=pk), by=COMMAND_LINE)


def work() -> None:
    """The worker itself, looking about more often than it would."""
    worker.BEAT_SECONDS = 0.3
    worker.GRACE_SECONDS = float(os.environ.get("RACE_GRACE_SECONDS", worker.GRACE_SECONDS))
    running.PULSE_SECONDS = 0.2
    options = ("--interval", "0.1", "--no-startup-delay", "--no-reload")
    execute_from_command_line(["manage.py", "worker", *options])


if __name__ == "__main__":
    # The queue names its tasks by the module's name, and this one runs as __main__.
    sys.modules["tests.jobs.races.runner"] = sys.modules["__main__"]
    watch()
    for protection in OPTIONS["without"]:
        take_away(protection)
    verb, *args = sys.argv[3:]
    own = (start, import_large, confirm_large, answer_large, undo_large, export_large)
    own += (start_naive, cancel, retry, work)
    {verb.__name__: verb for verb in own}[verb](*args)
    mark("done")
