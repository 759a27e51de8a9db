"""A rehearsal: a verb is carried out to see what would come of it, and taken back at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import router, transaction

from backend.core.models import ChangeSet


@contextmanager
def rehearsal(is_one: bool = True) -> Iterator[None]:
    """Whatever is written within is taken back at the end; with `is_one` false, it stays.

    Rules, rights and counts are those of the verb itself, for it is the verb that runs. What waits
    for the commit (messages to phones, wake-ups of workers) never happens.
    """
    if not is_one:
        yield
        return
    database = router.db_for_write(ChangeSet)
    with transaction.atomic(using=database):
        yield
        transaction.set_rollback(True, using=database)
