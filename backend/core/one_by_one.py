"""Reading large rows one at a time."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def one_by_one(rows: QuerySet[M]) -> Iterator[M]:
    """Each row by a query of its own: for few rows, each of them large.

    Not `.iterator()`: its server-side cursor would outlive an error that ends the transaction.
    """
    for pk in list(rows.values_list("pk", flat=True)):
        yield rows.get(pk=pk)
