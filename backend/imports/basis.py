"""What a plan rests on, in short: if that is as it was, so is the plan.

A plan is made of a file, of what staff have said, and of what the database holds. The last is told
by a few figures of each table that the register looks at; any write through the gate changes one.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum


def basis_of(looked_at: Iterable[QuerySet[Any]]) -> str:
    """The figures of the rows that a plan rests on, as one short text.

    Rows come and go, or gain a revision: their number, the youngest key, the sum of the revisions
    and the time of the last write cannot all stay. Taken before the rows are read, so that what
    comes in between counts as changed.
    """
    told = []
    for rows in looked_at:
        figures = rows.order_by().aggregate(
            Count("pk"), Max("pk"), Sum("revision"), Max("updated_at")
        )
        told.append((rows.model._meta.label, *figures.values()))
    return hashlib.sha256(repr(told).encode()).hexdigest()
