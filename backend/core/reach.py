"""What a model may say of who reaches its rows, beside roles, communities and own organizations."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q


class Reach:
    """The usual: nobody by an estate alone, and a mask for whoever sees a row."""

    # Whether who serves one estate writes its rows as well; the row names it by `estate`.
    by_estate: ClassVar[bool] = False

    @classmethod
    def untold(cls, user: Any) -> tuple[frozenset[str], Q] | None:
        """The personal fields of which `user` is not even shown a mask, and in which rows."""
        return None

    def unnamed(self, reader: Any) -> Mapping[int, str]:
        """The accounts whose names `reader` is not told in this record's history, each with what
        stands there instead: who acted on a record may be the very person whom it hides.
        """
        return {}
