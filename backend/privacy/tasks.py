"""Background work on personal data."""

from datetime import timedelta

from django_tasks import task

from backend.core.routines import daily, every
from backend.privacy.erasing import finish_removals
from backend.privacy.retention import let_go


@daily
@task()
def let_go_of_people() -> int:
    """Makes anonymous what has been kept long enough; answers how many rows."""
    return let_go()


@every(timedelta(minutes=10))
@task()
def remove_erased_files() -> int:
    """Finishes what an erasure could not: a process may be killed between commit and deletion."""
    return finish_removals()
