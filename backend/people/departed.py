"""Who of some people is no longer there: nothing new is entered for them."""

from collections.abc import Iterable

from django.db.models import Q

from backend.core.masking import ANONYMOUS
from backend.people.models import Resident


def departed(keys: Iterable[int | None]) -> tuple[frozenset[int], frozenset[int]]:
    """Those of these residents who have died, and those who were erased at their own wish."""
    named = frozenset(keys) - {None}
    if not named:
        return frozenset(), frozenset()
    erased = Q(name__startswith=ANONYMOUS)
    rows = Resident.objects.filter(Q(died_on__isnull=False) | erased, pk__among=named)
    found = list(rows.values_list("pk", "died_on", "name"))
    dead = frozenset(pk for pk, died_on, _ in found if died_on is not None)
    return dead, frozenset(pk for pk, _, name in found if name.startswith(ANONYMOUS))
