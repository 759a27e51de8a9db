"""The numbers beside the lines of the sidebar: counted again when something was written.

Building the question costs more than answering it, and the sidebar stands on every page: so the
answer is kept until the next change set, and never longer than a minute, for days pass too.
"""

from typing import Any

from django.core.cache import cache
from django.db.models import Max

from backend.core.desk.waiting import Tally, counts, kind_of
from backend.core.models import ChangeSet

KEPT_SECONDS = 60


def counts_for(user: Any) -> dict[str, Tally]:
    """As `counts`: two statements while nothing was written, three after that.

    Numbers alone are kept.
    """
    latest = ChangeSet.objects.aggregate(latest=Max("pk"))["latest"]
    key = f"desk-counts-{user.pk}-{int(user.is_superuser)}-{latest}"
    known: dict[str, Tally] | None = cache.get(key)
    if known is None:
        known = counts(user, noted=True)
        cache.set(key, known, KEPT_SECONDS)
    return known | counts(user, noted=False)


def waits_by_model(user: Any) -> dict[str, tuple[int, int]]:
    """What waits and what is late, by the label of the model on whose list it stands."""
    found: dict[str, tuple[int, int]] = {}
    for code, tally in counts_for(user).items():
        kind = kind_of(code)
        if kind is not None and tally.waits:
            label = kind.model._meta.label
            before = found.get(label, (0, 0))
            found[label] = (before[0] + tally.waits, before[1] + tally.late)
    return found
