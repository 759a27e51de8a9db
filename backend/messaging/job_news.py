"""Who has handed work to the background is told when it is over, unless they could watch it end."""

from datetime import timedelta

from backend.jobs.choices import JobState
from backend.jobs.endings import when_over
from backend.jobs.models import Job
from backend.messaging.actions import Recipient, tell

# Shorter work ends before its page is left.
LONG = timedelta(seconds=30)


@when_over
def tell_of_a_job(job: Job) -> None:
    """Writes to the starter's inbox, in the transaction that ends the job."""
    if job.started_by is None or job.community is None or job.state == JobState.CANCELLED:
        return
    ended = job.finished_at or job.updated_at
    if job.state == JobState.DONE and ended - job.queued_at < LONG:
        return
    tell(
        [Recipient(user=job.started_by)],
        "job_finished",
        {"job_title": job.title, "outcome": job.message or job.get_state_display()},
        community=job.community,
        once_key=f"job {job.pk} over after try {job.tries}",
    )
