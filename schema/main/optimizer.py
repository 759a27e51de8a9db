"""The library's optimizer, for lists within lists."""

from typing import Any

from django.db.models import QuerySet
from strawberry_django.optimizer import DjangoOptimizerExtension


class Optimizer(DjangoOptimizerExtension):
    """A list in a list that has filters or an order of its own is asked anew for each row, by a query
    that still bears what was to be read beside it; the library would put the same beside it once
    more, and stumble over two prefetches of one name.
    """

    def optimize(self, qs: Any, info: Any, *, store: Any = None) -> QuerySet[Any]:
        """The query with what its selection needs, once."""
        if isinstance(qs, QuerySet) and qs._result_cache is None and info.path.prev is not None:
            qs = _without_named(qs)
        return super().optimize(qs, info, store=store)


def _without_named(rows: Any) -> Any:
    # What has a name of its own is there for a field, and the field will put it there again.
    found = rows._prefetch_related_lookups
    wanted = [one for one in found if not getattr(one, "to_attr", None)]
    return rows.prefetch_related(None).prefetch_related(*wanted)
