"""Background work of messages."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from backend.core.routines import daily, every
from backend.messaging import sending


@every(timedelta(seconds=30))
@task()
def send_due_messages() -> int:
    """Sends what is due; answers how many messages went out."""
    sent = sending.send_due()
    if sending.due().exists():
        # The rest after whatever else is waiting for the worker.
        nudge()
    return sent


@daily
@task()
def tidy_outbox() -> int:
    """Deletes old files of the file channel, closes codes that were never sent; answers how many."""
    sending.close_interrupted_secrets()
    oldest = timezone.localdate() - timedelta(days=settings.OUTBOX_KEPT_DAYS)
    old = [
        path
        for path in Path(settings.OUTBOX_DIR).glob("*.jsonl")
        if path.stem < f"{oldest:%Y-%m-%d}"
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def nudge() -> None:
    """Asks the worker to send now, and not at its next round."""
    send_due_messages.enqueue()
