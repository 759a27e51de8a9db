"""The numbers beside the lines of the sidebar: counted again when something was written.

Building the question costs more than answering it, and the sidebar stands on every page: so the
answer is kept until the next change set, and never longer than a minute, for days pass too.
"""

from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet

from backend.core.access import standing
from backend.core.desk.asking import KEPT_SECONDS, told
from backend.core.desk.together import first_rows, word
from backend.core.desk.waiting import Tally, counting, counts, kind_of
from backend.core.models import ChangeSet

LATEST = "latest"


def counts_for(user: Any) -> dict[str, Tally]:
    """As `counts`: one statement while nothing was written, two after that.

    Numbers alone are kept.
    """
    # No kind of these is an organization's work: that would take a statement more on each page.
    stands = standing(user, own=False)
    rows = told("fresh", stands, lambda: [_latest(), *counting(user, noted=False)])
    numbers = {code: counted for code, *counted in rows}
    latest = numbers.pop(LATEST, None)
    fresh = {code: Tally(*counted) for code, counted in numbers.items()}
    key = f"desk-counts-{user.pk}-{int(user.is_superuser)}-{latest and latest[0]}"
    known: dict[str, Tally] | None = cache.get(key)
    if known is None:
        known = counts(user, noted=True)
        cache.set(key, known, KEPT_SECONDS)
    return known | fresh


def _latest() -> QuerySet[Any]:
    """The number of the last change set, as a part of the statement that counts."""
    last = first_rows(ChangeSet.objects.all(), ["-pk"], 1).values(desk_code=word(LATEST))
    return last.annotate(
        desk_count=Max("pk"), desk_late=Count("pk"), desk_soon=Count("pk")
    ).values_list("desk_code", "desk_count", "desk_late", "desk_soon")


def waits_by_model(user: Any) -> dict[str, tuple[int, int]]:
    """What waits and what is late, by the label of the model beside whose line it stands."""
    found: dict[str, tuple[int, int]] = {}
    for code, tally in counts_for(user).items():
        kind = kind_of(code)
        if kind is not None and tally.waits:
            label = kind.stands_beside
            before = found.get(label, (0, 0))
            found[label] = (before[0] + tally.waits, before[1] + tally.late)
    return found
