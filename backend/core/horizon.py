"""Until when everything that was written can be seen: where a copy's next look must begin.

A row carries the moment at which it was written, and is seen when its transaction commits, which
may be later. So whoever asks for "changed since" must begin before the oldest transaction that is
still open, or would miss its rows for ever.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from backend.core.live import LATE_SECONDS

# Clocks of the machines, and the moment between looking at the clock and writing.
MARGIN = timedelta(seconds=60)
# Where nobody can say what is open: longer than the longest transaction, as in live.py.
BLIND = timedelta(seconds=LATE_SECONDS)
_OPEN = """
    SELECT min(xact_start), count(*) FILTER (WHERE state IS NULL OR state = 'disabled')
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> pg_backend_pid()
"""


def settled_until(now: datetime | None = None) -> datetime:
    """The moment before which nothing will be seen that is not seen now.

    One statement on PostgreSQL; on SQLite, which does not tell what is open, a safe time ago.
    """
    now = now or timezone.now()
    if connection.vendor != "postgresql":
        return now - BLIND
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        oldest, unknown = cursor.fetchone()
    if unknown:
        # Sessions of other roles, which this one may not look at.
        return now - BLIND
    return min(now, oldest or now) - MARGIN
