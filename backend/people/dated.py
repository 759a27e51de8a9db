"""Rows with a term: what is said of somebody or something from a day until, perhaps, another."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils import timezone

from backend.core.models import KeptQuerySet


class TermQuerySet(KeptQuerySet):
    """Rows with a term."""

    def valid_on(self, day: date) -> Self:
        """Those whose term holds on `day`; both ends belong to it."""
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        )

    def held_by(self, user: Any) -> Self:
        """Those of `user` that hold today."""
        return self.valid_on(timezone.localdate()).filter(user=user)
