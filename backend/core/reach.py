"""What a model may say of who reaches its rows, beside roles, communities and own organizations."""

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
